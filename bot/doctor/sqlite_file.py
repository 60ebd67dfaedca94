"""The embedded store: its file, its folder, the room on the disk."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.beside import beside
from bot.core.state import StoreAwayError
from bot.doctor.finding import Finding, State
from bot.settings import Settings
from bot.stores.opening import FILE
from bot.stores.sqlite.looking import KNOWN, Marks, SqliteLook

SUBJECT = "store"
LEAST_ROOM = 200_000_000
"""Bytes: erasing writes the file anew beside itself, and other programs write too."""

_ELSEWHERE = "name another COACH_DATA_DIR, or let who runs the coach write there"
_ANEW = "restore it from a backup (docs/state.md), or move it away to start anew"
_FAULTS = {
    sqlite3.SQLITE_BUSY: ("is held by another program", "end that program, or try again"),
    sqlite3.SQLITE_NOTADB: ("is no database", _ANEW),
    sqlite3.SQLITE_CORRUPT: ("is broken", _ANEW),
}


async def check(settings: Settings) -> Sequence[Finding]:
    """Says whether the file can be used, and for how long yet."""
    folder = settings.coach_data_dir
    there = await beside(lambda: list(_outside(folder)))
    if any(finding.state is State.PROBLEM for finding in there) or not (folder / FILE).exists():
        return [*there, *await beside(lambda: list(_room(folder)))]
    look = SqliteLook(folder / FILE)
    try:
        inside = [_inside(await look.marks())]
    except StoreAwayError as error:
        inside = [_fault(error.__cause__)]
    finally:
        await look.close()
    return [*there, *inside, *await beside(lambda: list(_room(folder)))]


def _outside(folder: Path) -> Iterator[Finding]:
    """What can be told without opening the file."""
    file = folder / FILE
    if not folder.exists():
        if os.access(_nearest(folder), os.W_OK | os.X_OK):
            yield _ok("SQLite; the folder COACH_DATA_DIR is not there yet, the first start makes it")
        else:
            yield _problem("the folder COACH_DATA_DIR is not there, and cannot be made", _ELSEWHERE)
    elif not folder.is_dir():
        yield _problem("COACH_DATA_DIR is no folder", _ELSEWHERE)
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield _problem("the folder COACH_DATA_DIR cannot be written to", _ELSEWHERE)
    elif not file.exists():
        yield _ok(f"SQLite; {FILE} is not there yet, the first start makes it")
    elif not file.is_file():
        yield _problem(f"{FILE} in COACH_DATA_DIR is no file", _ELSEWHERE)
    elif not os.access(file, os.R_OK | os.W_OK):
        yield _problem(f"{FILE} in COACH_DATA_DIR cannot be written to", _ELSEWHERE)


def _inside(marks: Marks) -> Finding:
    if not marks.is_ours:
        return _problem(f"{FILE} is another program's database", "move it away, or name another COACH_DATA_DIR")
    if marks.schema > KNOWN:
        says = f"{FILE} was written by a newer Field Coach (schema {marks.schema}, this one knows {KNOWN})"
        return _problem(says, "upgrade the program, or name another COACH_DATA_DIR")
    if not marks.schema:
        return _ok(f"SQLite; {FILE} is empty, the first start fills it")
    says = f"SQLite; {FILE} can be written to, schema {marks.schema}"
    if marks.schema < KNOWN:
        says += f" of {KNOWN}, which the next start brings it to"
    if not marks.is_wal:
        return Finding(SUBJECT, State.UNSURE, f"{says}, without a write-ahead log", "the next start turns it on")
    return _ok(f"{says}, with a write-ahead log")


def _room(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(_nearest(folder)).free
    says = f"{free / 1e9:,.1f} GB free on the disk of COACH_DATA_DIR"
    yield _problem(says, "make room on the disk") if free < LEAST_ROOM else _ok(says)


def _fault(cause: BaseException | None) -> Finding:
    # The low byte is the kind, the others its details.
    kind = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    says, mend = _FAULTS.get(kind, ("cannot be read", _ELSEWHERE))
    return _problem(f"{FILE} in COACH_DATA_DIR {says}", mend)


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    folder = folder.absolute()
    return next(each for each in (folder, *folder.parents) if each.exists())


def _ok(says: str) -> Finding:
    return Finding(SUBJECT, State.OK, says)


def _problem(says: str, mend: str) -> Finding:
    return Finding(SUBJECT, State.PROBLEM, says, mend)
