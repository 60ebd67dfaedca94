"""`coach review`: one draft, or one a line."""

import asyncio
import sys

import click

from bot.channels.terminal.reading import InputError, open_input, read_text
from bot.channels.wire import Json, reply_json
from bot.commands.messages import draft_message
from bot.commands.opening import Opener, ready, running
from bot.core.replies import Refused, Review
from bot.core.review import MAX_DRAFT


@click.command(
    "review",
    epilog=f"A draft is UTF-8 text of at most {MAX_DRAFT:,} characters. Offsets count characters (code points) of "
    "the text as it is, line endings and a byte order mark included.",
)
@click.argument("file", default="-")
@click.option("--json", "as_json", is_flag=True, help="Give the review as JSON.")
@click.option(
    "--jsonl",
    metavar="FILE",
    help='Review each line {"id", "text"} of FILE (- for standard input) with one line of JSON, in order.',
)
@click.pass_context
def command(ctx: click.Context, file: str, as_json: bool, jsonl: str | None) -> int:
    """Review the draft in FILE (- or nothing for standard input).

    Shows each claim that the guide says not to make, what to say instead and why, and the draft as it would read.
    Exit status 1 says that there are findings.
    """
    opener: Opener = ctx.obj
    if jsonl is None:
        return asyncio.run(_review(opener, _read(file), as_json=as_json))
    if ctx.get_parameter_source("file") is not click.core.ParameterSource.DEFAULT:
        raise click.UsageError("give a FILE or --jsonl FILE, not both")
    return _review_lines(opener, jsonl)


def _read(path: str) -> str:
    if path != "-":
        with open_input(path) as stream:
            return read_text(stream, path, limit=MAX_DRAFT)
    if sys.stdin.isatty() and sys.stderr.isatty():
        click.echo("Paste the draft, then press Ctrl-D on a line of its own.", err=True)
    return read_text(sys.stdin.buffer, "standard input", limit=MAX_DRAFT)


async def _review(opener: Opener, draft: str, *, as_json: bool) -> int:
    async with ready(opener) as app:
        reply = await app.coach.reply(draft_message(draft))
    if isinstance(reply, Refused):
        raise InputError(reply.reason)
    if as_json:
        from bot.commands.output import write_json

        write_json(reply_json(reply))
    else:
        from bot.channels.terminal.console import Screen
        from bot.channels.terminal.render import render

        screen = Screen(sys.stdout)
        for part in render(reply, piped=screen.piped):
            screen.print(part)
    return 1 if isinstance(reply, Review) and reply.findings else 0


def _review_lines(opener: Opener, path: str) -> int:
    from bot.commands.batch import process

    async def reviewed(draft: str) -> Json:
        return reply_json(await app.coach.reply(draft_message(draft)))

    # One loop for all lines, but reading between its runs: there Ctrl-C ends a wait for the next line at once.
    with running(ready(opener)) as (runner, app):
        return process(path, field="text", reply=lambda draft: runner.run(reviewed(draft)))
