"""Inline marks of one block of text: emphasis, code, links, bare addresses.

Not a Markdown parser: `markdown_it` keeps no offsets inside a line, and mail is half Markdown at best ("*bold*" of
chat, "<https://…>" of mail clients). One pass for each kind of mark; what does not pair is text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.phrasing.visible import Pair, Span


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a text, as spans of it.

    `hidden` are the characters that no reader sees (the marks themselves, link targets), `addresses` what stands in
    the text without being said: links, e-mail addresses, lines of code; each in order and apart.
    """

    hidden: tuple[Span, ...]
    addresses: tuple[Span, ...]
    pairs: tuple[Pair, ...]


_QUOTED_CODE = 4
"""Words from which code is a line quoted from a machine, which the writer does not say; fewer are a name or a value."""
_TICKS = re.compile(r"`+")
_LINK = re.compile(
    r"\]\((?:<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()]{0,200}\)[^\s()<>]{0,2000})?)(?:\s\"[^\"\n]{0,200}\")?\)"
)
_BRACKET = re.compile(r"!?\[|\]")
_ANGLED = re.compile(
    r"<(?:(?:https?|ftp|mailto|tel):[^\s<>|]{1,2000}|[^\s<>@|]{1,64}@[^\s<>@|]{1,255})(?:\|(?P<label>[^<>\n]{1,500}))?>",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:\b(?:https?|ftp)://|\bmailto:|\bwww\.(?=\w))[^\s<>\"|\\^`{}]+", re.IGNORECASE)
_AT = re.compile(r"(?<=[\w.+-])@(?=\w)")
_LOCAL = re.compile(r"[\w.+-]+\Z")
_DOMAIN = re.compile(r"\w[\w-]*(?:\.[\w-]+)+")
_URL_TAIL = ".,;:!?'*_~)]}"
_RUN = re.compile(r"\*{1,3}|_{1,3}|~{1,2}")


def find_marks(text: str) -> Marks:
    """Finds the marks of `text`, one block of a mail."""
    taken = bytearray(len(text))
    pairs: list[Pair] = []

    def take(*spans: Span) -> bool:
        """Claims spans that no other mark has, or none of them."""
        if any(any(taken[start:end]) for start, end in spans):
            return False
        for start, end in spans:
            taken[start:end] = b"\x01" * (end - start)
        return True

    quoted = []
    for opening, closing in _code(text):
        take((opening[0], closing[1]))
        pairs.append(Pair(opening, closing))
        if len(text[opening[1] : closing[0]].split()) >= _QUOTED_CODE:
            quoted.append((opening[1], closing[0]))
    for opening, closing in (*_links(text), *_labelled(text)):
        if take(opening, closing):
            pairs.append(Pair(opening, closing))
    addresses = quoted + [span for span in (*_angled_addresses(text), *_bare_addresses(text)) if take(span)]
    pairs += [Pair(opening, closing) for opening, closing in _emphasis(text, taken)]
    hidden = sorted(mark for pair in pairs for mark in (pair.opening, pair.closing))
    return Marks(tuple(hidden), tuple(sorted(addresses)), tuple(pairs))


def _code(text: str) -> Iterator[tuple[Span, Span]]:
    """Runs of backticks that a later run of the same length closes."""
    runs = [run.span() for run in _TICKS.finditer(text)]
    later: dict[int, list[int]] = defaultdict(list)
    for i in range(len(runs) - 1, -1, -1):
        later[runs[i][1] - runs[i][0]].append(i)
    i = 0
    while i < len(runs):
        same = later[runs[i][1] - runs[i][0]]
        while same and same[-1] <= i:
            same.pop()
        if same:
            yield runs[i], runs[same[-1]]
            i = same[-1]
        i += 1


def _links(text: str) -> Iterator[tuple[Span, Span]]:
    """`[` or `![` with its `](target)`, innermost first."""
    if "](" not in text:
        return
    closed = {found.start(): found.end() for found in _LINK.finditer(text)}
    opened: list[Span] = []
    for found in _BRACKET.finditer(text):
        if found[0] != "]":
            opened.append(found.span())
        elif opened:
            opening = opened.pop()
            if found.start() in closed:
                yield opening, (found.start(), closed[found.start()])


def _labelled(text: str) -> Iterator[tuple[Span, Span]]:
    """`<https://…|` with its `>`, as chat writes links with words of their own."""
    for found in _ANGLED.finditer(text):
        if found["label"]:
            yield (found.start(), found.start("label")), (found.end() - 1, found.end())


def _angled_addresses(text: str) -> Iterator[Span]:
    for found in _ANGLED.finditer(text):
        if not found["label"]:
            yield found.span()


def _bare_addresses(text: str) -> Iterator[Span]:
    """Links and e-mail addresses, without the punctuation that ends the sentence they stand in."""
    for url in _URL.finditer(text):
        start, end = url.span()
        while end > start and text[end - 1] in _URL_TAIL:
            if text[end - 1] == ")" and "(" in text[max(start, end - 200) : end]:
                break
            end -= 1
        yield start, end
    for at in _AT.finditer(text):
        local = _LOCAL.search(text, max(0, at.start() - 64), at.start())
        domain = _DOMAIN.match(text, at.end(), at.end() + 255)
        if local and domain:
            yield local.start(), domain.end() - (len(domain[0]) - len(domain[0].rstrip("-_")))


def _emphasis(text: str, taken: bytearray) -> Iterator[tuple[Span, Span]]:
    """Runs of `*`, `_` or `~` that flank words and pair, the inner before the outer (never inside a word)."""
    opened: list[tuple[str, Span]] = []
    waiting: Counter[str] = Counter()
    for found in _RUN.finditer(text):
        start, end = found.span()
        if taken[start]:
            continue
        run = found[0]
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        in_run = run[0] in (before, after)
        opens = not (in_run or after.isspace() or before.isalnum())
        closes = not (in_run or before.isspace() or after.isalnum())
        if closes and waiting[run]:
            while True:
                last, span = opened.pop()
                waiting[last] -= 1
                if last == run:
                    break
            if span[1] < start:
                yield span, (start, end)
        elif opens:
            opened.append((run, (start, end)))
            waiting[run] += 1
