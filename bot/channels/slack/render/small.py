"""Replies of one line."""

from bot.channels.slack.render.elements import text_blocks
from bot.channels.slack.render.message import Message, fallback, messages
from bot.channels.words import failure
from bot.core.replies import Failed, Forgotten, Noted, Refused


def forgotten_messages(reply: Forgotten) -> tuple[Message, ...]:
    """Counts what was erased."""
    answers = _counted(reply.turns, "answer")
    more = f", and {_counted(reply.messages, 'message')} not answered yet" if reply.messages else ""
    return _line(f"Forgotten: {answers}{more}.")


def noted_messages(reply: Noted) -> tuple[Message, ...]:
    """Says what was noted."""
    return _line(f"Noted: that answer was {'good' if reply.reaction == 'up' else 'not good'}.")


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


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
