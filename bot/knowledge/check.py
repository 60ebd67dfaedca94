"""Checks the knowledge folder: what is wrong in it, and what is worth a look."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.core.lessons import GuideRow, Lesson, Period
from bot.knowledge.examples import ENOUGH, MAX_BYTES, Example, Stance, asserting, examples_path, parse_examples
from bot.knowledge.faults import Fault, LessonError
from bot.knowledge.library import FolderLibrary, read_source
from bot.knowledge.parsing import GUIDE_HEADER, other_tables

ALMOST = 80
"""Likeness of a table's header to the guide's, 0 to 100, from which a slip of the pen is more likely than intent."""

HEADER = "Don't say | Do say | Why it matters"
_WORD = re.compile(r"\w+")


class Severity(StrEnum):
    """An error is something written that is not in force as it is meant; a warning is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault and how grave it is."""

    severity: Severity
    fault: Fault

    def __str__(self) -> str:
        return f"{self.fault.file}:{self.fault.line}: {self.severity.value}: {self.fault.message}"


@dataclass(frozen=True, slots=True)
class Source:
    """A lesson and the bytes that it and its examples (None: there are none) are read from."""

    lesson: Lesson
    file: str
    raw: bytes
    examples_file: str
    examples: bytes | None


async def check_folder(library: FolderLibrary) -> tuple[Problem, ...]:
    """Gives every problem of the library's folder: files that cannot be used first, then lesson by lesson."""
    lessons = await library.lessons()
    problems = [Problem(Severity.ERROR, fault) for fault in await library.faults()]
    broken = {problem.fault.file for problem in problems}
    if not lessons and not problems:
        problems.append(_error(str(library.folder), 1, "no lessons: put Markdown files into it"))
    for lesson in lessons:
        path = library.folder / f"{lesson.id}.md"
        if str(path) in broken:
            continue
        try:
            problems += check_lesson(_source(library.folder, path, lesson), today=library.today)
        except OSError as error:
            problems.append(_error(str(error.filename or path), 1, f"cannot be read: {error.strerror}"))
    problems += _orphans(library.folder, {lesson.id for lesson in lessons})
    return tuple(problems)


def check_lesson(source: Source, *, today: date) -> Iterator[Problem]:
    """Yields the problems of one lesson that could be parsed."""
    lesson = source.lesson
    if not lesson.period.holds(today):
        yield _warning(source.file, 1, f"the lesson is out of force ({period_words(lesson.period, today)})")
    yield from _almost_guides(source)
    if not lesson.guide:
        yield _warning(source.file, 1, f"no guide, so no draft is reviewed by this lesson: add a table {HEADER}")
        if source.examples is None:
            return
    yield from _rows_out_of_force(source, today)
    yield from _row_clashes(source)
    yield from _examples(source)


def examples_of(folder: Path, lesson: Lesson) -> tuple[Example, ...]:
    """Gives a lesson's examples that can be used; what is wrong with the others `check_folder` tells."""
    path = examples_path(folder, lesson.id)
    try:
        raw = read_source(path, most=MAX_BYTES)
    except OSError:  # there are none, or `check_folder` tells why not
        return ()
    read = parse_examples(raw, file=str(path), rows=len(lesson.guide))
    return tuple(item for item in read if isinstance(item, Example))


def period_words(period: Period, today: date) -> str:
    """Whether a period holds on `today`, in words: "yes", "from 2026-12-01", "until 2026-06-30"."""
    if period.first and today < period.first:
        return f"from {period.first}"
    if period.last and period.last < today:
        return f"until {period.last}"
    return "yes"


def _source(folder: Path, path: Path, lesson: Lesson) -> Source:
    examples = examples_path(folder, lesson.id)
    raw: bytes | None = None
    if examples.exists():
        raw = read_source(examples, most=MAX_BYTES)
    return Source(lesson=lesson, file=str(path), raw=read_source(path), examples_file=str(examples), examples=raw)


def _almost_guides(source: Source) -> Iterator[Problem]:
    from rapidfuzz.fuzz import ratio

    try:
        for line, header in other_tables(source.raw, file=source.file):
            names = [" ".join(_WORD.findall(cell.lower())) for cell in header]
            likeness = ratio(" ".join(names), " ".join(" ".join(_WORD.findall(cell)) for cell in GUIDE_HEADER))
            if likeness >= ALMOST or names[0] in ("don t say", "dont say", "do not say"):
                message = f"almost a guide, but not read as one: {' | '.join(header):.120}; write {HEADER}"
                yield _error(source.file, line, message)
    except LessonError as error:  # the file has changed since the library read it
        yield Problem(Severity.ERROR, error.fault)


def _rows_out_of_force(source: Source, today: date) -> Iterator[Problem]:
    told: set[Period] = set()
    for row in source.lesson.guide:
        if not row.period.holds(today) and row.period not in told:
            told.add(row.period)
            when = period_words(row.period, today)
            yield _warning(source.file, row.line, f"guide row {row.row} is out of force ({when})")


def _row_clashes(source: Source) -> Iterator[Problem]:
    """Rows that repeat another row's claim, or tell to say what another says not to; linear in the guide's words."""
    claims: dict[str, GuideRow] = {}
    for row in source.lesson.guide:
        first = claims.setdefault(_words(row.dont_say), row)
        if first is not row:
            message = f"guide row {row.row} says not to say what row {first.row} does: keep one"
            yield _warning(source.file, row.line, message)
    claim_lengths = sorted({len(claim.split()) for claim in claims} - {0})
    for row in source.lesson.guide:
        say = _words(row.say).split()
        for length in claim_lengths:
            for start in range(len(say) - length + 1):
                if other := claims.get(" ".join(say[start : start + length])):
                    message = f"guide row {row.row} says to say what row {other.row} says not to: reword one of them"
                    yield _warning(source.file, row.line, message)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _examples(source: Source) -> Iterator[Problem]:
    if source.examples is None:
        yield _warning(
            source.file,
            source.lesson.guide[0].line,
            f"no examples, so far paraphrases are found less well: add {source.examples_file}",
        )
        return
    rows = len(source.lesson.guide)
    examples: list[Example] = []
    for item in parse_examples(source.examples, file=source.examples_file, rows=rows):
        if isinstance(item, Fault):
            yield Problem(Severity.ERROR, item)
        else:
            examples.append(item)
    yield from _rows_lacking(source.examples_file, rows, examples)


def _rows_lacking(file: str, rows: int, examples: Sequence[Example]) -> Iterator[Problem]:
    counts = asserting(examples)
    if few := [f"{row} ({counts[row]})" for row in range(1, rows + 1) if counts[row] < ENOUGH]:
        message = f"fewer than {ENOUGH} sentences that assert guide row {', '.join(few)}: add paraphrases of the claim"
        yield _warning(file, 1, message)
    countered = {example.row for example in examples if example.stance is not Stance.ASSERTS}
    if bare := [str(row) for row in range(1, rows + 1) if row not in countered]:
        kinds = ", ".join(stance for stance in Stance if stance is not Stance.ASSERTS)
        message = f"no counterexample for guide row {', '.join(bare)}: add sentences about it that do not claim it"
        yield _warning(file, 1, f"{message} ({kinds})")


def _orphans(folder: Path, lessons: set[str]) -> Iterator[Problem]:
    try:
        paths = sorted((folder / "examples").glob("*.jsonl"))
    except OSError as error:
        yield _error(str(folder / "examples"), 1, f"cannot be listed: {error.strerror}")
        return
    for path in paths:
        if path.stem not in lessons:
            yield _error(str(path), 1, f"examples of no lesson: there is no {path.stem}.md, or it cannot be used")


def _error(file: str, line: int, message: str) -> Problem:
    return Problem(Severity.ERROR, Fault(file, line, message))


def _warning(file: str, line: int, message: str) -> Problem:
    return Problem(Severity.WARNING, Fault(file, line, message))


def errors(problems: Sequence[Problem]) -> int:
    """How many of `problems` are errors."""
    return sum(problem.severity is Severity.ERROR for problem in problems)
