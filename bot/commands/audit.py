"""`coach audit`: who did what over some days, as lines of JSON, without a draft, a question or an answer."""

import asyncio
import re
import sys
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from bot import __version__
from bot.commands.opening import Opener, store_opened
from bot.commands.output import complain, json_bytes
from bot.commands.replacing import replacing

if TYPE_CHECKING:
    from bot.commands.audit_lines import Days
    from bot.core.state import Store

FORMAT = "field-coach-audit"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _day(_: click.Context, parameter: click.Parameter, given: str | None) -> date | None:
    if given is None:
        return None
    try:
        if _DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise click.UsageError(f"{parameter.opts[0]} is {given!r}: write a day such as 2026-11-30")


@click.command("audit")
@click.option("--from", "first", metavar="DAY", callback=_day, help="The first day in UTC, such as 2026-11-01.")
@click.option("--to", "last", metavar="DAY", callback=_day, help="The last day in UTC, itself included.")
@click.option("--out", metavar="FILE", help="Write FILE; an existing one is replaced once the new one is whole.")
@click.pass_obj
def command(opener: Opener, first: date | None, last: date | None, out: str | None) -> int:
    """Export what an audit asks for, one JSON object a line.

    Who published, moved, tried out, evaluated or was refused which prompt version, when, and with what note; what
    writers decided about findings, by guide row, with their reasons; of what people wrote about answers its length;
    messages that were given up, with the reason. There is no draft, question or answer in it, and nobody's name but
    those of who acted on versions.

    The first line says what the file is, the last one counts those between. Without --from or --to that end is open.
    """
    if first and last and first > last:
        raise click.UsageError(f"--from ({first}) is after --to ({last})")
    from bot.commands.audit_lines import Days

    return asyncio.run(_audit(opener, Days(first=first, last=last), out))


async def _audit(opener: Opener, days: "Days", out: str | None) -> int:
    async with store_opened(opener) as app:
        with replacing(Path(out)) if out else nullcontext(sys.stdout.buffer) as target:
            target.write(json_bytes(_header(days)))
            count, unread = await _write(app.store, days, target)
            target.write(json_bytes({"kind": "end", "lines": count, "unread": unread}))
            target.flush()
    from bot.channels.terminal.layout import counted

    if unread:
        told = counted(unread, "record")
        complain(f"left out, since only a newer Field Coach can read them: {told}; upgrade the program")
    if out:
        click.echo(f"Wrote {counted(count, 'line')} to {click.format_filename(out)}")
    return 0


async def _write(store: "Store", days: "Days", target: BinaryIO) -> tuple[int, int]:
    """Writes the lines; gives how many, and how many entries this program cannot read."""
    from bot.commands.audit_lines import Unread, audit_lines

    count = unread = 0
    async for line in audit_lines(store, days):
        if isinstance(line, Unread):
            unread += 1
        else:
            target.write(json_bytes(line))
            count += 1
    return count, unread


def _header(days: "Days") -> dict[str, object]:
    return {
        "kind": FORMAT,
        "version": 1,
        "program": __version__,
        "from": days.first.isoformat() if days.first else None,
        "to": days.last.isoformat() if days.last else None,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
