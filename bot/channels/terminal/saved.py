"""What a backup holds, in words."""

from bot.channels.terminal.layout import counted


def saved(*, versions: int, entries: int, decisions: int, comments: int) -> str:
    """Counts it: "2 versions, the trail up to entry 6, 3 decisions and 1 comment"."""
    told = [counted(versions, "version"), f"the trail up to entry {entries:,}"]
    told += [counted(decisions, "decision")] if decisions else []
    told += [counted(comments, "comment")] if comments else []
    return f"{', '.join(told[:-1])} and {told[-1]}"
