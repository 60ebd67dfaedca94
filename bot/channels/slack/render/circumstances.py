"""Who made a reply, by which version of the prompt, and in what circumstances."""

from bot.channels.slack.render.elements import context
from bot.channels.slack.render.message import Block
from bot.channels.words import fell_back, stale
from bot.core.replies import Answer, EngineName, Review

SEPARATOR = " \N{MIDDLE DOT} "


def circumstances(reply: Answer | Review) -> tuple[Block, ...]:
    """Says that the last known version served, and that another engine replied than usual, where it was so."""
    said = [line for line in (stale(reply.prompt_version) if reply.prompt_stale else None, fell_back(reply)) if line]
    return (context(" ".join(said)),) if said else ()


def footer(reply: Answer | Review) -> Block:
    """The version of the prompt and who composed the reply."""
    return context(SEPARATOR.join((f"Prompt version {reply.prompt_version}", _engine(reply))))


def _engine(reply: Answer | Review) -> str:
    match reply.engine:
        case EngineName.CLAUDE:
            return f"Claude ({reply.model})" if reply.model else "Claude"
        case EngineName.LESSONS:
            return "lessons engine"
