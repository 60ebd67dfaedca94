"""Guides about several subjects, and the project's own first lesson, for the tests of claim finding."""

from collections.abc import Sequence
from pathlib import Path

from bot.core.lessons import GuideRow, Knowledge, Lesson
from bot.knowledge.parsing import parse_lesson

FIRST_LESSON = Path(__file__).parents[2] / "knowledge" / "fine-tuning-and-prompting.md"

HOME_INSURANCE = (
    (
        "Our policy covers every flood",
        "Flood damage is covered up to the limit in your schedule; river floods need an endorsement.",
        "Exclusions decide most claims",
    ),
    (
        "You'll never pay a deductible",
        "The deductible depends on the plan. Each plan states it on page one.",
        "Claims officers quote e-mails",
    ),
    (
        "Your premium can't go up",
        "The premium is fixed for twelve months. It is reviewed at renewal.",
        "It is reviewed each year",
    ),
    (
        "Claims are always paid within a week",
        "Most claims are settled within a month; we never promise that claims are always paid within a week.",
        "Large losses take an adjuster",
    ),
)
DISHWASHERS = (
    (
        "This dishwasher is silent",
        "At 39 decibels it is about as loud as a library.",
        "Buyers complain about noise",
    ),
    (
        "It washes everything in 20 minutes",
        "The quick cycle suits lightly soiled glasses; a full load takes two hours.",
        "The label states both",
    ),
    (
        "The filter cleans itself, so you can forget about maintenance",
        "Rinse the filter once a month.",
        "Clogged filters void the warranty",
    ),
)


def rows(*guides: Sequence[tuple[str, str, str]]) -> tuple[GuideRow, ...]:
    """Gives the cells as guide rows, one lesson a guide."""
    return tuple(
        GuideRow(lesson=f"lesson-{n}", section="Guide", row=i, dont_say=dont_say, say=say, why=why, line=i)
        for n, guide in enumerate(guides, 1)
        for i, (dont_say, say, why) in enumerate(guide, 1)
    )


def knowledge(guide: tuple[GuideRow, ...]) -> Knowledge:
    """Gives a snapshot that holds one lesson with this guide."""
    lesson = Lesson(id="lesson-1", title="Lesson", order=0, sections=(), passages=(), guide=guide)
    return Knowledge(lessons=(lesson,))


def first_lesson() -> tuple[GuideRow, ...]:
    """Gives the guide of the lesson that ships with the project."""
    return parse_lesson(FIRST_LESSON.read_bytes(), lesson=FIRST_LESSON.stem, file=FIRST_LESSON.name).guide
