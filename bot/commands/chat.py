"""`coach chat`: talk to the coach in the terminal."""

import sys
from typing import TYPE_CHECKING

import click

from bot.commands.opening import Opener, ready, running
from bot.core.ask import MAX_QUESTION
from bot.core.review import MAX_DRAFT

if TYPE_CHECKING:
    from bot.channels.terminal.chat import Messages


@click.command(
    "chat",
    epilog=f"A question has at most {MAX_QUESTION:,} characters, a draft at most {MAX_DRAFT:,}.",
)
@click.pass_obj
def command(opener: Opener) -> int:
    """Talk to the coach: ask, review, guide, help.

    Ctrl-C clears a half-written line; on an empty one it leaves, and so does Ctrl-D. When standard input is not a
    terminal each line is one message, and `review` on its own reads the draft up to a line with a single dot.
    """
    from bot.channels.terminal.chat import Script, talk
    from bot.channels.terminal.console import Screen

    screen = Screen(sys.stdout)
    with running(ready(opener)) as (runner, app):
        messages: Messages
        if sys.stdin.isatty() and sys.stdout.isatty():
            from bot.channels.terminal.prompt import Prompt

            messages = Prompt(screen, runner)
        else:
            messages = Script(sys.stdin.buffer)
        talk(app.coach, messages, screen, runner)
    return 0
