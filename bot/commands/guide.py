"""`coach guide`: the field language guide, searched."""

import asyncio
import sys

import click

from bot.commands.opening import Opener, require_lessons


@click.command("guide")
@click.argument("words", nargs=-1)
@click.pass_obj
def command(opener: Opener, words: tuple[str, ...]) -> int:
    """Show what not to say, what to say instead and why.

    With WORDS only the rows that fit them, best first. Into a pipe the table is written as tab-separated lines.
    """
    return asyncio.run(_show(opener, " ".join(words)))


async def _show(opener: Opener, words: str) -> int:
    app = opener()
    await require_lessons(app)
    guide = await app.coach.guide(words)
    from bot.channels.terminal.console import Screen
    from bot.channels.terminal.render import render

    screen = Screen(sys.stdout)
    for part in render(guide, piped=screen.piped):
        screen.print(part)
    return 0
