"""What a reply looks like on a terminal or in a pipe."""

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType

from bot.channels.terminal.render import render
from bot.core.replies import Reply


def printed(reply: Reply, *, piped: bool = False, colour: bool = False, width: int = 80) -> str:
    return printed_parts(render(reply, piped=piped), piped=piped, colour=colour, width=width)


def printed_parts(
    parts: Iterable[RenderableType], *, piped: bool = False, colour: bool = False, width: int = 80
) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        force_terminal=not piped,
        color_system="truecolor" if colour else None,
        width=width,
        markup=False,
        highlight=False,
    )
    for part in parts:
        console.print(part, soft_wrap=piped)
    return file.getvalue()
