"""Who made a reply, by which version of the prompt, and in what circumstances, in grey print."""

from bot.channels import words
from bot.channels.slack.render.elements import context
from bot.channels.slack.render.message import Block
from bot.core.replies import Answer, Review

SEPARATOR = " \N{MIDDLE DOT} "


def circumstances(reply: Answer | Review) -> tuple[Block, ...]:
    """Says that the last known version served, and that another engine replied than usual, where it was so."""
    said = words.circumstances(reply)
    return (context(said),) if said else ()


def footer(reply: Answer | Review) -> Block:
    """The version of the prompt and who composed the reply."""
    return context(words.made_by(reply))
