"""`coach backup`: the versions of the system prompt, their trail and figures, and what people said, in one file."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import __version__
from bot.channels.terminal.reading import InputError
from bot.commands.opening import Opener, store_opened
from bot.commands.replacing import replacing

if TYPE_CHECKING:
    from bot.prompts.standing import Standing


@click.command("backup")
@click.argument("file")
@click.pass_obj
def command(opener: Opener, file: str) -> int:
    """Write every prompt version, the trail, all figures and what writers decided to FILE.

    FILE is - for standard output; an existing one is replaced once the new one is whole. `coach restore FILE` brings
    it back, into another kind of store too. Messages and conversations are not in it.
    """
    return asyncio.run(_backup(opener, file))


async def _backup(opener: Opener, file: str) -> int:
    from bot.channels.terminal.saved import saved
    from bot.core.comments import COMMENTS
    from bot.core.decisions import DECISIONS
    from bot.prompts.entries import STREAM
    from bot.stores.backup import write_backup

    async with store_opened(opener) as app:
        standing = await app.history.standing()
        if not standing.length:
            raise InputError("the store holds no prompt versions yet: there is nothing to save")
        decisions, comments = [await app.store.log.length(stream) for stream in (DECISIONS, COMMENTS)]
        with nullcontext(sys.stdout.buffer) if file == "-" else replacing(Path(file)) as target:
            await write_backup(
                app.store,
                target,
                stream=STREAM,
                length=standing.length,
                further={DECISIONS: decisions, COMMENTS: comments},
                groups=_groups(standing),
                program=__version__,
                at=datetime.now(UTC),
            )
    if file != "-":
        what = saved(versions=len(standing.versions), entries=standing.length, decisions=decisions, comments=comments)
        click.echo(f"Saved {what} to {click.format_filename(file)}")
    return 0


def _groups(standing: "Standing") -> Sequence[str]:
    """The counters of every version, and of the trial under way."""
    from bot.prompts.usage import trial_group, version_group

    groups = [version_group(number) for number in standing.versions]
    if standing.trial and standing.live is not None:
        groups += [trial_group(standing.trial.position, number) for number in (standing.trial.version, standing.live)]
    return groups
