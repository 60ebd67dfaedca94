"""Names of the page's messages and threads, and the ids that they have beside those of other channels."""

CHANNEL = "web"
_PREFIX = f"{CHANNEL}:"


def qualified(name: str) -> str:
    """Gives the id of the page's message or thread of this name."""
    return f"{_PREFIX}{name}"


def bare(id_: str) -> str:
    """Gives the name that `qualified` made an id of."""
    return id_.removeprefix(_PREFIX)
