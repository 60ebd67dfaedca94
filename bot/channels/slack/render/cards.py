"""One replacement of a review as a card with its buttons, and one note."""

from collections.abc import Iterator

from bot.channels.review_words import (
    CHOSEN,
    KEEP_MINE,
    LEAVE_OUT,
    NOT_MEANT,
    SAY_INSTEAD,
    USE_THIS,
    WHY,
    WOULD_SAY,
    YOU_WROTE,
    decided,
    numbered,
    reasons,
)
from bot.channels.slack.render.elements import (
    Element,
    actions,
    bold,
    button,
    paragraph,
    preformatted,
    quote,
    rich_text,
)
from bot.channels.slack.render.message import Block, characters
from bot.channels.slack.render.pages import Slot, fixed
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.open_reviews import MAX_REASON
from bot.core.replies import Finding

USE, KEEP, UNMEANT = "review.use", "review.keep", "review.unmeant"
"""Ids of the buttons; their value is the review's id, a bar, and the replacement's place."""
_BUTTONS = (
    (Choice.USE, USE_THIS, USE),
    (Choice.KEEP, KEEP_MINE, KEEP),
    (Choice.NOT_MEANT, NOT_MEANT, UNMEANT),
)


def card(opened: OpenReview, review_id: str, place: int) -> tuple[Slot, ...]:
    """Gives the card of the replacement at `place`; without a review's id it has no buttons."""
    edit = opened.review.edits[place]
    told = rich_text(
        paragraph(bold(numbered(opened, place) + YOU_WROTE)),
        quote(edit.before),
        *_instead(edit.after),
        *_why(opened.findings(place)),
    )
    if not review_id:
        return fixed(told)
    decision = _decided(opened.chosen.get(place), f"{review_id}|{place}")
    return (*fixed(told), Slot(decision, _ROOM, _MOST, place))


def note_card(note: Finding) -> tuple[Slot, ...]:
    """Gives a note: the words that stay as they are, and what the guide would say."""
    return fixed(rich_text(quote(note.quote), paragraph(bold(WOULD_SAY)), quote(note.row.say), *_why((note,))))


def _instead(words: str) -> tuple[Element, ...]:
    if not words.strip():
        return (paragraph(bold(LEAVE_OUT)),)
    return paragraph(bold(SAY_INSTEAD)), preformatted(words)


def _why(findings: tuple[Finding, ...]) -> Iterator[Element]:
    if given := reasons(findings):
        yield paragraph(bold(WHY))
        yield from map(paragraph, given)


def _decided(chosen: Chosen | None, value: str) -> tuple[Block, ...]:
    """What was decided, and the buttons to decide or to decide otherwise."""
    buttons = (
        button(CHOSEN + label, id_, value, style="primary")
        if chosen and chosen.choice is choice
        else button(label, id_, value)
        for choice, label, id_ in _BUTTONS
    )
    return (*(rich_text(paragraph(*_told(chosen))) if chosen else ()), actions(*buttons))


def _told(chosen: Chosen) -> tuple[Element | str, ...]:
    said, reason = decided(chosen)
    return (bold(said), reason) if reason else (bold(said),)


_LONGEST = max((_decided(Chosen(choice, "x" * MAX_REASON), "") for choice in Choice), key=characters)
_ROOM, _MOST = characters(_LONGEST), len(_LONGEST)
"""Characters and blocks of any decision at most."""
