"""Shows one message's events as they come: status, the answer while it grows, then the reply."""

from collections.abc import AsyncIterator

from rich.cells import cell_len
from rich.text import Text

from bot.channels.terminal.console import Screen
from bot.channels.terminal.escaping import visible
from bot.channels.terminal.render import render, sources
from bot.core.replies import Answer, Delta, Event, Reply, Status


async def show(events: AsyncIterator[Event], screen: Screen) -> Reply:
    """Shows `events` on `screen` and gives the reply that ended them.

    Raises:
        RuntimeError: the events ended without a reply.
    """
    growing = GrowingText(screen)
    reply: Reply | None = None
    try:
        async for event in events:
            match event:
                case Status(text=text):
                    if not growing.text:
                        screen.status(text)
                case Delta(text=text):
                    if not screen.piped:
                        growing.add(text)
                case _:
                    reply = event
    finally:
        screen.clear_status()
        growing.end()
    if reply is None:
        raise RuntimeError("the coach ended without a reply")
    streamed = isinstance(reply, Answer) and growing.text.strip() == reply.text.strip()
    for part in sources(reply) if isinstance(reply, Answer) and streamed else render(reply, piped=screen.piped):
        screen.print(part)
    return reply


async def reply_of(events: AsyncIterator[Event]) -> Reply:
    """Gives the reply that ends `events`, for output that nobody watches grow.

    Raises:
        RuntimeError: the events ended without a reply.
    """
    reply: Reply | None = None
    async for event in events:
        if not isinstance(event, Status | Delta):
            reply = event
    if reply is None:
        raise RuntimeError("the coach ended without a reply")
    return reply


class GrowingText:
    """Writes text that comes in pieces, wrapped at words; the word still growing is held back until it ends."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._column = 0
        self._word = ""
        self.text = ""

    def add(self, piece: str) -> None:
        """Takes the next piece."""
        self.text += piece
        for character in piece:
            if character in " \n\t":
                self._write_word()
                self._space(character)
            else:
                self._word += character

    def end(self) -> None:
        """Writes what was held back and ends the line."""
        self._write_word()
        if self._column:
            self._screen.print()
            self._column = 0

    def _write_word(self) -> None:
        word = visible(self._word)
        self._word = ""
        width = cell_len(word)
        if self._column and self._column + width >= self._screen.width:
            self._screen.print()
            self._column = 0
        if word:
            self._screen.write(Text(word))
            self._column += width

    def _space(self, character: str) -> None:
        if character == "\n":
            self._screen.print()
            self._column = 0
        elif self._column:
            self._screen.write(Text(" "))
            self._column += 1
