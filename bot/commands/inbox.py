"""`coach inbox`: how much waits, what was given up, another try or none. A message's text is never shown."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from bot.channels.terminal.reading import InputError
from bot.commands.opening import Opener, store_opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from bot.core.state import DeadLetter, Depth

MAX_SHOWN = 100
"""Dead letters that are shown."""


@click.group("inbox", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Give it as JSON.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Show how many messages wait, and those that were given up: who wrote, how often it failed, and why.

    A message is given up when it has failed five times. A message's text is never shown.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    return asyncio.run(_show(ctx.obj, as_json=as_json))


@command.command("retry")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every message that was given up.")
@click.pass_obj
def retry(opener: Opener, ids: tuple[str, ...], every: bool) -> int:
    """Put messages that were given up back, as if they had just come."""
    if bool(ids) is every:
        raise click.UsageError("give the ids of messages, or --all")
    return asyncio.run(_retry(opener, ids))


@command.command("discard")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.pass_obj
def discard(opener: Opener, ids: tuple[str, ...]) -> int:
    """Erase messages that were given up, for good."""
    return asyncio.run(_discard(opener, ids))


async def _show(opener: Opener, *, as_json: bool) -> int:
    async with store_opened(opener) as app:
        depth = await app.store.inbox.depth()
        letters = await app.store.inbox.dead(limit=MAX_SHOWN)
    if as_json:
        from bot.commands.output import write_json

        write_json(_json(depth, letters))
        return 0
    from bot.channels.terminal.console import Screen

    screen = Screen(sys.stdout)
    for part in _render(depth, letters, now=datetime.now(UTC)):
        screen.print(part)
    return 0


async def _retry(opener: Opener, ids: "Sequence[str]") -> int:
    async with store_opened(opener) as app:
        inbox = app.store.inbox
        if not ids:
            ids = [letter.id for letter in await inbox.dead(limit=(await inbox.depth()).dead)]
        unknown = [id_ for id_ in ids if not await inbox.retry(id_)]
    return _told(ids, unknown, "put back")


async def _discard(opener: Opener, ids: "Sequence[str]") -> int:
    ids = tuple(dict.fromkeys(ids))
    async with store_opened(opener) as app:
        # At once: a store that rewrites its file for it does so once for all.
        are_erased = await asyncio.gather(*map(app.store.inbox.discard, ids))
    return _told(ids, [id_ for id_, is_erased in zip(ids, are_erased, strict=True) if not is_erased], "erased")


def _told(ids: "Sequence[str]", unknown: "Sequence[str]", done: str) -> int:
    """Says how many of `ids` it is `done` with.

    Raises:
        InputError: some are of no message that was given up.
    """
    from bot.channels.terminal.layout import counted

    known = len(ids) - len(unknown)
    if known or not unknown:
        click.echo(f"{counted(known, 'message')} {done}.")
    if unknown:
        raise InputError(
            f"no message of this id was given up: {', '.join(unknown)}; `coach inbox` shows those there are"
        )
    return 0


def _json(depth: "Depth", letters: "Sequence[DeadLetter]") -> dict[str, object]:
    return {
        "waiting": depth.waiting,
        "leased": depth.leased,
        "dead": depth.dead,
        "oldest_seconds": round(depth.oldest, 1),
        "letters": [
            {
                "id": letter.id,
                "person": letter.person,
                "channel": letter.channel,
                "attempts": letter.attempts,
                "reason": letter.reason,
                "at": _time(letter).isoformat(timespec="seconds"),
            }
            for letter in letters
        ],
    }


def _render(depth: "Depth", letters: "Sequence[DeadLetter]", *, now: datetime) -> "Iterator[RenderableType]":
    from rich.text import Text

    from bot.channels.terminal.escaping import one_line
    from bot.channels.terminal.layout import Paragraph, counted, words
    from bot.channels.terminal.times import ago, utc

    counts = f"{depth.waiting:,} waiting, {depth.leased:,} being answered, {depth.dead:,} given up"
    came = ago(now - timedelta(seconds=depth.oldest), now)
    yield Text(f"{counts}; the oldest came {came}." if depth.waiting or depth.leased else f"{counts}.")
    for letter in letters:
        yield Text()
        yield Paragraph(words(one_line(letter.id), "bold"))
        yield Paragraph(words(one_line(letter.reason), "red"), Text("  "))
        given_up = f"given up {ago(_time(letter), now)}, {utc(_time(letter))}"
        told = one_line(f"{counted(letter.attempts, 'attempt')}, {given_up}, {letter.person}")
        yield Paragraph(Text(told, style="dim"), Text("  "))
    if depth.dead > len(letters):
        yield Text()
        yield Text(f"Shown are the {len(letters):,} oldest.", style="dim")


def _time(letter: "DeadLetter") -> datetime:
    return datetime.fromtimestamp(letter.at, UTC)
