"""Questions to begin with, as a person would say them."""

from bot.channels.split import shortened
from bot.channels.suggestions import question_about, suggested_sections
from bot.core.lessons import Knowledge

MAX_SECTION = 60


def suggested(knowledge: Knowledge) -> tuple[str, ...]:
    """Gives at most four questions from all over the lessons."""
    return tuple(question_about(shortened(section, MAX_SECTION)) for section in suggested_sections(knowledge))
