"""What a review says in every channel with buttons: its labels, its choices, what was chosen, what came of it."""

from bot.channels.split import shortened
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.open_reviews import MAX_REASON
from bot.core.replies import Finding, Review

YOU_WROTE, SAY_INSTEAD, LEAVE_OUT = "You wrote", "Say instead", "Leave it out"
WHY, WOULD_SAY = "Why it matters", "The guide would say"
"""Labels of what a card and a note say."""
NOTES_LABEL = "Worth a look, left as it is"
DRAFT_LABEL = "Rewritten draft"
"""What the label of the rewritten draft begins with."""
NOTHING_LEFT = "Nothing of this part is left."
USE_THIS, KEEP_MINE, NOT_MEANT = "Use this", "Keep mine", "Not what I meant"
"""The three choices."""
CHOSEN = "\N{CHECK MARK} "
"""Stands before the choice that was made."""
WHY_STAY = "Why do they stay?"
NO_NAME = "The guide's owner reads it without your name."
MAY_BE_SHOWN = "My words may be shown to the guide's owner with this"
"""What is asked of a writer who keeps their words."""
STANDS = "the new words stand in the rewritten draft"
DECIDE = "To decide on more, send that part of the draft on its own."
"""What is said of replacements that there is no card for."""


def summary(review: Review) -> str:
    """What came of the review, in a line."""
    count = len(review.edits)
    if count:
        who = "1 sentence says" if count == 1 else f"{count:,} sentences say"
        return f"{who} what the guide says not to say. Below: what to say instead."
    if review.notes:
        return "Nothing surely to change. Below: what to look at before the draft goes out."
    return "Nothing to change: the draft makes no claim that the guide says not to make."


def numbered(opened: OpenReview, place: int) -> str:
    """What the label of a replacement begins with: its number, where there are several."""
    return f"{place + 1:,}. " if len(opened.review.edits) > 1 else ""


def reasons(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Why the findings matter, each reason once."""
    return tuple(dict.fromkeys(finding.row.why for finding in findings if finding.row.why.strip()))


def decided(chosen: Chosen) -> tuple[str, str]:
    """What is said of a choice, and the writer's reason behind it, empty where none was given."""
    reason = shortened(chosen.reason.strip(), MAX_REASON)  # none that is kept is longer
    match chosen.choice:
        case Choice.USE:
            return "You use these words.", ""
        case Choice.KEEP if reason:
            return "You keep your words: ", reason
        case Choice.KEEP:
            return "You keep your words.", ""
        case Choice.NOT_MEANT:
            return "Not what you meant: your words stay.", ""


def draft_label(number: int, count: int) -> str:
    """What stands above part `number` of a rewritten draft, from 1."""
    return f"{DRAFT_LABEL}, part {number} of {count}" if count > 1 else DRAFT_LABEL


def which_unshown(opened: OpenReview, shown: int) -> tuple[str, str]:
    """How many replacements there are behind the first `shown`, and which: "2 more replacements", "Numbers 3 to 4"."""
    count = len(opened.review.edits)
    left = count - shown
    more = f"{left:,} {'more ' if shown else ''}{'replacement' if left == 1 else 'replacements'}"
    return more, f"Number {count:,}" if left == 1 else f"Numbers {shown + 1:,} to {count:,}"
