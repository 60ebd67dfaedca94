"""`coach restore`: what `coach backup` saved, into an empty store."""

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from bot.channels.terminal.reading import InputError, open_input
from bot.commands.opening import Opener, store_opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.prompts.entries import Entry
    from bot.prompts.standing import Standing
    from bot.stores.backup_reading import Backup

NOT_EMPTY = (
    "the store holds prompt versions already: name an empty one, by another COACH_DATA_DIR or by another REDIS_URL"
)


@click.command("restore")
@click.argument("file")
@click.pass_obj
def command(opener: Opener, file: str) -> int:
    """Bring back what `coach backup` wrote to FILE (- for standard input).

    The store must be empty: run it before the coach is started on it. The file is checked whole before anything is
    written.
    """
    backup, standing = _read(file)
    return asyncio.run(_restore(opener, backup, standing))


def _read(file: str) -> "tuple[Backup, Standing]":
    """A backup that can be restored, and how things stand in it.

    Raises:
        InputError: it cannot be read, or it is no whole backup.
    """
    from bot.prompts.entries import STREAM
    from bot.stores.backup_reading import BackupError, read_backup

    name = "standard input" if file == "-" else file
    try:
        if file == "-":
            backup = read_backup(sys.stdin.buffer, stream=STREAM)
        else:
            with open_input(file) as source:
                backup = read_backup(source, stream=STREAM)
        return backup, _standing(backup)
    except BackupError as error:
        raise InputError(f"{name}: {error}") from error


def _standing(backup: "Backup") -> "Standing":
    from bot.prompts.standing import Standing, fold
    from bot.stores.backup_reading import BackupError

    try:
        return fold(Standing(), _entries(backup))
    except KeyError as error:
        raise BackupError("its entries do not follow from each other: it was altered") from error


def _entries(backup: "Backup") -> "Iterator[Entry]":
    from bot.prompts.entries import read_entry
    from bot.stores.backup_reading import BackupError

    for position, line in enumerate(backup.entries, 1):
        try:
            entry = read_entry(line)
        except ValueError as error:
            raise BackupError(f"this program cannot read its entry {position}: upgrade the program") from error
        yield entry


async def _restore(opener: Opener, backup: "Backup", standing: "Standing") -> int:
    from bot.channels.terminal.saved import saved
    from bot.core.comments import COMMENTS
    from bot.core.decisions import DECISIONS
    from bot.core.state import ConflictError, Snapshot
    from bot.prompts.entries import STREAM
    from bot.prompts.standing import write_standing
    from bot.stores.backup import is_empty, restore_backup

    async with store_opened(opener) as app:
        try:
            if not await is_empty(app.store, backup, stream=STREAM):
                raise InputError(NOT_EMPTY)
            await restore_backup(app.store, backup, stream=STREAM)
            # A long trail need not be read from its start again.
            await app.store.log.keep_snapshot(STREAM, Snapshot(standing.length, write_standing(standing)))
        except ConflictError:
            raise InputError(NOT_EMPTY) from None
    live = "none is live" if standing.live is None else f"version {standing.live} is live"
    decisions, comments = [len(backup.further.get(stream, ())) for stream in (DECISIONS, COMMENTS)]
    what = saved(versions=len(standing.versions), entries=standing.length, decisions=decisions, comments=comments)
    click.echo(f"Restored {what}; {live}.")
    return 0
