"""A review: what to say instead and why, each with its choices, then the draft as decided, ready to copy."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.channels.review_words import summary
from bot.channels.teams.render.drafts import draft_slots
from bot.channels.teams.render.elements import card, footnote, wide
from bot.channels.teams.render.findings import finding, listed, note, unbuttoned, unlisted
from bot.channels.teams.render.markdown import PARAGRAPH, bold, escaped_words
from bot.channels.teams.render.message import Message
from bot.channels.teams.render.pages import Pages, fixed
from bot.channels.words import circumstances, made_by
from bot.core.choices import Choice, Chosen, OpenReview

MAX_BUTTONED = 60
"""Replacements that can be decided on: one's choices take a few hundred bytes."""
MAX_CARDS = 24
"""Messages of replacements and notes: Teams takes seven a second in a conversation."""


def review_messages(opened: OpenReview, review_id: str) -> tuple[Message, ...]:
    """Gives a review with what its writer has decided, a card a message; without `review_id` there are no buttons.

    How many messages there are, and what each is about, does not depend on what the writer decides.
    """
    told = PARAGRAPH.join(filter(None, (bold(summary(opened.review)), escaped_words(circumstances(opened.review)))))
    bodies = _pages(opened, review_id).bodies
    first = Message(told, cards=(wide(card(bodies[0])),), generated=True, summary=summary(opened.review))
    others = (
        Message(escaped_words(f"Review, part {number} of {len(bodies)}"), cards=(wide(card(body)),), generated=True)
        for number, body in enumerate(bodies[1:], 2)
    )
    return (first, *others)


def messages_about(
    opened: OpenReview, review_id: str, place: int, messages: Sequence[Message]
) -> Iterator[tuple[int, Message]]:
    """Gives those of a review's `messages`, with their numbers, that other decisions about one replacement change."""
    other = Chosen(Choice.NOT_MEANT if opened.stands(place) else Choice.USE)
    others = review_messages(replace(opened, chosen={**opened.chosen, place: other}), review_id)
    for number, (message, changed) in enumerate(zip(messages, others, strict=True)):
        if message != changed:
            yield number, message


def _pages(opened: OpenReview, review_id: str) -> Pages:
    review, pages = opened.review, Pages()
    count = _edits(opened, review_id, pages)
    notes = 0
    if count == len(review.edits):
        for found in review.notes:
            if not pages.add(note(found, is_first=notes == 0), most=MAX_CARDS):
                break
            notes += 1
    pages.add(unlisted(opened, count, notes))
    if review.edits:
        for slot in draft_slots(opened):
            pages.add((slot,))
    pages.add(fixed((footnote(made_by(review)),)))
    return pages


def _edits(opened: OpenReview, review_id: str, pages: Pages) -> int:
    """Adds the replacements and gives how many there was room for."""
    count = len(opened.review.edits)
    for place in range(count):
        if place == MAX_BUTTONED and review_id:
            pages.add(unbuttoned(opened, place))
        group = finding(opened, review_id, place) if place < MAX_BUTTONED else listed(opened, place)
        if not pages.add(group, most=MAX_CARDS):
            return place
    return count
