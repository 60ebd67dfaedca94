"""`coach ask`: one answer, or one a line."""

import asyncio
import sys
from collections.abc import AsyncIterator

import click

from bot.channels.terminal.reading import InputError
from bot.channels.wire import Json, reply_json
from bot.commands.opening import Opener, require_lessons
from bot.core.ask import MAX_QUESTION
from bot.core.messages import Incoming
from bot.core.replies import Event, Refused

PERSON = "local"
THREAD = "local:ask"


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
    parts = opener()
    await require_lessons(parts)
    events = _accepted(parts.coach.ask(question, person=PERSON, thread=THREAD))
    from bot.channels.terminal.console import Screen
    from bot.channels.terminal.showing import reply_of, show
    from bot.commands.output import write_json

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
    from bot.channels.terminal.showing import reply_of
    from bot.commands.batch import process

    async def answered(question: str) -> Json:
        reply = await reply_of(parts.coach.ask(question, person=PERSON, thread=THREAD))
        # No line is a follow-up of the one before it, and the thread must not grow with the file.
        await reply_of(parts.coach.handle(Incoming(id=THREAD, person=PERSON, thread=THREAD, text="forget me")))
        return reply_json(reply)

    # One loop for all lines, but reading between its runs: there Ctrl-C ends a wait for the next line at once.
    with asyncio.Runner() as runner:
        parts = opener()
        runner.run(require_lessons(parts))
        return process(path, field="question", reply=lambda question: runner.run(answered(question)))
