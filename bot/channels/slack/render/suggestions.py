"""Questions to begin with, from the lessons that are loaded."""

from bot.channels.slack.render.split import shortened
from bot.core.lessons import Knowledge

MAX_PROMPTS = 4
"""Slack shows no more."""
MAX_TITLE = 60


def suggested_prompts(knowledge: Knowledge) -> list[dict[str, str]]:
    """Gives `{"title", "message"}`, at most four: sections from all over the lessons that explain something."""
    guides = {(row.lesson, row.section) for row in knowledge.guide}
    sections = list(
        dict.fromkeys(
            passage.section
            for passage in knowledge.passages
            if passage.section and (passage.lesson, passage.section) not in guides
        )
    )
    count = min(MAX_PROMPTS, len(sections))
    picked = [sections[place * len(sections) // count] for place in range(count)]
    return [
        {"title": shortened(section, MAX_TITLE), "message": f"What should I know about {section}?"}
        for section in picked
    ]
