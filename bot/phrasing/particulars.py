"""The particulars of a text: the addresses, numbers and names that a replacement must carry over, and not make up.

A reading by form alone: a word that may be a name counts as one, since only fluency is lost by that. Equal are two
writings that surely mean the same: "2,400" and "2400", "June 4th" and "June 4", "two weeks" and "2-week".
"""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.phrasing.number_words import AMOUNTS, ARTICLES, BETWEEN, DEICTIC, SCALES, TIMES, UNITS
from bot.phrasing.wording import FUNCTION_WORDS, stem

_URL = re.compile(r"(?:(?:https?|ftp)://|mailto:|tel:|www\.)[^\s<>\"|\\^`{}()\[\]]{1,2000}", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}")
_DOMAIN = re.compile(r"(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}\b(?:/[^\s<>\"|()\[\]]{0,500})?", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@#&])[@#]\w[\w.-]{0,80}")
_ADDRESSES = (_URL, _EMAIL, _DOMAIN, _HANDLE)

_TAG = re.compile(r"<[^<>]{0,2000}>")
_LEVELLED = str.maketrans(
    {mark: "'" for mark in "\u2018\u2019\u02bc\u00b4"}
    | {mark: ' " ' for mark in '"\u201c\u201d\u201e\u00ab\u00bb'}
    | {mark: "-" for mark in "\u2010\u2011\u2212"}
    | {mark: " ; " for mark in "\u2012\u2013\u2014\u2015;"}
    | {mark: " " for mark in "()[]{}<>|*_~`\\"}
    | {"\u2026": ". "}
)
_EDGE = ".,:;!?'-&/"
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_FIGURE = re.compile(r"(?P<lead>[^\W\d_]{0,20}[$\u20ac\u00a3\u00a5]?|[<>~+\u2248]?)(?P<value>\d[\d.,:/]*)(?P<tail>.*)")
_ORDINAL = frozenset("st nd rd th".split())
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february april june july august
    september october november december tomorrow today tonight yesterday noon midnight eod eow eom eoy cob
    asap fortnight""".split()
)
"""Dates that are particulars in lower case too."""
_TITLE_SHARE = 0.7
"""Share of the longer words with a capital from which all of them may have it from a headline."""
_OPENERS = frozenset(
    """yes sure also honestly good great thanks thank happy quick note remember think imagine look see one two better
    best even besides plus still however meanwhile otherwise finally first second next last right well ok okay
    hi hello dear everyone nobody nothing everything anyone anything somebody someone customers users people
    sounds glad sorry given thanks try keep make use ask tell say don't doesn't isn't can't won't it's that's
    here's there's let's we're you're we'll you'll i'll i'm i've we've they're what's whether although though
    while because during unless since under via according rest trust zero just simply only instead switch set
    turn put start go give take add buy install plug send train learn build throw dump collect expect plan""".split()
)
_SHOUTED = frozenset("IT US OR IN ME AM".split())
"""Capitals that are an acronym although the word is an ordinary one."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a text names: each with how often, numbers in their order.

    A name is kept as written when its capitals make it one ("FedRAMP", "VA"), else in lower case.
    """

    addresses: Counter[str]
    numbers: tuple[str, ...]
    names: Counter[str]

    @property
    def all(self) -> Counter[str]:
        """Every particular, with how often it stands."""
        return self.addresses + Counter(self.numbers) + self.names


def without_addresses(text: str) -> str:
    """Gives the text with a blank for each address."""
    for pattern in _ADDRESSES:
        text = pattern.sub(" ", text)
    return text


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    opens: bool


def particulars(text: str, ordinary: Collection[str] = ()) -> Particulars:
    """Reads the particulars of `text`, which may hold Markdown or HTML.

    Args:
        text: one sentence or a few.
        ordinary: stems of words that are no names, whatever capital they have at the start of a sentence.
    """
    addresses: Counter[str] = Counter()
    for pattern in _ADDRESSES:
        for found in pattern.finditer(text):
            addresses[html.unescape(found[0]).rstrip(_EDGE)] += 1
        text = pattern.sub(" \ue000 ", text)
    tokens = list(_tokens(html.unescape(_TAG.sub(" ", text)).translate(_LEVELLED)))
    numbers = tuple(_numbers([token.text for token in tokens]))
    return Particulars(addresses, numbers, Counter(_names(tokens, ordinary)))


def _tokens(text: str) -> Iterator[_Token]:
    """The words of a text with their inner marks, each with whether a sentence may start with it."""
    opens = True
    for written in text.split():
        bare = written.strip(_EDGE)
        if bare in ("", '"'):
            opens = opens or '"' in written or written[-1] in ".!?:"
            continue
        yield _Token(bare, opens)
        opens = written[-1] in ".!?:"


def _numbers(tokens: list[str]) -> Iterator[str]:
    """The numbers in order, each with its unit: "$1.2m", "3day", "q3", "2dozen"."""
    pieces = [piece for token in tokens for piece in _pieces(token.lower())]
    for i, piece in enumerate(pieces):
        unit = _unit(pieces[i + 1 : i + 4])
        if any(char.isdigit() for char in piece):
            yield from _figures(piece, unit)
        elif piece in AMOUNTS:
            yield AMOUNTS[piece] + unit
        elif piece in SCALES and (i == 0 or not _counts(pieces[i - 1])):
            yield SCALES[piece]
        elif piece in ARTICLES and unit in TIMES and pieces[i + 1] in UNITS and pieces[i + 1] != "second":
            yield f"1{unit}"
        elif piece in DEICTIC and unit in TIMES:
            yield f"{piece} {unit}"


def _unit(following: list[str]) -> str:
    """The unit that a number before these words has, or ""."""
    return UNITS.get(next((word for word in following if word not in BETWEEN), ""), "")


def _counts(piece: str) -> bool:
    return piece in AMOUNTS or any(char.isdigit() for char in piece)


def _pieces(token: str) -> Iterator[str]:
    """A token's parts: a hyphen sets a number apart from its unit and from another number, not from a name."""
    parts = [part for part in token.split("-") if part]
    if _counts(parts[0]) and all(_counts(part) or part in UNITS or part in BETWEEN for part in parts):
        yield from parts
    elif any(_counts(part) for part in parts):
        yield token
    else:
        yield from parts


def _figures(piece: str, unit: str) -> Iterator[str]:
    """One number as it is compared."""
    found = _FIGURE.fullmatch(piece)
    if found is None:
        yield piece
        return
    lead, value, tail = found["lead"], found["value"], found["tail"].removesuffix("'s")
    if _GROUPED.fullmatch(value):
        value = value.replace(",", "")
    if tail in _ORDINAL:
        tail = ""
    yield lead + value + (UNITS.get(tail, tail) + unit if tail else unit)


def _names(tokens: list[_Token], ordinary: Collection[str]) -> Iterator[str]:
    words = [token.text for token in tokens if len(token.text) > 3 and token.text[0].isalpha()]
    raised = sum(word[0].isupper() for word in words)
    title = len(words) >= 4 and raised >= _TITLE_SHARE * len(words)
    for token in tokens:
        for part, opens in _name_parts(token):
            if part.lower() in _CALENDAR:
                yield part.lower()
            elif any(char.isdigit() for char in part) or not any(char.isupper() for char in part):
                continue
            elif part[1:] == part[1:].lower():
                is_word = (opens or title) and _is_ordinary(part.lower(), ordinary)
                if len(part) > 1 and not part.startswith("I'") and not is_word:
                    yield part.lower()
            elif part in _SHOUTED or not (part.isupper() and _is_ordinary(part.lower(), ordinary, shouted=True)):
                yield part


def _name_parts(token: _Token) -> Iterator[tuple[str, bool]]:
    """A token without its possessive; a compound in its parts, unless all of it is written as a name."""
    text = token.text.removesuffix("'s").removesuffix("'S")
    parts = [part for part in re.split("[-/]", text) if part]
    if len(parts) > 1 and (token.opens or any(part.islower() and len(part) > 1 for part in parts)):
        yield from ((part, token.opens and n == 0) for n, part in enumerate(parts))
    else:
        yield text, token.opens


def _is_ordinary(word: str, ordinary: Collection[str], *, shouted: bool = False) -> bool:
    """Whether a word is no name although it has a capital."""
    if word in FUNCTION_WORDS or word in _OPENERS or stem(word) in ordinary:
        return True
    return not shouted and ("'" in word or (len(word) > 4 and word.endswith(("ing", "ly", "ed"))))
