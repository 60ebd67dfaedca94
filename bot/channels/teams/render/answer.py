"""Answers: the text as it grows and whole, what to say set apart, and the lines it rests on."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.channels.split import shortened
from bot.channels.teams.render.elements import MAX_FOOTNOTE
from bot.channels.teams.render.markdown import BREAK, MAX_TEXT, PARAGRAPH, escaped_line, escaped_words, parts
from bot.channels.teams.render.message import (
    MAX_CITATIONS,
    Message,
    is_shown,
    marks,
    with_cards,
)
from bot.channels.teams.render.sources import closest_cards, sources_cards
from bot.channels.visible import visible
from bot.channels.words import circumstances, made_by
from bot.core.replies import Answer, Citation

MAX_STREAMED = 3_000
"""Characters of a text that are shown while it grows: however long it gets, its first message begins with them."""

_SAY = re.compile(r"Say: (?=[\"\u201c])")
_LABEL = re.compile(r"(?:Say|Not|Why):")
_BEGINNINGS = ('Say: "', "Not:", "Why:")
_UNDECIDED = re.compile(r"(?:\[\d{0,3}|_)\Z", re.ASCII)
"""The beginning of a mark, and a sign that counts by what follows it."""


def answer_messages(answer: Answer) -> tuple[Message, ...]:
    """The answer, in one message but for the longest; the first one asks what the person thinks of it."""
    texts = [text for part in parts(answer.text, _body) if (text := _body(part))]
    ending = PARAGRAPH.join(_ending(answer))
    if texts and len(texts[-1]) + len(PARAGRAPH) + len(ending) <= MAX_TEXT:
        texts[-1] += PARAGRAPH + ending
    else:
        texts.append(ending)
    first, *more = (Message(text, citations=_cited(answer, text), generated=True) for text in texts)
    made = (replace(first, feedback=True), *more)
    shown = {citation for message in made for citation in message.citations if is_shown(citation)}
    cards = () if shown.issuperset(answer.citations) else sources_cards(answer.citations)
    return with_cards(made, (*cards, *closest_cards(answer.closest)))


def streamed(text: str) -> str:
    """The text so far as it stands in the answer's first message: each piece begins with the one before.

    What may still become something else, such as half a citation's mark, waits for what follows.
    """
    settled = visible(text[:MAX_STREAMED].removesuffix("\r")).rstrip()
    while found := _UNDECIDED.search(settled):
        settled = settled[: found.start()].rstrip()
    head, _, last = settled.rpartition("\n")
    if any(each.startswith(last) for each in _BEGINNINGS):
        settled = head.rstrip()
    return _body(settled)


def _body(text: str) -> str:
    """The text, its lines kept; what to say to the buyer stands behind a bar."""
    made = ""
    is_quoted = True  # nothing stands before the first line
    for line in visible(text).split("\n"):
        quotes = _SAY.match(line)
        words = _line(line)
        if made:
            made += PARAGRAPH if quotes or is_quoted else BREAK
        made += f"> {words}" if quotes else words
        is_quoted = bool(quotes)
    return made.strip()


def _line(line: str) -> str:
    found = _LABEL.match(line)
    return f"**{found[0]}** {escaped_line(line[found.end() :].lstrip())}".rstrip() if found else escaped_line(line)


def _cited(answer: Answer, text: str) -> tuple[Citation, ...]:
    """The lines whose marks stand in a text, as many as Teams takes."""
    shown = marks(text)
    by_number = {citation.n: citation for citation in answer.citations if citation.n in shown}
    return tuple(by_number.values())[:MAX_CITATIONS]


def _ending(answer: Answer) -> Iterator[str]:
    for said in (circumstances(answer), made_by(answer)):
        if words := escaped_words(shortened(said, MAX_FOOTNOTE)):
            yield f"_{words}_"
