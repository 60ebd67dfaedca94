"""Who uses the page, and the ids that its messages and threads have beside those of other channels."""

from bot.core.pseudonym import pseudonym

CHANNEL = "web"
DIGITS = 16
PROGRAM = CHANNEL
"""Whoever shows the token itself with each request."""


def browser(id_: str) -> str:
    """Gives the person behind a browser that has signed in."""
    return f"{CHANNEL}:{id_}"


def qualified(name: str, person: str) -> str:
    """Gives the id of a person's message or thread of this name; another browser's of the same name is another.

    A browser stands in it as a digest: ids are logged.
    """
    whose = f"{CHANNEL}:{pseudonym(person)[:DIGITS]}" if person.startswith(f"{CHANNEL}:") else CHANNEL
    return f"{whose}:{name}"


def bare(id_: str) -> str:
    """Gives the name that `qualified` made an id of."""
    return id_.rpartition(":")[2]


def review_id(name: str) -> str:
    """Gives the id of the page's review of this name; it is kept with the person that it is for."""
    return f"{CHANNEL}:{name}"
