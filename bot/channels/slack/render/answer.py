"""Answers: the text, what to say to the buyer ready to copy, what it rests on, and two thumbs."""

import re
from collections.abc import Iterator

from bot.channels.slack.render.circumstances import circumstances, footer
from bot.channels.slack.render.elements import Element, bold, context, feedback, paragraph, preformatted, rich_text, run
from bot.channels.slack.render.message import Block, Message, characters, messages
from bot.channels.slack.render.sources import Group, closest, quoted, sources_line
from bot.core.replies import Answer

MAX_BELOW = 6_000
"""Characters that stand below a streamed text: the text itself is part of the message too."""
MAX_BLOCKS_BELOW = 30
COPY_LABEL = "Ready to copy"
SAY_LABEL = "Say:"

_FEEDBACK = "feedback"
_MAX_BLOCK_ID = 255
# As `Answer.say` reads it: the words in quotation marks, then their marks.
_SAY = re.compile(
    rf"^{SAY_LABEL} [\"\u201c](?P<words>[^\n]+?)[\"\u201d](?P<marks>\.?(?: ?\[\d{{1,3}}\])+|\.?$)", re.MULTILINE
)
_MARK = re.compile(r" ?\[\d{1,3}\]")
_LABEL = re.compile(r"^(?:Say|Not|Why):", re.MULTILINE)


def answer_blocks(answer: Answer, *, sources: str | None, thread: str) -> tuple[Block, ...]:
    """What stands below an answer's streamed text, within what one message holds beside it.

    `sources` is what the quotes are kept under; without it they stand here. `thread` is the answer's, for a click on a
    thumb; without it there are no thumbs. Words to copy that there is no room for are left out, the text has them;
    quotes that are left out are counted.
    """
    room = _Room()
    copies = [rich_text(paragraph(bold(COPY_LABEL)), preformatted(words)) for words in _said(answer.text)]
    lines = _rests_on(answer, sources)
    below = [block for group in (*copies, *lines) if room.takes(group) for block in group]
    return (*below, *room.left_out(lines), *_ending(answer, thread))


def answer_messages(answer: Answer, *, sources: str | None, thread: str) -> tuple[Message, ...]:
    """A whole answer, for where nothing is streamed."""
    lines = (block for group in _rests_on(answer, sources) for block in group)
    return messages((*_body(answer.text), *lines, *_ending(answer, thread)), text=answer.text)


def rated(block_id: str) -> tuple[str, str] | None:
    """The thread and the id of the answer that a click on a thumb is about, from the id of the thumbs' block."""
    match block_id.split("|"):
        case [kind, thread, id_] if kind == _FEEDBACK:
            return thread, id_
        case _:
            return None


def _rests_on(answer: Answer, sources: str | None) -> tuple[Group, ...]:
    """The lines that an answer rests on, or the nearest ones where the lessons do not cover the question."""
    if answer.citations and sources is not None:
        return (sources_line(answer.citations, sources), *closest(answer.closest))
    return (*(quoted(citation) for citation in answer.citations), *closest(answer.closest))


def _ending(answer: Answer, thread: str) -> tuple[Block, ...]:
    block_id = f"{_FEEDBACK}|{thread}|{answer.id}"
    return (
        *circumstances(answer),
        *((feedback(block_id),) if thread and len(block_id) <= _MAX_BLOCK_ID else ()),
        footer(answer),
    )


def _said(text: str) -> Iterator[str]:
    return (_MARK.sub("", found["words"]) for found in _SAY.finditer(text))


def _body(text: str) -> Iterator[Block]:
    """The text, its paragraphs and lines kept; what to say stands in a box of its own, its marks before it."""
    position = 0
    for found in _SAY.finditer(text):
        yield from _prose(text[position : found.start()])
        marks = "".join(mark.strip() for mark in _MARK.findall(found["words"] + found["marks"]))
        said = preformatted(_MARK.sub("", found["words"]))
        yield from rich_text(paragraph(bold(SAY_LABEL), f" {marks}" if marks else ""), said)
        position = found.end()
    yield from _prose(text[position:])


def _prose(text: str) -> tuple[Block, ...]:
    prose = text.strip("\r\n")
    if not prose.strip():
        return ()
    runs: list[Element] = []
    position = 0
    for found in _LABEL.finditer(prose):
        runs += [run(prose[position : found.start()]), bold(found[0])]
        position = found.end()
    return rich_text(paragraph(*runs, run(prose[position:])))


class _Room:
    """What is left of a message for what stands below a streamed text."""

    def __init__(self) -> None:
        self._characters = MAX_BELOW
        self._blocks = MAX_BLOCKS_BELOW
        self._refused: list[Group] = []

    def takes(self, group: Group) -> bool:
        """Whether there is room for the blocks; if so, it is taken."""
        size = characters(group)
        if size > self._characters or len(group) > self._blocks:
            self._refused.append(group)
            return False
        self._characters -= size
        self._blocks -= len(group)
        return True

    def left_out(self, lines: tuple[Group, ...]) -> tuple[Block, ...]:
        """Says how many of the lines there was no room for."""
        count = sum(group in lines for group in self._refused)
        if not count:
            return ()
        return (context(f"{count} more {'line does' if count == 1 else 'lines do'} not fit here."),)
