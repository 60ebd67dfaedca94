"""The terminal that replies are printed on: colour, width and wrapping as it has them, plain when it is a pipe."""

import os
from typing import TextIO

from rich.console import Console, RenderableType
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from bot.channels.terminal.escaping import one_line


class Screen:
    """Prints renderables, and one line of status that the next output takes the place of."""

    def __init__(self, file: TextIO) -> None:
        self.console = Console(
            file=file,
            markup=False,
            highlight=False,
            emoji=False,
            color_system=None if os.environ.get("NO_COLOR") else "auto",
        )
        self._status_shown = False

    @property
    def piped(self) -> bool:
        """Whether the output goes to a pipe or a file rather than to a terminal."""
        return not self.console.is_terminal

    @property
    def width(self) -> int:
        """Cells a line."""
        return self.console.width

    def print(self, renderable: RenderableType = "") -> None:
        """Prints one renderable and ends the line."""
        self.clear_status()
        self.console.print(renderable, soft_wrap=self.piped)

    def write(self, text: Text) -> None:
        """Prints text at once, without ending the line and without wrapping."""
        self.clear_status()
        self.console.print(text, end="", soft_wrap=True)
        self.console.file.flush()

    def status(self, text: str) -> None:
        """Shows what is being done as one dim line, on a terminal that can take it away again."""
        if self.piped or self.console.is_dumb_terminal:
            return
        self.clear_status()
        line = Text(one_line(text), style="dim")
        line.truncate(self.width - 1)
        self.console.print(line, end="", soft_wrap=True)
        self.console.file.flush()
        self._status_shown = True

    def clear_status(self) -> None:
        """Takes the status line away."""
        if self._status_shown:
            self._status_shown = False
            self.console.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2)))
