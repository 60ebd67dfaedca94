"""A term linter's terms from a guide, as a docs team would write them: each don't-say, and the phrases in it.

Only the guide is looked at. A phrase is two neighbouring content words, in any of their forms, with up to `BETWEEN`
words in between, or more where the don't-say has more: `train the model`, `trained your own models`. A phrase that the
guide's own do-says use is no term, since the linter would then object to what it recommends.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.lessons import GuideRow

BETWEEN = 2
FUNCTION_WORDS = frozenset(
    "a an the this that these those my your our their his her its own i you we they he she it me us him them there "
    "here will would shall should can could may might must be is are was were been am do does did have has had to of "
    "in on at by for from with as into onto about over under and or but so if then than not no nor what which who how "
    "when where i'll you'll we'll they'll it'll i'm you're we're they're it's that's there's can't don't doesn't "
    "won't isn't aren't".split()
)
_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")
_CLAUSE_END = re.compile(r"\s*[^\w\s'\u2019-]+\s*|\s-+\s")
_APOSTROPHE = r"['\u2019]"
_ENDING = rf"(?:{_APOSTROPHE}s|ing|ed|es|e|s)"
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Term:
    """What the linter looks for, in any case, and the row whose do-say it proposes."""

    pattern: str
    """A regular expression of JavaScript's and Python's."""
    row: GuideRow


def terms(guide: Sequence[GuideRow]) -> tuple[Term, ...]:
    """Gives a guide's terms: every don't-say as it stands, then every phrase, each for the first row that has it."""
    found: dict[str, GuideRow] = {}
    for row in guide:
        found.setdefault(r"\W+".join(map(_escaped, _WORD.findall(row.dont_say))), row)
    for row in guide:
        for pattern in _phrases(row.dont_say):
            if not any(re.search(rf"\b{pattern}\b", other.say, re.IGNORECASE) for other in guide):
                found.setdefault(pattern, row)
    return tuple(Term(pattern, row) for pattern, row in found.items())


def _phrases(dont_say: str) -> Iterator[str]:
    for clause in _CLAUSE_END.split(dont_say):
        words = _WORD.findall(clause)
        content = [i for i, word in enumerate(words) if re.sub(_APOSTROPHE, "'", word.lower()) not in FUNCTION_WORDS]
        for first, second in pairwise(content):
            between = max(BETWEEN, second - first - 1)
            yield rf"{_inflected(words[first])}(?:\s+{_WORD.pattern}){{0,{between}}}\s+{_inflected(words[second])}"


def _inflected(word: str) -> str:
    """Matches a word in its regular forms; an acronym or a name such as LoRA has none."""
    if word[1:] != word[1:].lower():
        return _escaped(word)
    stem = re.sub(f"{_ENDING}$", "", word)
    return _escaped(stem if len(stem) >= _SHORTEST_STEM else word) + f"{_ENDING}?"


def _escaped(word: str) -> str:
    """Matches a word with either apostrophe, and with a space or nothing for a hyphen."""
    return re.sub(_APOSTROPHE, lambda _: _APOSTROPHE, word.lower()).replace("-", "[- ]?")
