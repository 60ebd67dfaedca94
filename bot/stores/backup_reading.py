"""Reads a backup and checks it, before anything of it is written to a store."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

FORMAT = "field-coach-backup"
FORMAT_VERSION = 1
MAX_LINE = 64_000_000
"""Bytes; an entry that holds the longest prompt takes about two million when every character is escaped."""
_MOST = 2**63 - 1
"""The largest sum that a store holds."""


class BackupError(Exception):
    """A file that cannot be restored from; the message says in one line what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a file holds: the stream's entries in order, each further stream's too, and each group's sums."""

    entries: Sequence[str] = field(repr=False)
    further: Mapping[str, Sequence[str]] = field(repr=False)
    counters: Mapping[str, Mapping[str, int]]


def read_backup(source: BinaryIO, *, stream: str) -> Backup:
    """Reads a whole backup of the stream, and of what further ones there are, and checks it.

    Raises:
        BackupError: it is no backup, or of a newer program, or it was cut short or altered.
        OSError: `source` cannot be read.
    """
    reading = _Reading(stream)
    for number, (line, value) in enumerate(_values(source), 1):
        reading.take(number, line, value)
    if not reading.ended:
        raise BackupError("it is empty" if reading.empty else "it was cut short: its last line is missing")
    return Backup(reading.entries, reading.further, reading.counters)


class _Reading:
    """A backup as far as it was read."""

    def __init__(self, stream: str) -> None:
        self.entries: list[str] = []
        self.further: dict[str, list[str]] = {}
        self.counters: dict[str, Mapping[str, int]] = {}
        self.empty = True
        self.ended = False
        self._stream = stream
        self._sha256 = hashlib.sha256()

    def take(self, number: int, line: bytes, value: object) -> None:
        """Takes the next line, which holds `value`."""
        if self.ended:
            raise BackupError(f"something follows its last line, in line {number}: it was altered")
        if number == 1:
            _require_format(value)
            self.empty = False
        else:
            self._take(number, value)
        self._sha256.update(line)

    def _take(self, number: int, value: object) -> None:
        match value:
            case {"stream": self._stream}:
                _append(self.entries, self._stream, number, value)
            case {"stream": _}:
                raise _misplaced(self.entries, self._stream, number)
            case {"further": str(stream)} if stream != self._stream:
                _append(self.further.setdefault(stream, []), stream, number, value)
            case {"counters": str(group), "sums": dict(sums)} if _are_sums(sums) and group not in self.counters:
                self.counters[group] = sums
            case {"lines": int(count), "sha256": str(digest)}:
                if (count, digest) != (number - 1, self._sha256.hexdigest()):
                    raise BackupError("its checksum does not fit what it holds: it was altered")
                self.ended = True
            case _:
                raise BackupError(f"line {number} is no line of a backup: it was altered")


def _append(entries: list[str], stream: str, number: int, value: object) -> None:
    """Takes an entry which has to be the stream's next."""
    match value:
        case {"position": int(position), "entry": str(entry)} if position == len(entries) + 1:
            entries.append(entry)
        case _:
            raise _misplaced(entries, stream, number)


def _misplaced(entries: Sequence[str], stream: str, number: int) -> BackupError:
    return BackupError(f"line {number} is not entry {len(entries) + 1} of {stream!r}: it was altered")


def _values(source: BinaryIO) -> Iterator[tuple[bytes, object]]:
    """Each line and what it holds."""
    number = 0
    while line := source.readline(MAX_LINE + 1):
        number += 1
        if not line.endswith(b"\n"):
            raise BackupError("it was cut short" if len(line) <= MAX_LINE else f"line {number} is too long")
        try:
            yield line, json.loads(line)
        except (ValueError, RecursionError):
            what = "it is no backup of Field Coach" if number == 1 else f"line {number} is not JSON: it was altered"
            raise BackupError(what) from None


def _require_format(value: object) -> None:
    match value:
        case {"format": format_, "version": int(version)} if format_ == FORMAT:
            if version > FORMAT_VERSION:
                raise BackupError(
                    f"it was written by a newer Field Coach (format {version}, this one reads {FORMAT_VERSION}): "
                    "upgrade the program"
                )
        case _:
            raise BackupError("it is no backup of Field Coach")


def _are_sums(sums: Mapping[object, object]) -> bool:
    return all(
        isinstance(name, str) and isinstance(value, int) and -_MOST <= value <= _MOST for name, value in sums.items()
    )
