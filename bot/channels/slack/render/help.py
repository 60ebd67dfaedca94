"""What a person can write to the coach in Slack."""

from collections.abc import Iterator

from bot.channels.slack.render.elements import Element, bold, paragraph, rich_text, run, text_blocks
from bot.channels.slack.render.message import Block, Message, messages
from bot.core.replies import Help

WAYS = (
    ("In a direct message", "just write"),
    ("In a channel", "mention me; all there see the answer to a question, what I say of a draft only you"),
    ("Anywhere", "/coach and what you want to ask or have reviewed; only you see it"),
    ("On a message", "More actions, then Review phrasing; only you see it"),
)
"""Where the coach can be written to, and who sees it."""


def help_messages(reply: Help) -> tuple[Message, ...]:
    """Gives what can be written, where, and which lessons answer."""
    return messages(_blocks(reply))


def _blocks(reply: Help) -> Iterator[Block]:
    if reply.about:
        yield from text_blocks(f"There is no command {reply.about}.")
    yield from rich_text(_listed(tuple((entry.usage, entry.does) for entry in reply.entries)))
    yield from rich_text(_listed(WAYS))
    if reply.lessons:
        yield from rich_text(paragraph(bold("Lessons: "), "; ".join(reply.lessons)))
    else:
        yield from text_blocks("No lessons are loaded: see `coach knowledge check`.")


def _listed(entries: tuple[tuple[str, str], ...]) -> Element:
    """A line each: the words in bold, then what they are for."""
    runs: list[Element] = []
    for number, (name, told) in enumerate(entries):
        runs += [bold(f"\n{name}" if number else name), run(f" \N{EM DASH} {told}")]
    return paragraph(*runs)
