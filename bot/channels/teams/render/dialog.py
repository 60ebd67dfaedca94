"""The dialog of "Review phrasing": a draft goes in, its findings with their choices come back, and what is sent on."""

from bot.channels.review_words import DRAFT_LABEL, summary
from bot.channels.split import ELLIPSIS
from bot.channels.teams.render.drafts import USUAL_PART
from bot.channels.teams.render.elements import (
    Element,
    apart,
    card,
    copied,
    footnote,
    label,
    line,
    lines,
    run,
    submit,
    typed,
)
from bot.channels.teams.render.findings import finding, note
from bot.channels.teams.render.message import MAX_CARD_BYTES, Card, attachment, card_bytes
from bot.channels.teams.render.pages import ROOM, Pages, fixed
from bot.channels.words import circumstances, made_by
from bot.core.choices import OpenReview

TITLE = "Review phrasing"
MAX_TYPED = 20_000
"""Characters of a pasted draft: with twelve bytes each, as JSON may have them, a request has fewer than 256 kB."""
YOUR_DRAFT, REVIEW = f"Your draft, at most {MAX_TYPED:,} characters", "Review"
PASTE = "Paste what you want to send. What is longer I review in our personal chat."
PASTE_FIRST = "Paste a draft first."
WAITING = "The draft is being reviewed. This takes a few seconds."
SHOW = "Show the review"
INSERT = "Put it into my message"
MORE = "There is more than fits here: send me the draft in our personal chat to see and decide on all of it."
TOO_LONG = "The rewritten draft is too long to be put into a message: send me the draft in our personal chat instead."

_RESERVED = 2_000
"""Bytes for what stands below the findings."""


def form_card(told: str = "") -> Card:
    """The form to have a draft reviewed; `told` says what was wrong with the last one."""
    said = (line(run(told, bold=True, color="attention")),) if told else ()
    field = typed("draft", YOUR_DRAFT, lines=True, most=MAX_TYPED, placeholder=PASTE)
    return card((*said, field), [submit(REVIEW, {"act": "review"}, style="positive", typed=True)])


def waiting_card(review_id: str) -> Card:
    """What is there while a review is made: a press asks for it again."""
    return card([line(run(WAITING))], [submit(SHOW, {"act": "show", "review": review_id}, style="positive")])


def review_card(opened: OpenReview, review_id: str) -> Card:
    """The review with its choices, and the button that puts the rewritten draft into a message where it fits one.

    A review that does not fit says so.
    """
    review = opened.review
    pages = Pages(ROOM - _RESERVED)
    said = circumstances(review)
    pages.add(fixed((label(summary(review)), *((footnote(said),) if said else ()))), most=1)
    groups = [finding(opened, review_id, place, in_dialog=True) for place in range(min(len(review.edits), _MOST))]
    groups += [note(found, is_first=not number) for number, found in enumerate(review.notes[:_MOST])]
    is_whole = len(groups) == len(review.edits) + len(review.notes)
    for group in groups:
        if not pages.add(group, most=1):
            is_whole = False
            break
    body = [*pages.bodies[0], *_draft(opened, card_bytes(pages.bodies[0]))]
    if not is_whole:
        body.append(apart(line(run(MORE, bold=True))))
    body.append(footnote(made_by(review)))
    inserts = review.edits and opened.rewritten.strip() and result_card(opened)
    return card(body, [submit(INSERT, {"act": "insert", "review": review_id}, style="positive")] if inserts else [])


def result_card(opened: OpenReview) -> Card | None:
    """The rewritten draft as it stands in a message, for those who are sent it; None where it is too long for one."""
    whole = card(lines(opened.rewritten))
    return whole if card_bytes(whole) <= MAX_CARD_BYTES else None


def told_card(text: str) -> Card:
    """A card that tells something; of what is too long for one, its beginning and an ellipsis."""
    pages = Pages(ROOM - _RESERVED)
    is_whole = all(pages.add(fixed((element,)), most=1) for element in lines(text))
    return card(pages.bodies[0] if is_whole else (*pages.bodies[0], line(run(ELLIPSIS))))


def dialog(title: str, card: Card) -> dict[str, object]:
    """What Teams is answered so that it shows a card in a dialog."""
    value = {"title": title, "height": "large", "width": "medium", "card": attachment(card)}
    return {"task": {"type": "continue", "value": value}}


def inserted(card: Card) -> dict[str, object]:
    """What Teams is answered so that it closes the dialog and puts a card into the message that is being written."""
    preview = {"contentType": "application/vnd.microsoft.card.thumbnail", "content": {"title": DRAFT_LABEL}}
    made = {**attachment(card), "preview": preview}
    return {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": [made]}}


def _draft(opened: OpenReview, taken: int) -> tuple[Element, ...]:
    """The rewritten draft to copy, where there is room."""
    text = opened.rewritten
    if not opened.review.edits or not text.strip():
        return ()
    field = apart(copied("draft", DRAFT_LABEL, text))
    fits = len(text) <= USUAL_PART and card_bytes(field) <= ROOM - taken - _RESERVED // 2
    return (field,) if fits else (apart(label(DRAFT_LABEL)), line(run(MORE)))


_MOST = 100
"""More findings or notes than this no card holds."""
