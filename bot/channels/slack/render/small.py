"""Replies of one line."""

from bot.channels.slack.render.elements import text_blocks
from bot.channels.slack.render.message import Message, fallback, messages
from bot.channels.words import failure, forgotten, noted
from bot.core.replies import Failed, Forgotten, Noted, Refused


def forgotten_messages(reply: Forgotten) -> tuple[Message, ...]:
    """Counts what was erased."""
    return _line(forgotten(reply))


def noted_messages(reply: Noted) -> tuple[Message, ...]:
    """Says what was noted."""
    return _line(noted(reply))


def refused_messages(reply: Refused) -> tuple[Message, ...]:
    """Says what cannot be done and how to mend it."""
    return _line(reply.reason)


def failed_messages(reply: Failed) -> tuple[Message, ...]:
    """Says that the coach failed, and what to do."""
    return _line(failure(reply))


def in_direct_messages() -> Message:
    """Tells the asker in a channel where the review went."""
    return said("The review is in your direct messages with me: it is for you alone.")


def said(text: str) -> Message:
    """A message of a few plain words."""
    return Message(fallback(text), text_blocks(text))


def _line(text: str) -> tuple[Message, ...]:
    """Plain words, in as many messages as a long quotation in them needs."""
    return messages(text_blocks(text))
