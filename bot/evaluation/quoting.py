"""Whether a quote stands in a lesson, character for character."""

from bot.core.lessons import Lesson


def is_exact(quote: str, lesson: Lesson) -> bool:
    """Whether a reader of `lesson` finds `quote` in one of its passages or guide cells as it is."""
    if not quote.strip():
        return False
    return any(quote in passage.text for passage in lesson.passages) or any(
        quote in cell for row in lesson.guide for cell in (row.dont_say, row.say, row.why)
    )
