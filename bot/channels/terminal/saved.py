"""What a backup holds, in words."""

from bot.channels.terminal.layout import counted


def saved(*, versions: int, entries: int, decisions: int) -> str:
    """Counts it: "2 versions, the trail up to entry 6 and 3 decisions"."""
    told, trail = counted(versions, "version"), f"the trail up to entry {entries:,}"
    return f"{told}, {trail} and {counted(decisions, 'decision')}" if decisions else f"{told} and {trail}"
