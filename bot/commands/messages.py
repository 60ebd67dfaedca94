"""Messages of who uses the command line."""

from uuid import uuid4

from bot.core.messages import LOCAL, Incoming, Meant


def question_message(question: str) -> Incoming:
    """A question that no other will follow up on."""
    return _message(question, Meant.QUESTION)


def draft_message(draft: str) -> Incoming:
    """A draft to review."""
    return _message(draft, Meant.DRAFT)


def _message(text: str, meant: Meant) -> Incoming:
    return Incoming(id=f"local:{uuid4().hex}", person=LOCAL, thread="", text=text, meant=meant)
