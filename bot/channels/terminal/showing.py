"""Shows one message's events as they come: status, the answer while it grows, then the reply."""

from collections.abc import AsyncIterator, Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from bot.channels.terminal.console import Screen
from bot.channels.terminal.escaping import visible
from bot.channels.terminal.render import SAY_LABEL, SAY_STYLE, render, sources
from bot.core.replies import Answer, Delta, Event, Reply, Status

BROKE_OFF = Text("That answer broke off; this is the whole one:", style="dim")


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
    for part in _rest(reply, growing.text.strip(), piped=screen.piped):
        screen.print(part)
    return reply


def _rest(reply: Reply, streamed: str, *, piped: bool) -> Iterator[RenderableType]:
    """What is still to be shown once `streamed` was; a partial answer must not pass for the whole."""
    if isinstance(reply, Answer) and streamed == reply.text.strip():
        yield from sources(reply)
        return
    if isinstance(reply, Answer) and streamed:
        yield Text()
        yield BROKE_OFF
    yield from render(reply, piped=piped)


class GrowingText:
    """Writes text that comes in pieces, wrapped at words; the word still growing is held back until it ends.

    A line that says what to say to the buyer looks as `render` has it.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._column = 0
        self._word = ""
        self._style: str | None = None
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
            if self._style is None:  # the first word of its line
                self._style = SAY_STYLE if word == SAY_LABEL else ""
            self._screen.write(Text(word, style=self._style))
            self._column += width

    def _space(self, character: str) -> None:
        if character == "\n":
            self._screen.print()
            self._column = 0
            self._style = None
        elif self._column:
            self._screen.write(Text(" "))
            self._column += 1
