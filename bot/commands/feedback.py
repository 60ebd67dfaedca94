"""`coach knowledge feedback`: what writers decided about the findings of each guide row, and said of answers."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.commands.opening import Opener, store_opened
from bot.commands.output import complain, write_json

if TYPE_CHECKING:
    from bot.app import App


@click.command("feedback")
@click.option("--json", "as_json", is_flag=True, help="Give every entry as it is kept, one a line, the oldest first.")
@click.pass_obj
def command(opener: Opener, as_json: bool) -> int:
    """Show for each guide row what writers decided about its findings.

    How often they used the replacement, kept their own words, or did not mean what the coach took them to say; then
    their reasons, the newest first, with the sentence where its writer agreed to that. Of several decisions about one
    finding the last one counts; a finding that nobody decided on does not. Last comes what people wrote when they rated
    an answer. Nobody's name is kept.
    """
    return asyncio.run(_show(opener, as_json=as_json))


async def _show(opener: Opener, *, as_json: bool) -> int:
    async with store_opened(opener) as app:
        unread = await (_write_entries(app) if as_json else _render(app))
    if unread:
        from bot.channels.terminal.layout import counted

        told = counted(unread, "record")
        complain(f"not counted, since only a newer Field Coach can read them: {told}; upgrade the program")
    return 0


async def _write_entries(app: "App") -> int:
    """Writes every entry; gives how many are no JSON."""
    from bot.core.comments import COMMENTS
    from bot.core.decisions import DECISIONS
    from bot.core.log_entries import entries_of

    unread = 0
    for stream in (DECISIONS, COMMENTS):
        async for entry in entries_of(app.store.log, stream):
            try:
                write_json(json.loads(entry), indent=None)
            except ValueError:
                unread += 1
    return unread


async def _render(app: "App") -> int:
    """Shows what the entries come to; gives how many this program cannot read."""
    from bot.channels.terminal.console import Screen
    from bot.channels.terminal.feedback import render_feedback
    from bot.core.comments import COMMENTS, read_comment
    from bot.core.decisions import DECISIONS, Feedback, read_decision
    from bot.core.log_entries import entries_of

    feedback = Feedback()
    unread = 0
    async for entry in entries_of(app.store.log, DECISIONS):
        if decision := read_decision(entry):
            feedback.add(decision)
        else:
            unread += 1
    read = [read_comment(entry) async for entry in entries_of(app.store.log, COMMENTS)]
    comments = tuple(comment for comment in reversed(read) if comment)
    unread += len(read) - len(comments)
    screen = Screen(sys.stdout)
    for part in render_feedback(feedback.rows(), comments, piped=screen.piped, now=datetime.now(UTC)):
        screen.print(part)
    return unread
