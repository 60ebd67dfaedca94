"""A conversation in the terminal: one message after the other, typed at a prompt or read from a script."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Protocol
from uuid import uuid4

from rich.text import Text

from bot.channels.terminal.console import Screen
from bot.channels.terminal.layout import words
from bot.channels.terminal.reading import InputError, bounded_lines, decoded
from bot.channels.terminal.showing import show
from bot.core.admin_commands import PublishVersion
from bot.core.coach import Coach
from bot.core.commands import Command, ReviewCommand, parse
from bot.core.messages import LOCAL, Attachment, Incoming
from bot.core.prompts import Proposed
from bot.core.replies import Reply
from bot.core.review import MAX_DRAFT
from bot.core.state import StoreAwayError

END_OF_DRAFT = "."
HINT = "Ask a question, or write: review · guide · help. Ctrl-D leaves."
DRAFT_HINT = "Paste the text; then a line with a single dot, or Ctrl-D."
DECLINED = Text("Nothing was changed.", style="dim")


class Messages(Protocol):
    """Where a person's messages come from."""

    def message(self) -> str | None:
        """Gives the next message, None when the person leaves."""
        ...

    def draft(self) -> str | None:
        """Gives the text that follows a command which lacks one, None when the person thinks better of it."""
        ...

    def agrees(self) -> bool:
        """Whether the person wants what has just been proposed."""
        ...


def talk(coach: Coach, messages: Messages, screen: Screen, runner: asyncio.Runner) -> None:
    """Answers one message after the other until there are no more. Ctrl-C stops the answer, not the conversation.

    Raises:
        InputError: a script holds what cannot be read.
        KeyboardInterrupt: a script is stopped.
    """
    thread = f"{LOCAL}:{uuid4().hex}"
    count = 0
    while (text := messages.message()) is not None:
        count += 1
        command = parse(text)
        files: tuple[Attachment, ...] = ()
        if _lacks_text(command):
            draft = messages.draft()
            if draft is None:
                continue
            files = (Attachment(name="draft", text=draft),)
        incoming = Incoming(id=f"{thread}:{count}", person=LOCAL, thread=thread, text=text, files=files)
        try:
            _converse(coach, incoming, messages, screen, runner)
        except KeyboardInterrupt:
            if screen.piped:
                raise
            screen.print(Text("Stopped.", style="dim"))
        except StoreAwayError as error:
            screen.print(words(f"{error}. Try again in a moment.", "yellow"))
        screen.print()


def _lacks_text(command: Command) -> bool:
    """Whether a draft, or the file of a new version, is still to come."""
    match command:
        case ReviewCommand(draft=text) | PublishVersion(text=text):
            return not text.strip()
        case _:
            return False


def _converse(coach: Coach, incoming: Incoming, messages: Messages, screen: Screen, runner: asyncio.Runner) -> None:
    """Shows the reply; when it is a proposal, asks, and shows what comes of it."""

    async def answer(incoming: Incoming) -> Reply:
        return await show(coach.handle(incoming), screen)

    reply = runner.run(answer(incoming))
    if not isinstance(reply, Proposed):
        return
    if messages.agrees():
        runner.run(answer(replace(incoming, confirmed=reply.position)))
    else:
        screen.print(DECLINED)


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

    def agrees(self) -> bool:
        """A script's author has decided already."""
        return True

    def _read(self, stream: BinaryIO) -> Iterator[str]:
        for number, line in enumerate(bounded_lines(stream, limit=4 * MAX_DRAFT), 1):
            if line is None:
                raise InputError(f"line {number} has more than {4 * MAX_DRAFT:,} bytes: send it in parts")
            yield decoded(line, f"line {number}")
