"""Whether a sentence of an answer stands on the lessons: what it brings in, and what may be said without a citation."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from bot.knowledge.lexical import stems

_LINK = re.compile(
    r"\w+://\S+|\bwww\.\S+|\S+@\S+|[\w-]+\[\.\]\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:[/?]\S*)?", re.IGNORECASE
)
_NAMED = re.compile(r"[A-Z]\w*\.[A-Z]\w*")
_MARKUP = re.compile(r"<[A-Za-z/!?]|\]\(|```|!\[|\{\s*\"|\"\s*:\s*\"|\}\s*\]")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|^#{1,6}\s+|`")
_STRAY = re.compile(r"(?<=[.!?])\s+[.!?]+\Z")
_FIGURE = re.compile(r"\d+(?:[.,:/]\d+)*")
_LIST_MARK = re.compile(r"\s*\d{1,2}[.)]\s")
_MARK = re.compile(r"\s*\[\d{1,4}(?:\s*,\s*\d{1,4})*\]")
_WORD = re.compile(r"[^\W_]+")
_VERDICT = re.compile(
    r"(?:yes|no|neither|both|either|correct|right|exactly|partly|in part|sometimes|rarely|it depends|that depends"
    r"|not (?:quite|really|directly|entirely|exactly|always|necessarily|reliably|by itself|yet))[.,!:;]*",
    re.IGNORECASE,
)
_ON_COVERAGE = re.compile(
    r"(?:however, |but )?(?:the |these |none of the )?(?:lessons?|passages?|guide)(?: here)? "
    r"(?:(?:do(?:es)? not|don['\u2019]t|doesn['\u2019]t) (?:cover|say|answer|mention|give|tell|state|name|list|address)"
    r"|(?:give|say|name|state|set|mention)s? (?:no|nothing))(?P<rest>[^,;:\u2013\u2014]*)",
    re.IGNORECASE,
)
_RESTATED = 0.8
"""Share of an uncited sentence's stems that the cited lines hold: then it says nothing new."""
_SECRET_WORDS = 8
"""Words in a row from the system prompt that are no coincidence."""


def plain(text: str) -> str:
    """What a reader may see of a model's text: no invisible character, no marks of its own, no emphasis."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    seen = "".join(char for char in whole if char in "\t\n" or _is_seen(char))
    while (without := _MARK.sub("", seen)) != seen:
        seen = without
    return _STRAY.sub("", _EMPHASIS.sub("", seen.strip()).strip())


def _is_seen(char: str) -> bool:
    is_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return char != "\N{REPLACEMENT CHARACTER}" and unicodedata.category(char)[0] != "C" and not is_selector


def brings_in(sentence: str, passages: Iterable[str]) -> str | None:
    """Says what the sentence has that no answer may have, or none of `passages` has: markup; a link, a figure."""
    known = "\n".join(passages)
    if _MARKUP.search(sentence):
        return "markup"
    if set(_links(sentence)) - set(_links(known)):
        return "a link"
    told = _LIST_MARK.sub("", sentence, count=1) if _LIST_MARK.match(sentence) else sentence
    if set(_FIGURE.findall(told)) - set(_FIGURE.findall(known)):
        return "a figure"
    return None


def _links(text: str) -> Iterator[str]:
    for link in _LINK.findall(text):
        if not _NAMED.fullmatch(link):
            yield link.lower().strip(".,;:!?()\"'\u201c\u201d")


def is_verdict(sentence: str) -> bool:
    """Whether it only says yes or no, or the like."""
    return _VERDICT.fullmatch(sentence.strip()) is not None


def restates(sentence: str, lines: Iterable[str], question: str) -> bool:
    """Whether a sentence without a citation says no more than the cited lines, or only what the lessons do not say."""
    held = {stem for line in lines for stem in stems(line)}
    on_coverage = _ON_COVERAGE.match(sentence)
    if on_coverage:
        sentence = on_coverage["rest"] if not sentence[on_coverage.end() :].strip(" .!") else sentence
        held.update(stems(question))
    said = stems(sentence)
    return sum(stem in held for stem in said) >= _RESTATED * len(said) and bool(said or on_coverage)


class Secret:
    """The system prompt, which no answer may repeat."""

    def __init__(self, prompt: str, sent: str) -> None:
        self._runs = frozenset(_runs(prompt)) - frozenset(_runs(sent))
        self._last = ""

    def is_told(self, text: str) -> bool:
        """Whether `text`, behind what was released last, repeats words in a row of the prompt."""
        return any(run in self._runs for run in _runs(f"{self._last} {text}"))

    def released(self, text: str) -> None:
        """Remembers the end of what was released: a repetition may go on over several sentences."""
        self._last = " ".join(f"{self._last} {text}".split()[-_SECRET_WORDS:])


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of `_SECRET_WORDS` words."""
    words = _WORD.findall(text.lower())
    return zip(*(words[start:] for start in range(_SECRET_WORDS)), strict=False)
