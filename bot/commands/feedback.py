"""`coach knowledge feedback`: what writers decided about the findings of each guide row, and said of answers."""

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from bot.commands.opening import Opener, store_opened
from bot.commands.output import complain, write_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.app import App
    from bot.core.decisions import RowFeedback
    from bot.knowledge.feedback_examples import Gone


@click.command("feedback")
@click.option("--json", "as_json", is_flag=True, help="Give every entry as it is kept, one a line, the oldest first.")
@click.option(
    "--examples", "as_examples", is_flag=True, help="Give the sentences that you may see as examples of a lesson."
)
@click.pass_obj
def command(opener: Opener, as_json: bool, as_examples: bool) -> int:
    """Show for each guide row what writers decided about its findings.

    How often they used the replacement, kept their own words, or did not mean what the coach took them to say; then
    their reasons, the newest first, with the sentence where its writer agreed to that. Of several decisions about one
    finding the last one counts; a finding that nobody decided on does not. Last comes what people wrote when they rated
    an answer. Nobody's name is kept.

    --examples gives each sentence that its writer agreed to show you and that is no example yet, one a line. Check
    them, and take out names and whatever else is nobody's business. Append them to examples/LESSON.jsonl in the
    knowledge folder; "lesson" says which. Where "stance" is null write what the sentence does with the row's claim:
    asserts, denies, asks, reported, approved or other; "choices" and "reasons" say what its writers thought of it.
    Then run `coach knowledge check`, which tells what is still missing, and `make train`.
    """
    if as_json and as_examples:
        raise click.UsageError("give --json or --examples, not both")
    return asyncio.run(_show(opener, _write_entries if as_json else _write_examples if as_examples else _render))


async def _show(opener: Opener, show: "Callable[[App], Awaitable[int]]") -> int:
    async with store_opened(opener) as app:
        unread = await show(app)
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


async def _write_examples(app: "App") -> int:
    """Writes the sentences that may be seen as examples; gives how many entries this program cannot read."""
    from bot.channels.terminal.layout import counted
    from bot.knowledge.check import examples_of
    from bot.knowledge.examples import Stance
    from bot.knowledge.feedback_examples import propose

    rows, unread = await _decided(app)
    library = app.library
    lessons = await library.lessons()
    made = propose(rows, lessons, examples=partial(examples_of, library.folder), today=library.today)
    for one in made.proposed:
        write_json(asdict(one), indent=None)
    for gone in made.gone:
        there = gone.lesson in {lesson.id for lesson in lessons}
        complain(f"left out: {counted(gone.sentences, 'sentence')}, since {_why_gone(gone, there=there)}")
    if made.known:
        complain(f"left out: {counted(made.known, 'sentence')} that the examples have already")
    if unknown := sum(one.stance is None for one in made.proposed):
        told = f'{counted(unknown, "sentence")} with "stance": null, since only you can tell'
        complain(f"{told}: write one of {', '.join(Stance)}; until then the line is an error")
    if not (made.proposed or made.gone or made.known):
        complain("no sentence: no writer has agreed yet to show one to the guide's owner")
    return unread


def _why_gone(gone: "Gone", *, there: bool) -> str:
    if not there:
        return f"there is no lesson {gone.lesson} that can be used"
    if not gone.dont_say:
        return f"an older Field Coach kept no words of the row in the guide of {gone.lesson}"
    return f'the guide of {gone.lesson} has no row "{gone.dont_say}" now'


async def _decided(app: "App") -> "tuple[tuple[RowFeedback, ...], int]":
    """Gives what writers decided, row by row, and how many entries this program cannot read."""
    from bot.core.decisions import DECISIONS, Feedback, read_decision
    from bot.core.log_entries import entries_of

    feedback = Feedback()
    unread = 0
    async for entry in entries_of(app.store.log, DECISIONS):
        if decision := read_decision(entry):
            feedback.add(decision)
        else:
            unread += 1
    return feedback.rows(), unread


async def _render(app: "App") -> int:
    """Shows what the entries come to; gives how many this program cannot read."""
    from bot.channels.terminal.console import Screen
    from bot.channels.terminal.feedback import render_feedback
    from bot.core.comments import COMMENTS, read_comment
    from bot.core.log_entries import entries_of

    rows, unread = await _decided(app)
    read = [read_comment(entry) async for entry in entries_of(app.store.log, COMMENTS)]
    comments = tuple(comment for comment in reversed(read) if comment)
    unread += len(read) - len(comments)
    screen = Screen(sys.stdout)
    for part in render_feedback(rows, comments, piped=screen.piped, now=datetime.now(UTC)):
        screen.print(part)
    return unread
