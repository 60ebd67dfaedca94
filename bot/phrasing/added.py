"""What a replacement says beside its message: it may name the things of the original, and say nothing of its own."""

from collections.abc import Collection, Sequence

from bot.core.lessons import GuideRow
from bot.phrasing.alignment import POINT_LINKS, alike, is_content, stands_in
from bot.phrasing.cues import NEGATORS
from bot.phrasing.promises import is_promise
from bot.phrasing.wording import Word, Wording, stem

_NO_THINGS = frozenset(map(stem, "cost costs price charge extra".split()))
"""Names of things that are an offer by themselves: "at no cost" is no particular of a claim."""

_ARTICLES = frozenset("a an the this that these those".split())
_LEADING = frozenset(
    """in on at for of to with by from about into onto over under via during through across among between toward towards
    like as per your our my his her its their each every all any both such even before after until including incl one
    besides""".split()
)
"""Words that lead to the name of a thing, and say nothing without one."""
_EASY = frozenset("also then now next here too elsewhere likewise imo imho tbh fyi btw".split())
_OWN = frozenset(
    "each every all any both one our my even before after until now next then imo imho tbh fyi btw".split()
)
"""Words of these kinds that must be the original's, since they enlarge, narrow or date what is said."""
_CONDITIONALS = frozenset("would could".split())
_OBJECTS = frozenset("it them us me him the a an your our their any every this these those nothing".split())
"""What follows a verb sooner than the name of a thing."""
_AMBIGUOUS = frozenset("may will it us are am".split())
"""Function words that are a name with a capital: "May", "IT", "US", the "R" of "R&D"."""
_EXCEPT = frozenset("except excluding excl minus besides outside".split())
_CLAIMED_SHARE = 0.6
_REACH = 4
"""Words from an article or a preposition to the noun that it leads to."""


def added_fault(
    after: Wording, added: Sequence[int], kept: Collection[int], before: Wording, rows: Sequence[GuideRow]
) -> str | None:
    """Says in a few words what of the words of `after` with the numbers `added` must not be there, None if nothing.

    Args:
        after: the replacement.
        added: numbers of the words that are neither the message nor a clause of the original.
        kept: numbers of the words that are a clause of the original.
        before: the original.
        rows: the guide's rows.
    """
    reading = _Added(after, frozenset(added), kept, before)
    for i in added:
        word = after.words[i]
        if word.form in _CONDITIONALS and not _CONDITIONALS.isdisjoint(before.forms):
            continue
        if reading.fits(i) and not reading.is_denied(word):
            continue
        known = word.form in _LEADING or not is_content(word)
        if fault := f"it brings in \u201c{word.form}\u201d" if known else reading.content_fault(i):
            return fault
    return _claimed_fault([after.words[i] for i in added], rows)


class _Added:
    """The words that a replacement adds to its message."""

    def __init__(self, after: Wording, added: Collection[int], kept: Collection[int], before: Wording) -> None:
        self._after = after
        self._words = after.words
        self._added = added
        self._kept = kept
        self._original = before
        self._before = frozenset(before.forms)
        self._stems = {word.stem for word in before.words if is_content(word)}
        self._linked = {b.form for a, b in zip(before.words, before.words[1:], strict=False) if a.form in ("and", "or")}

    def content_fault(self, i: int) -> str | None:
        """A content word must be the original's, and part of the name of a thing there."""
        word = self._words[i]
        if word.form[0].isdigit():
            return None
        if word.stem not in self._stems:
            return f"it brings in \u201c{word.form}\u201d"
        if is_promise(word) or word.stem in _NO_THINGS:
            return f"it promises \u201c{word.form}\u201d"
        if self.is_denied(word):
            return f"it keeps \u201c{word.form}\u201d without its negation"
        return None if self._names_thing(i) else f"it keeps \u201c{word.form}\u201d of the claim"

    def fits(self, i: int) -> bool:
        """Whether a word only fits the message to its place."""
        word = self._words[i]
        if word.form in _OWN and word.form not in self._before:
            return False
        if word.form in _EASY:
            return i == 0 or self._words[i - 1].form not in NEGATORS
        if word.form in _ARTICLES or self._is_name(i):
            return True
        if word.form == "included":
            return i > 0 and i - 1 in self._added
        if word.form == "as" and self._after.forms[i + 1 : i + 2] in (("a",), ("an",)):
            return False  # "as an open standard" says what the thing is.
        if word.form in _LEADING:
            return self._leads(i) or self._is_owned(i)
        if word.form in POINT_LINKS and (i == 0 or _breaks(word)):
            return True
        return word.form in ("and", "or") and self._is_linked(i)

    def _is_linked(self, i: int) -> bool:
        return i + 1 in self._added and self._words[i + 1].form in self._linked

    def _is_owned(self, i: int) -> bool:
        """Whether the original, too, says "your" or "our" of what the message names there."""
        owner = self._words[i].form
        pairs = zip(self._original.words, self._original.words[1:], strict=False)
        return (
            owner in ("your", "our")
            and i + 1 < len(self._words)
            and any(word.form == owner and alike(noun.stem, self._words[i + 1].stem) for word, noun in pairs)
        )

    def _leads(self, i: int) -> bool:
        """Whether an added name of a thing follows, with nothing of the message before it."""
        for n in range(i + 1, min(i + _REACH + 2, len(self._words))):
            word = self._words[n]
            if is_content(word) or self._is_name(n):
                return n in self._added
            if n in self._kept:
                return True
            if word.form not in _ARTICLES | _LEADING:
                return False
        return False

    def _is_name(self, i: int) -> bool:
        """Whether a word is a name, or a unit that is written together with its number."""
        word = self._words[i]
        if i and not word.gap and self._words[i - 1].form[0].isdigit():
            return True
        written = self._after.text[word.start : word.end]
        if i == 0 or not written[0].isupper() or written not in self._original.text:
            return False
        if is_promise(word):
            return not written.isupper() and any(self._is_raised(n) for n in (i - 1, i + 1))
        return is_content(word) or word.form in _AMBIGUOUS

    def _is_raised(self, i: int) -> bool:
        return 0 < i < len(self._words) and self._after.text[self._words[i].start].isupper()

    def is_denied(self, word: Word) -> bool:
        """Whether the original says this of what it leaves out: "but not for Leeds", "without Okta"."""
        for n, other in enumerate(self._original.words):
            if other.stem != word.stem:
                continue
            while n and (i := n - 1) >= 0:
                near = self._original.words[i]
                if near.form in NEGATORS | _EXCEPT:
                    return self._original.forms[n] != "even"
                raised = self._original.text[near.start].isupper() or near.form[0].isdigit()
                if (near.form not in _ARTICLES | _LEADING and not raised) or _breaks(self._original.words[n]):
                    break
                n = i
        return False

    def _names_thing(self, i: int) -> bool:
        """Whether a word is a name, or stands behind an article or a preposition as the name of a thing does."""
        words = self._words
        following = words[i + 1] if i + 1 < len(words) else None
        if following and following.form in _OBJECTS and not _breaks(following):
            return False
        for n in range(i, max(-1, i - _REACH), -1):
            word = words[n]
            if n < i and (word.form in _ARTICLES | _LEADING or word.form[0].isdigit()):
                return True
            if n < i and not is_content(word) and not self._is_name(n) and word.form not in ("and", "or"):
                return False
            if _breaks(word):
                return False
        return i == 0


def _claimed_fault(added: Sequence[Word], rows: Sequence[GuideRow]) -> str | None:
    """Two or more words, and most, of those that only a don't-say has: the claim is made in other grammar."""
    stems = {word.stem for word in added}
    for row in rows:
        said = {word.stem for word in Wording(row.say).words}
        claim = Wording(row.dont_say)
        own = {
            word.stem
            for i, word in enumerate(claim.words)
            if is_content(word) and word.form.isalpha() and not (i and claim.text[word.start].isupper())
        }
        own = {each for each in own if not stands_in(each, said)}
        kept = sum(each in stems for each in own)
        if kept > 1 and kept >= _CLAIMED_SHARE * len(own):
            return "it keeps the words of the claim"
    return None


def _breaks(word: Word) -> bool:
    """Whether punctuation sets the word apart from the one before it."""
    return any(mark in word.gap for mark in ",;:.?!()\u2014")
