"""Questions to begin with, from the lessons that are loaded."""

from bot.core.lessons import Knowledge

MAX_SUGGESTIONS = 4
"""Slack shows no more, and a person reads no more."""


def suggested_sections(knowledge: Knowledge) -> tuple[str, ...]:
    """Gives at most four sections, from all over the lessons, that explain something."""
    guides = {(row.lesson, row.section) for row in knowledge.guide}
    sections = list(
        dict.fromkeys(
            passage.section
            for passage in knowledge.passages
            if passage.section and (passage.lesson, passage.section) not in guides
        )
    )
    count = min(MAX_SUGGESTIONS, len(sections))
    return tuple(sections[place * len(sections) // count] for place in range(count))


def question_about(section: str) -> str:
    """What a person may ask about a section."""
    return f"What should I know about {section}?"
