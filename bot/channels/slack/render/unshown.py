"""What of a long review no message shows: how much it is, as blocks; what it is, as the text of a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.review_words import (
    DECIDE,
    LEAVE_OUT,
    NOTES_LABEL,
    SAY_INSTEAD,
    STANDS,
    WHY,
    WOULD_SAY,
    YOU_WROTE,
    numbered,
    reasons,
    which_unshown,
)
from bot.channels.slack.render.elements import Element, bold, paragraph, rich_text
from bot.channels.slack.render.message import Block
from bot.core.choices import OpenReview
from bot.core.replies import Finding

FINDINGS_FILE = "findings.txt"
IN_FILE = f"The file {FINDINGS_FILE} says what was written, what to say instead, and why."


@dataclass(frozen=True, slots=True)
class Unshown:
    """All of a review but its first `cards` replacements and `notes` notes, which messages show."""

    opened: OpenReview
    cards: int
    notes: int

    def __bool__(self) -> bool:
        return self.cards < len(self.opened.review.edits) or self.notes < len(self.opened.review.notes)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Says how much is not shown, what holds of it, and where it is."""
        return rich_text(*self._told())

    @property
    def text(self) -> str:
        """All that is not shown, to the word."""
        return "\n\n".join(self._entries()) + "\n"

    def _told(self) -> Iterator[Element]:
        notes = len(self.opened.review.notes) - self.notes
        if self.cards < len(self.opened.review.edits):
            more, which = which_unshown(self.opened, self.cards)
            have = "has" if which.startswith("Number ") else "have"
            yield paragraph(bold(more))
            yield paragraph(
                f"{which} {have} no buttons, since the review is too long to be shown whole: {STANDS}. {IN_FILE}"
            )
            yield paragraph(DECIDE)
        if notes:
            yield paragraph(bold(f"{NOTES_LABEL}: {notes:,}{' more' if self.notes else ''}"))
            yield paragraph(f"The file {FINDINGS_FILE} says what the guide would say.")

    def _entries(self) -> Iterator[str]:
        review = self.opened.review
        for place in range(self.cards, len(review.edits)):
            edit = review.edits[place]
            instead = (f"{SAY_INSTEAD}:", edit.after) if edit.after.strip() else (f"{LEAVE_OUT}.",)
            label = f"{numbered(self.opened, place)}{YOU_WROTE}:"
            yield "\n".join((label, edit.before, *instead, *_why(self.opened.findings(place))))
        if self.notes < len(review.notes):
            yield f"{NOTES_LABEL}:"
        for note in review.notes[self.notes :]:
            yield "\n".join((note.quote, f"{WOULD_SAY}:", note.row.say, *_why((note,))))


def _why(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    given = reasons(findings)
    return (f"{WHY}:", *given) if given else ()
