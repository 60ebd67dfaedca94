"""`coach ask`: one answer, or one a line."""

import asyncio
import sys
from collections.abc import AsyncIterator

import click

from bot.channels.terminal.reading import InputError
from bot.channels.wire import Json, reply_json
from bot.commands.messages import question_message
from bot.commands.opening import Opener, ready, running
from bot.core.ask import MAX_QUESTION
from bot.core.replies import Event, Refused


@click.command(
    "ask",
    epilog=f"A question has at most {MAX_QUESTION:,} characters. Put -- before one that begins with a dash.",
)
@click.argument("question", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Give the answer as JSON.")
@click.option(
    "--jsonl",
    metavar="FILE",
    help='Answer each line {"id", "question"} of FILE (- for standard input) with one line of JSON, in order.',
)
@click.pass_obj
def command(opener: Opener, question: tuple[str, ...], as_json: bool, jsonl: str | None) -> int:
    """Answer a QUESTION from the lessons, with the lines it rests on."""
    if jsonl is not None and question:
        raise click.UsageError("give a QUESTION or --jsonl FILE, not both")
    if jsonl is not None:
        return _answer_lines(opener, jsonl)
    if not question:
        raise click.UsageError("give a QUESTION, or --jsonl FILE")
    return asyncio.run(_answer(opener, " ".join(question), as_json=as_json))


async def _answer(opener: Opener, question: str, *, as_json: bool) -> int:
    async with ready(opener) as app:
        events = _accepted(app.coach.handle(question_message(question)))
        from bot.channels.terminal.console import Screen
        from bot.channels.terminal.showing import show
        from bot.commands.output import write_json
        from bot.core.coach import reply_of

        if as_json:
            write_json(reply_json(await reply_of(events)))
        else:
            await show(events, Screen(sys.stdout))
    return 0


async def _accepted(events: AsyncIterator[Event]) -> AsyncIterator[Event]:
    """Passes `events` on; a refusal is bad input here."""
    async for event in events:
        if isinstance(event, Refused):
            raise InputError(event.reason)
        yield event


def _answer_lines(opener: Opener, path: str) -> int:
    from bot.commands.batch import process

    async def answered(question: str) -> Json:
        return reply_json(await app.coach.reply(question_message(question)))

    # One loop for all lines, but reading between its runs: there Ctrl-C ends a wait for the next line at once.
    with running(ready(opener)) as (runner, app):
        return process(path, field="question", reply=lambda question: runner.run(answered(question)))
