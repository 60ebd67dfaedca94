"""Questions to begin with, as Slack takes them."""

from bot.channels.split import shortened
from bot.channels.suggestions import question_about, suggested_sections
from bot.core.lessons import Knowledge

MAX_TITLE = 60


def suggested_prompts(knowledge: Knowledge) -> list[dict[str, str]]:
    """Gives `{"title", "message"}`, at most four."""
    return [
        {"title": shortened(section, MAX_TITLE), "message": question_about(section)}
        for section in suggested_sections(knowledge)
    ]
