"""Guides of any size for the claim finder, made from the rows of `training/lessons`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

from bot.core.lessons import GuideRow, Knowledge, Lesson
from bot.knowledge.parsing import parse_lesson

LESSONS = Path("training/lessons")


def shipped(file: Path) -> Lesson:
    """Reads a lesson file."""
    return parse_lesson(file.read_bytes(), lesson=file.stem, file=file.name)


def of_size(lessons: int, rows: int) -> Knowledge:
    """Gives `lessons` lessons of `rows` rows each; no two rows are alike."""
    drawn = _rows([row for file in sorted(LESSONS.glob("*.md")) for row in shipped(file).guide])
    return Knowledge(lessons=tuple(_lesson(number, tuple(islice(drawn, rows))) for number in range(lessons)))


def _rows(guide: Sequence[GuideRow]) -> Iterator[GuideRow]:
    """Gives the rows in turn without end, from the second turn on with the number of a site in their texts."""
    yield from guide
    for site in count(2):
        for row in guide:
            yield replace(row, dont_say=f"{row.dont_say} at site {site}", say=f"Site {site}: {row.say}")


def _lesson(number: int, guide: Sequence[GuideRow]) -> Lesson:
    id_ = f"lesson-{number}"
    rows = tuple(replace(row, lesson=id_, row=place, line=place) for place, row in enumerate(guide, 1))
    return Lesson(id=id_, title=f"Lesson {number}", order=number, sections=(), passages=(), guide=rows)
