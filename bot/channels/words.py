"""What the coach says of itself in every channel."""

from bot.core.replies import Answer, EngineName, Failed, Fallback, Forgotten, Noted, Review


def failure(failed: Failed) -> str:
    """What a person is told whose message the coach failed on again and again."""
    return (
        f"The coach failed on this message again and again, and its operator can see that (coach inbox: {failed.id}). "
        "Ask once more, or in other words."
    )


def forgotten(reply: Forgotten) -> str:
    """Counts what was erased."""
    more = f", and {_counted(reply.messages, 'message')} not answered yet" if reply.messages else ""
    return f"Forgotten: {_counted(reply.turns, 'answer')}{more}."


def noted(reply: Noted) -> str:
    """Says what was noted."""
    return f"Noted: that answer was {'good' if reply.reaction == 'up' else 'not good'}."


def circumstances(reply: Answer | Review) -> str:
    """Says that the last known version served, and that another engine replied than usual; empty for most replies."""
    return " ".join(filter(None, (stale(reply.prompt_version) if reply.prompt_stale else None, fell_back(reply))))


def made_by(reply: Answer | Review) -> str:
    """The version of the prompt and who composed the reply: "Prompt version 3 · lessons engine"."""
    return f"Prompt version {reply.prompt_version} \N{MIDDLE DOT} {_engine(reply)}"


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


def _engine(reply: Answer | Review) -> str:
    match reply.engine:
        case EngineName.CLAUDE:
            return f"Claude ({reply.model})" if reply.model else "Claude"
        case EngineName.LESSONS:
            return "lessons engine"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _in_its_place(reply: Answer | Review) -> str:
    if isinstance(reply, Answer):
        return "this is in the lessons' own words"
    return "the approved wording stands as it is" if reply.edits else "the draft was checked without it"
