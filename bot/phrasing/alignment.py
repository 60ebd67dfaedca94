"""Lays a replacement beside the approved wording: which words say the message, which are lost and which are added."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from types import MappingProxyType

from bot.phrasing.wording import FUNCTION_WORDS, Word, Wording

_STEM_SHARED = 5
_ENDINGS = frozenset(["", *"s es ed ing ion ions c t al ment at i ly y or ant ation iv".split()])
"""What two stems of one word end with behind what they share: not "er", which compares, nor "less"."""
_SHORT_FORMS = {"doc": "document", "app": "applic", "admin": "administr", "infra": "infrastructur", "info": "inform"}

_KINDS = (
    "is are be am",
    "have has",
    "do does",
    "its their",
    "a an the",
    "but though although while whereas",
)
_SAME = {form: kind.split()[0] for kind in _KINDS for form in kind.split()}
"""Function words that may stand for one another, by the first of their kind."""

_CONDITIONALS = {"would": "will", "could": "can", "might": "may"}
POINT_LINKS = frozenset("and but while whereas though although".split())
"""What may link two points of a message where it has punctuation."""
_STRONG = frozenset(";:.?!\u2014\u2013")
_BREAKS = _STRONG | {",", "-", "("}
_CONTENT = 8
"""What a content word weighs in an alignment, against 1 for a function word."""
_MOST_ORDERED = 3
"""Rows whose messages may change places; of more, they stay in the approved order."""


def is_content(word: Word) -> bool:
    """Whether a word says what a text is about."""
    return word.form not in FUNCTION_WORDS and word.form not in _SAME


def alike(stem: str, other: str) -> bool:
    """Whether two stems are one word's: equal, or alike but for their endings ("complianc", "compliant")."""
    stem, other = _SHORT_FORMS.get(stem, stem), _SHORT_FORMS.get(other, other)
    if stem == other:
        return True
    shared = 0
    for a, b in zip(stem, other, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= _STEM_SHARED and stem[shared:] in _ENDINGS and other[shared:] in _ENDINGS


def stands_in(stem: str, others: Collection[str]) -> bool:
    """Whether a form of the word is among `others`."""
    return stem in others or any(alike(stem, other) for other in others)


@dataclass(frozen=True, slots=True)
class Lost:
    """A word of the message that a replacement lacks, the one before it, the numbers of what stands in its place."""

    word: Word
    previous: str
    instead: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """What a replacement lacks of the message, and the numbers of its words that are no part of it.

    `fused` says that two points run together which the message keeps apart.
    """

    lost: tuple[Lost, ...]
    added: tuple[int, ...]
    fused: bool


@dataclass(frozen=True, slots=True)
class _Token:
    """One word as it is aligned, and the numbers of the words that it was read from: "is going to" is "will".

    `key` says what it means, `unconditional` what its "would" or "could" stands for.
    """

    key: str
    unconditional: str
    word: Word
    numbers: tuple[int, ...]


def align(after: Wording, kept: Collection[int], says: Sequence[str], *, conditional: bool) -> Alignment:
    """Aligns the words of `after` with those of `says`, each message's in its order.

    Args:
        after: the replacement.
        kept: numbers of its words that are known to be none of the message.
        says: the approved wording of each row.
        conditional: whether the original is, so that "would" may stand for "will".
    """
    tokens = list(_tokens(after, kept, _CONDITIONALS if conditional else {}))
    orders = permutations(says) if len(says) <= _MOST_ORDERED else [tuple(says)]
    return max((_alignment(Wording(" ; ".join(order)), tokens) for order in orders), key=lambda found: found[0])[1]


def _tokens(
    wording: Wording, kept: Collection[int] = (), conditionals: Mapping[str, str] = MappingProxyType({})
) -> Iterator[_Token]:
    forms = wording.forms
    skipped = -1
    for i, word in enumerate(wording.words):
        if i in kept or i <= skipped:
            continue
        if _SAME.get(word.form) == "is" and forms[i + 1 : i + 3] == ("going", "to"):
            skipped = i + 2
            yield _Token("will", "will", word, (i, i + 1, i + 2))
            continue
        key = word.stem if is_content(word) else _SAME.get(word.form, word.form)
        yield _Token(key, conditionals.get(word.form, key), word, (i,))


def _alignment(said: Wording, tokens: Sequence[_Token]) -> tuple[int, Alignment]:
    """The heaviest alignment in order, with its weight."""
    told = list(_tokens(said))
    weights = [[0] * (len(tokens) + 1) for _ in range(len(told) + 1)]
    for i, one in enumerate(told, 1):
        row, above = weights[i], weights[i - 1]
        for j, other in enumerate(tokens, 1):
            weight = _weight(one, other)
            row[j] = max(above[j], row[j - 1], above[j - 1] + weight if weight else 0)
    pairs: dict[int, int] = {}
    i, j = len(told), len(tokens)
    while i and j:
        # From the end, so that an article goes with the noun that follows it.
        weight = _weight(told[i - 1], tokens[j - 1])
        if weight and weights[i][j] == weights[i - 1][j - 1] + weight:
            i, j = i - 1, j - 1
            pairs[i] = j
        elif weights[i][j] == weights[i - 1][j]:
            i -= 1
        else:
            j -= 1
    used = set(pairs.values())
    lost = tuple(
        Lost(one.word, told[i - 1].word.form if i else "", _gap(i, pairs, tokens))
        for i, one in enumerate(told)
        if i not in pairs
    )
    added = tuple(number for j, token in enumerate(tokens) if j not in used for number in token.numbers)
    return weights[-1][-1], Alignment(lost, added, _is_fused(told, tokens, pairs))


def _is_fused(told: Sequence[_Token], tokens: Sequence[_Token], pairs: Mapping[int, int]) -> bool:
    for i, token in enumerate(told):
        if i in pairs and _STRONG.intersection(token.word.gap):
            before = max((pairs[n] for n in pairs if n < i), default=-1)
            between = [other.word for other in tokens[before + 1 : pairs[i] + 1]]
            if not any(_BREAKS.intersection(word.gap) or word.form in POINT_LINKS for word in between):
                return True
    return False


def _weight(one: _Token, other: _Token) -> int:
    same = one.key in (other.key, other.unconditional)
    if not same and not (is_content(one.word) and is_content(other.word) and alike(one.key, other.key)):
        return 0
    return _CONTENT if is_content(one.word) else 1


def _gap(i: int, pairs: dict[int, int], tokens: Sequence[_Token]) -> tuple[int, ...]:
    """The numbers of the tokens between those that the neighbours of a lost word are paired with."""
    start = max((pairs[n] + 1 for n in pairs if n < i), default=0)
    end = min((pairs[n] for n in pairs if n > i), default=len(tokens))
    return tuple(number for token in tokens[start:end] for number in token.numbers)
