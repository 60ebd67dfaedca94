"""The words of a sentence as they are compared: contractions opened, spelling marks levelled, stems, clauses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import Stemmer

_LEVELLED = str.maketrans(
    {mark: "'" for mark in "\u2018\u2019\u02bc\u00b4`"} | {mark: '"' for mark in "\u201c\u201d\u201e\u00ab\u00bb"}
)
_WORD = re.compile(r"\d+(?:[.,:]\d+)*%?|[^\W\d_]+(?:'[^\W\d_]+)*")

_OPENED = {
    "'ll": ("will",),
    "'re": ("are",),
    "'ve": ("have",),
    "'m": ("am",),
    "'d": ("would",),
}
_IS = frozenset("it that there here what who he she where how this everything everyone nothing".split())
_IRREGULAR = {
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
    "ain't": ("is", "not"),
    "let's": ("let", "us"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "u": ("you",),
    "ur": ("your",),
    "r": ("are",),
    "tho": ("though",),
    "ull": ("you", "will"),
    "youll": ("you", "will"),
    "theyll": ("they", "will"),
    "itll": ("it", "will"),
}
_AUXILIARIES = "is are was were do does did has have had would could should must need".split()
_BARE_NOT = {f"{verb}nt": (verb, "not") for verb in _AUXILIARIES} | {"cant": ("can", "not"), "wont": ("will", "not")}

FUNCTION_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being but by can could did do does
    doing done each for from get gets got had has have having he her here him his how i if in into is it its just let
    lets may me might more most must my no nor not of off on once one only or other our out over own shall she should
    so some such than that the their them then there these they this those through to too under until up us very was
    we were what when where which while who whom why will with would you your yours ours really simply actually
    already even still ever never always every""".split()
)
"""English words that say little about what a claim is about; most of a sentence's grammar hangs on them."""

_STRONG = frozenset(";:()[]\u2013\u2014|?!")
_OPENERS = frozenset(
    "but so because since although though while whereas unless until if when which who whereupon as".split()
)
_RESUMING = frozenset("is are was were can could will would does do did has have had should must may might".split())
"""After a comma these take up the clause before an insertion: "nobody, support included, can …"."""
_INSERTION = 4
"""Words that an insertion between two commas has at most."""
_SUBJECTS = frozenset("i we you they it he she there that this nothing nobody none no".split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is compared.

    `form` is lower case with contractions opened ("we'll" is two words), `stem` its Porter 2 stem; `start` and
    `end` are the place in the text of what it was read from, `gap` the levelled text between it and the word
    before.
    """

    form: str
    stem: str
    start: int
    end: int
    gap: str


class Wording:
    """A text as words. Equal `forms` mean the same wording: case, quotes, hyphens and punctuation do not count."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = tuple(_words(text))

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The words' forms in order."""
        return tuple(word.form for word in self.words)

    @cached_property
    def tail(self) -> str:
        """What follows the last word: end punctuation, closing quotes."""
        return self.text[self.words[-1].end if self.words else 0 :].translate(_LEVELLED).strip()

    @cached_property
    def clauses(self) -> tuple[range, ...]:
        """The runs of words that make clauses, by punctuation and conjunctions: a reading, not a parse.

        "and" and "or" start a clause only before a subject of its own ("and we …"), "that" never does.
        """
        starts = [0]
        for i, word in enumerate(self.words):
            if i == 0:
                continue
            following = self.forms[i + 1] if i + 1 < len(self.words) else ""
            mark = any(sign in _STRONG for sign in word.gap) or " - " in word.gap
            joined = word.form in ("and", "or", "then") and following in _SUBJECTS
            if "," in word.gap and word.form in _RESUMING and len(starts) > 1 and i - starts[-1] <= _INSERTION:
                starts.pop()
            weak = (
                word.form in ("as", "so") and "," not in word.gap and (word.form == "as" or following not in _SUBJECTS)
            )
            opener = word.form in _OPENERS and not weak and self.forms[i - 1] != "not"
            comma = "," in word.gap and i - starts[-1] > 1 and word.form not in _RESUMING
            if mark or joined or opener or comma:
                starts.append(i)
        return tuple(range(a, b) for a, b in zip(starts, [*starts[1:], len(self.words)], strict=True) if b > a)

    def slice(self, words: range) -> str:
        """The text of a run of words, as written."""
        return self.text[self.words[words.start].start : self.words[words.stop - 1].end]


def find_run(wanted: Sequence[str], forms: Sequence[str], start: int = 0) -> int:
    """Gives where `wanted` stands in `forms` as a run, from `start` on, or -1. An empty `wanted` stands nowhere."""
    if not wanted:
        return -1
    wanted = tuple(wanted)
    forms = tuple(forms)
    for i in range(start, len(forms) - len(wanted) + 1):
        if forms[i] == wanted[0] and forms[i : i + len(wanted)] == wanted:
            return i
    return -1


@lru_cache(maxsize=50_000)
def stem(form: str) -> str:
    """Gives the Porter 2 stem of a lower-case word."""
    return str(_stemmer().stemWord(form))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def _words(text: str) -> Iterator[Word]:
    levelled = text.translate(_LEVELLED)
    end = 0
    for found in _WORD.finditer(levelled):
        gap = levelled[end : found.start()]
        for form in _opened(found[0].lower(), text[found.start() : found.end()]):
            yield Word(form=form, stem=stem(form), start=found.start(), end=found.end(), gap=gap)
            gap = ""
        end = found.end()


def _opened(word: str, written: str) -> tuple[str, ...]:
    """The words that one written word stands for."""
    if written.isupper() and len(written) > 1 and "'" not in written:
        return (word,)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _BARE_NOT:
        return _BARE_NOT[word]
    if word.endswith("n't") and len(word) > 3:
        return (word[:-3], "not")
    head, mark, tail = word.rpartition("'")
    if mark and head:
        if opened := _OPENED.get(mark + tail):
            return (head, *opened)
        if tail == "s":
            return (head, "is") if head in _IS else (head,)
    return (word.replace("'", ""),)
