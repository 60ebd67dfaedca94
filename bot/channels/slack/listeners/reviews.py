"""Buttons of a review: what a click decides is kept before it is acknowledged."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.channels.slack.api import Json
from bot.channels.slack.clicking import Click, read_click
from bot.channels.slack.parts import Parts
from bot.channels.slack.render.draft_forms import KEEP_REASON, keep_reason, keep_reason_of
from bot.channels.slack.render.views import told
from bot.channels.slack.review_cards import ReviewCards
from bot.core.choices import Choice, Chosen
from bot.core.open_reviews import CLOSED
from bot.core.replies import Refused


def register(app: AsyncApp, parts: Parts) -> None:
    """Takes decisions."""
    cards = ReviewCards(parts)

    async def decide(ack: AsyncAck, body: Json) -> None:
        click = read_click(body, parts.workspace())
        choice = Choice.USE if click.action == "review.use" else Choice.NOT_MEANT
        id_, place = _place(click)
        decided = await parts.reviews.decide(id_, place, Chosen(choice), person=click.person)
        await ack()
        if isinstance(decided, Refused):
            click.tell(parts, decided.reason)
        else:
            cards.refresh(id_, place, decided.person, click.channel, click.thread)

    async def keep(ack: AsyncAck, body: Json) -> None:
        click = read_click(body, parts.workspace())
        id_, place = _place(click)
        opened = await parts.reviews.find(id_)
        await ack()
        if opened is None or opened.person != click.person or not 0 <= place < len(opened.review.edits):
            click.tell(parts, CLOSED.reason)
        else:
            click.open(parts, keep_reason(id_, place, opened.review.edits[place].before, click.channel))

    async def kept(ack: AsyncAck, body: Json, view: Json) -> None:
        filled = keep_reason_of(view)
        person = read_click(body, parts.workspace()).person
        chosen = Chosen(Choice.KEEP, filled.reason)
        decided = await parts.reviews.decide(
            filled.review_id, filled.place, chosen, person=person, may_show=filled.may_show
        )
        if isinstance(decided, Refused):
            await ack(response_action="update", view=told("Keep your words", decided.reason))
            return
        await ack()
        cards.refresh(filled.review_id, filled.place, person, filled.channel)

    async def draft(ack: AsyncAck, body: Json) -> None:
        click = read_click(body, parts.workspace())
        await ack()
        cards.send_draft(click)

    app.action("review.use")(decide)
    app.action("review.unmeant")(decide)
    app.action("review.keep")(keep)
    app.action("review.draft")(draft)
    app.view(KEEP_REASON)(kept)


def _place(click: Click) -> tuple[str, int]:
    """The review and the place in it that a button is for."""
    id_, _, place = click.value.rpartition("|")
    return id_, int(place) if place.isdecimal() else -1
