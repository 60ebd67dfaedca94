"""A review: what to say instead and why, each with its buttons, then the draft as decided, ready to copy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.channels.draft_parts import rewritten_parts
from bot.channels.review_words import DRAFT_LABEL, NOTES_LABEL, NOTHING_LEFT, draft_label, summary
from bot.channels.slack.render.cards import card, note_card
from bot.channels.slack.render.circumstances import circumstances, footer
from bot.channels.slack.render.elements import actions, bold, button, paragraph, preformatted, rich_text
from bot.channels.slack.render.message import Block, Message, fallback, spoken
from bot.channels.slack.render.pages import Page, Slot, fixed, pages
from bot.channels.slack.render.unshown import FINDINGS_FILE, Unshown
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.replies import Review

MAX_PAGES = 12
"""Messages of replacements and notes: Slack takes about one a second, and fifty changed ones a minute."""
SEND_DRAFT = "review.draft"
"""The button's id; its value is the review's id."""
DRAFT_FILE = "rewritten draft.txt"
TOO_LONG = "It is too long for a message, so it comes as a file."
AS_FILE = "It comes as a file."
AS_CHOSEN = "The file follows your choices up to when it is sent: have it sent again after others."


@dataclass(frozen=True, slots=True)
class ReviewMessages:
    """A review as messages, and the names and texts of the files that hold what is too long for them.

    How many messages and files there are, and what each is about, does not depend on what the writer decides.
    """

    messages: tuple[Message, ...]
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """The pages of replacements and notes; `is_whole` says that nothing was left out, the last line included."""

    pages: tuple[Page, ...]
    unshown: Unshown
    is_whole: bool


def review_messages(opened: OpenReview, review_id: str) -> ReviewMessages:
    """Gives the messages of a review with what its writer has decided; without `review_id` there are no buttons.

    It takes a few hundredths of a second for long reviews.
    """
    told = _told(opened, review_id)
    shown = [_page_message(opened.review, number, page) for number, page in enumerate(told.pages)]
    parts = _parts(opened, told)
    if parts is not None:
        shown += [_message(blocks) for blocks in _as_text(opened.review, review_id, parts)]
    elif last := (*told.unshown.blocks, *_in_file(opened.review, review_id, told)):
        shown.append(_message(last))
    files = [(DRAFT_FILE, opened.rewritten)] if opened.review.edits and parts is None else []
    if told.unshown:
        files.append((FINDINGS_FILE, told.unshown.text))
    return ReviewMessages(tuple(shown), tuple(files))


def messages_about(opened: OpenReview, review_id: str, place: int) -> Iterator[tuple[int, Message]]:
    """Gives the messages, with their numbers, that look different with other decisions about one replacement."""
    told = _told(opened, review_id)
    for number, page in enumerate(told.pages):
        if place in page.places:
            yield number, _page_message(opened.review, number, page)
    parts, others = (_parts(each, told) for each in (opened, _otherwise(opened, place)))
    if parts is not None and others is not None:
        for number, blocks in enumerate(_as_text(opened.review, review_id, parts)):
            if parts[number] != others[number]:
                yield len(told.pages) + number, _message(blocks)


def _message(blocks: tuple[Block, ...]) -> Message:
    return Message(fallback(spoken(blocks)), blocks)


def _page_message(review: Review, number: int, page: Page) -> Message:
    return _message(page.blocks) if number else Message(fallback(summary(review)), page.blocks)


def _told(opened: OpenReview, review_id: str) -> _Told:
    review = opened.review
    laid, held = pages(_groups(opened, review_id), MAX_PAGES)
    cards = min(held - 1, len(review.edits))
    notes = min(held - 1 - cards, len(review.notes))
    return _Told(laid, Unshown(opened, cards, notes), held == 1 + len(review.edits) + len(review.notes) + 1)


def _groups(opened: OpenReview, review_id: str) -> Iterator[Sequence[Slot]]:
    review = opened.review
    yield fixed((*rich_text(paragraph(bold(summary(review)))), *circumstances(review)))
    for place in range(len(review.edits)):
        yield card(opened, review_id, place)
    heading = fixed(rich_text(paragraph(bold(f"{NOTES_LABEL}:"))))
    for number, note in enumerate(review.notes):
        yield note_card(note) if number else (*heading, *note_card(note))
    yield () if review.edits else fixed((footer(review),))


def _otherwise(opened: OpenReview, place: int) -> OpenReview:
    """The review with the other words at one place."""
    other = Chosen(Choice.NOT_MEANT if opened.stands(place) else Choice.USE)
    return replace(opened, chosen={**opened.chosen, place: other})


def _parts(opened: OpenReview, told: _Told) -> tuple[str, ...] | None:
    """The rewritten draft as it is shown; None when it is not shown as text."""
    return rewritten_parts(opened) if opened.review.edits and told.is_whole else None


def _as_text(review: Review, review_id: str, parts: Sequence[str]) -> Iterator[tuple[Block, ...]]:
    for number, part in enumerate(parts, 1):
        box = (preformatted(part),) if part else (paragraph(NOTHING_LEFT),)
        shown = rich_text(paragraph(bold(draft_label(number, len(parts)))), *box)
        if number < len(parts):
            yield shown
        elif len(parts) > 1:
            yield *shown, *_send_button(review_id), footer(review)
        else:
            yield *shown, footer(review)


def _in_file(review: Review, review_id: str, told: _Told) -> tuple[Block, ...]:
    """What ends a review whose draft is not shown; nothing where it has ended already."""
    if not review.edits:
        return () if told.is_whole else (footer(review),)
    lines = (TOO_LONG if told.is_whole else AS_FILE, AS_CHOSEN)
    said = rich_text(paragraph(bold(DRAFT_LABEL)), *map(paragraph, lines))
    return *said, *_send_button(review_id), footer(review)


def _send_button(review_id: str) -> tuple[Block, ...]:
    return (actions(button("Send the draft as a file", SEND_DRAFT, review_id)),) if review_id else ()
