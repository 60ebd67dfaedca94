"""What the coach says of itself in every channel."""

from bot.core.replies import Answer, Failed, Fallback, Review


def failure(failed: Failed) -> str:
    """What a person is told whose message the coach failed on again and again."""
    return (
        f"The coach failed on this message again and again, and its operator can see that (coach inbox: {failed.id}). "
        "Ask once more, or in other words."
    )


def stale(version: int) -> str:
    """What a reply says that the last known version served."""
    return f"The coach's store is away: version {version} of the system prompt, the last one known, served this."


def fell_back(reply: Answer | Review) -> str | None:
    """What a reply says that the lessons engine made in Claude's place; None for any other."""
    return None if reply.fallback is None else f"{why(reply.fallback)}, so {_in_its_place(reply)}."


def why(fallback: Fallback) -> str:
    """Why Claude did not reply, as a clause that begins a sentence."""
    match fallback:
        case Fallback.SLOW:
            return "Claude took too long"
        case Fallback.BUSY:
            return "Claude takes no more requests right now"
        case Fallback.AWAY:
            return "Claude is not available right now"
        case Fallback.DENIED:
            return "The coach's access to Claude needs its operator's attention"
        case Fallback.REFUSED:
            return "Claude would not reply to this"
        case Fallback.CUT_OFF:
            return "Claude's reply was not complete"
        case Fallback.GUARDED:
            return "Claude's reply made a claim that the guide says not to make"
        case Fallback.BUDGET:
            return "No more may be spent on Claude right now"
        case Fallback.TOO_LONG:
            return "The draft is too long for Claude"


def _in_its_place(reply: Answer | Review) -> str:
    if isinstance(reply, Answer):
        return "this is in the lessons' own words"
    return "the approved wording stands as it is" if reply.edits else "the draft was checked without it"
