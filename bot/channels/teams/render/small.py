"""Replies of one line."""

from dataclasses import replace

from bot.channels import version_words
from bot.channels.teams.render.markdown import escaped
from bot.channels.teams.render.message import Message, said
from bot.channels.version_lines import who_did
from bot.channels.words import failure, forgotten, noted
from bot.core.prompts import Moved
from bot.core.replies import Failed, Forgotten, Noted, Refused

ELSEWHERE = "It is in your personal chat with the coach."
CANNOT_WRITE = (
    "I cannot write to you yet: open a personal chat with Field Coach (Apps > Field Coach > Open), "
    "then send me this once more there."
)


def forgotten_messages(reply: Forgotten) -> tuple[Message, ...]:
    """Counts what was erased."""
    return said(forgotten(reply))


def noted_messages(reply: Noted) -> tuple[Message, ...]:
    """Says what was noted."""
    return said(noted(reply))


def refused_messages(reply: Refused) -> tuple[Message, ...]:
    """Says what cannot be done and how to mend it."""
    return said(reply.reason)


def failed_messages(reply: Failed) -> tuple[Message, ...]:
    """Says that the coach failed, and what to do."""
    return said(failure(reply))


def announcement(moved: Moved) -> Message:
    """Tells those who follow the versions who did what, when and why."""
    entry = moved.entry
    if entry is None:
        return said(moved.summary)[0]
    text = said(f"{moved.summary}\n{who_did(entry)}")[0]
    return replace(text, summary=f"{entry.by} {version_words.happened(entry)}")


def placed_elsewhere() -> Message:
    """Tells the asker in a group where the reply went."""
    return Message(escaped(ELSEWHERE))


def cannot_write_to_you() -> Message:
    """Tells the asker in a group how to let the coach write to them alone."""
    return Message(escaped(CANNOT_WRITE))
