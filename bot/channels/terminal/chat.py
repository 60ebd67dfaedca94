"""A conversation in the terminal: one message after the other, typed at a prompt or read from a script."""

import asyncio
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from rich.text import Text

from bot.channels.terminal.console import Screen
from bot.channels.terminal.reading import InputError, bounded_lines, decoded
from bot.channels.terminal.showing import show
from bot.core.coach import Coach
from bot.core.commands import ReviewCommand, parse
from bot.core.messages import Attachment, Incoming
from bot.core.review import MAX_DRAFT

END_OF_DRAFT = "."
HINT = "Ask a question, or write: review · guide · help. Ctrl-D leaves."
DRAFT_HINT = "Paste the draft; then a line with a single dot, or Ctrl-D."
PERSON = "local"
THREAD = "local"


class Messages(Protocol):
    """Where a person's messages come from."""

    def message(self) -> str | None:
        """Gives the next message, None when the person leaves."""
        ...

    def draft(self) -> str | None:
        """Gives the draft that follows a `review` on its own, None when the person thinks better of it."""
        ...


def talk(coach: Coach, messages: Messages, screen: Screen, runner: asyncio.Runner) -> None:
    """Answers one message after the other until there are no more. Ctrl-C stops the answer, not the conversation.

    Raises:
        InputError: a script holds what cannot be read.
        KeyboardInterrupt: a script is stopped.
    """
    count = 0
    while (text := messages.message()) is not None:
        count += 1
        command = parse(text)
        files: tuple[Attachment, ...] = ()
        if isinstance(command, ReviewCommand) and not command.draft.strip():
            draft = messages.draft()
            if draft is None:
                continue
            files = (Attachment(name="draft", text=draft),)
        incoming = Incoming(id=f"{THREAD}:{count}", person=PERSON, thread=THREAD, text=text, files=files)
        try:
            runner.run(_answer(coach, incoming, screen))
        except KeyboardInterrupt:
            if screen.piped:
                raise
            screen.print(Text("Stopped.", style="dim"))
        screen.print()


async def _answer(coach: Coach, incoming: Incoming, screen: Screen) -> None:
    await show(coach.handle(incoming), screen)


class Script:
    """Messages from a file or pipe, one a line; blank lines are passed over."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = self._read(stream)

    def message(self) -> str | None:
        """Gives the next line that is not blank."""
        return next((line.strip() for line in self._lines if line.strip()), None)

    def draft(self) -> str:
        """Gives the lines up to a single dot or the end, with their line endings."""
        lines: list[str] = []
        length = 0
        for line in self._lines:
            if line.strip() == END_OF_DRAFT:
                break
            length += len(line)
            if length <= MAX_DRAFT:
                lines.append(line)
        if length > MAX_DRAFT:
            raise InputError(f"the draft has {length:,} characters; at most {MAX_DRAFT:,} are taken: send it in parts")
        return "".join(lines)

    def _read(self, stream: BinaryIO) -> Iterator[str]:
        for number, line in enumerate(bounded_lines(stream, limit=4 * MAX_DRAFT), 1):
            if line is None:
                raise InputError(f"line {number} has more than {4 * MAX_DRAFT:,} bytes: send it in parts")
            yield decoded(line, f"line {number}")
