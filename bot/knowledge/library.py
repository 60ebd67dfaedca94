"""The knowledge folder as it is now: re-read when files change, whole even when a file breaks."""

import asyncio
import errno
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.core.lessons import Knowledge, Lesson
from bot.knowledge.faults import Fault, LessonError
from bot.knowledge.parsing import MAX_BYTES, parse_lesson

MAX_LESSONS = 5_000
RESCAN_SECONDS = 1.0
"""How old a look at the folder may be. A changed file is in force after this at the latest."""


@dataclass(frozen=True, slots=True)
class _File:
    """One lesson file as last seen; `lesson` is its last good version, `fault` what is wrong with the newest."""

    stamp: tuple[int, int, int]
    digest: str
    lesson: Lesson | None
    fault: Fault | None


class FolderLibrary:
    """The lessons of a folder, one Markdown file a lesson.

    Safe for concurrent use within one event loop.
    """

    def __init__(
        self, folder: Path, *, today: Callable[[], date] = date.today, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._today = today
        self._clock = clock
        self._files: dict[str, _File] = {}
        self._knowledge = Knowledge(lessons=())
        self._state: object = None
        self._scanned = float("-inf")
        self._folder_fault: Fault | None = None
        self._lock = asyncio.Lock()

    async def current(self) -> Knowledge:
        """Gives the lessons in force now. The same object comes back until something in force changes."""
        async with self._lock:
            if self._clock() - self._scanned >= RESCAN_SECONDS:
                await asyncio.to_thread(self._scan)
                self._scanned = self._clock()
            self._refresh()
            return self._knowledge

    @property
    def folder(self) -> Path:
        """Where the lessons are."""
        return self._folder

    @property
    def today(self) -> date:
        """The day by which lessons are in force or not."""
        return self._today()

    async def lessons(self) -> tuple[Lesson, ...]:
        """Gives the last good version of every lesson in order, in force or not, with all its tables."""
        await self.current()
        return tuple(sorted((file.lesson for file in self._files.values() if file.lesson), key=_place))

    async def faults(self) -> tuple[Fault, ...]:
        """Gives what is wrong in the folder now, file by file."""
        await self.current()
        found = [file.fault for _, file in sorted(self._files.items()) if file.fault]
        return tuple([self._folder_fault] if self._folder_fault else []) + tuple(found)

    def _scan(self) -> None:
        try:
            paths = sorted(path for path in self._folder.iterdir() if _is_lesson(path))
        except OSError as error:
            # What was loaded stays: a folder that is being replaced is gone for a moment.
            self._folder_fault = Fault(str(self._folder), 1, f"{error.strerror}: mend it or set COACH_KNOWLEDGE_DIR")
            return
        self._folder_fault = None
        if len(paths) > MAX_LESSONS:
            self._folder_fault = Fault(
                str(self._folder), 1, f"{len(paths):,} lessons; the first {MAX_LESSONS:,} are loaded"
            )
        self._files = {path.stem: _read(path, self._files.get(path.stem)) for path in paths[:MAX_LESSONS]}

    def _refresh(self) -> None:
        """Makes a new snapshot when the files' good versions or the day have changed what is in force."""
        today = self._today()
        state = (today, tuple((name, file.digest) for name, file in self._files.items()))
        if state == self._state:
            return
        self._state = state
        in_force = [lesson for file in self._files.values() if file.lesson and (lesson := file.lesson.on(today))]
        lessons = tuple(sorted(in_force, key=_place))
        if lessons != self._knowledge.lessons:
            self._knowledge = Knowledge(lessons=lessons)


def _read(path: Path, known: _File | None) -> _File:
    """Reads one file unless it is as `known`; what cannot be read or parsed keeps the known lesson."""
    last_good, digest = (known.lesson, known.digest) if known else (None, "")
    try:
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size)
        if known and known.stamp == stamp:
            return known
        raw = read_source(path)
    except OSError as error:
        fault = Fault(str(path), 1, f"cannot be read: {error.strerror}")
        return _File(stamp=(0, 0, 0), digest=digest, lesson=last_good, fault=fault)
    try:
        lesson = parse_lesson(raw, lesson=path.stem, file=str(path))
    except LessonError as error:
        return _File(stamp=stamp, digest=digest, lesson=last_good, fault=error.fault)
    return _File(stamp=stamp, digest=hashlib.sha256(raw).hexdigest(), lesson=lesson, fault=None)


def read_source(path: Path, *, most: int = MAX_BYTES) -> bytes:
    """Reads a file of the knowledge folder, one byte over `most` at most, so that one too large is told.

    Raises:
        OSError: it cannot be read, or is no regular file (a named pipe would never end).
    """
    if not path.is_file():
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    with path.open("rb") as file:
        return file.read(most + 1)


def _place(lesson: Lesson) -> tuple[int, str]:
    return lesson.order, lesson.id


def _is_lesson(path: Path) -> bool:
    return path.suffix == ".md" and not path.name.startswith((".", "_")) and path.stem.lower() != "readme"
