"""The prompt of a conversation: history in memory, a paste of several lines is one message, Ctrl-C clears."""

import asyncio

from prompt_toolkit import PromptSession
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from bot.channels.terminal.chat import DRAFT_HINT, END_OF_DRAFT, HINT
from bot.channels.terminal.console import Screen


class Prompt:
    """Messages typed by a person. Enter sends, Alt-Enter starts a new line."""

    def __init__(self, screen: Screen, runner: asyncio.Runner) -> None:
        self._screen = screen
        self._runner = runner
        self._session: PromptSession[str] = PromptSession(multiline=True, key_bindings=_message_keys())
        self._greeted = False

    def message(self) -> str | None:
        """Gives the next message; None after Ctrl-D or Ctrl-C on an empty line."""
        if not self._greeted:
            self._screen.print(HINT)
            self._greeted = True
        text: str | None = ""
        while text is not None and not text.strip():
            text = self._read(self._session, "> ")
        return text

    def draft(self) -> str | None:
        """Gives what is typed or pasted up to a single dot or Ctrl-D; None after Ctrl-C on an empty draft."""
        self._screen.print(DRAFT_HINT)
        return self._read(PromptSession(multiline=True, key_bindings=_draft_keys(), history=DummyHistory()), "│ ")

    def agrees(self) -> bool:
        """Asks; anything but y or yes means no."""
        answer = self._read(PromptSession(history=DummyHistory()), "Do it? [y/N] ")
        return answer is not None and answer.strip().lower() in ("y", "yes")

    def _read(self, session: PromptSession[str], sign: str) -> str | None:
        try:
            return self._runner.run(session.prompt_async(sign))
        except (EOFError, KeyboardInterrupt):
            return None


def _message_keys() -> KeyBindings:
    keys = _clearing_keys()

    @keys.add("enter")
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.newline(copy_margin=False)

    return keys


def _draft_keys() -> KeyBindings:
    keys = _clearing_keys()

    @keys.add("enter")
    def next_line_or_send(event: KeyPressEvent) -> None:
        document = event.current_buffer.document
        if document.current_line.strip() == END_OF_DRAFT and document.on_last_line:
            event.app.exit(result=document.text[: document.text.rindex(END_OF_DRAFT)])
        else:
            event.current_buffer.newline(copy_margin=False)

    @keys.add("c-d")
    def send(event: KeyPressEvent) -> None:
        event.app.exit(result=event.current_buffer.text)

    return keys


def _clearing_keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    @keys.add("<sigint>")
    def clear_or_leave(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt())

    return keys
