"""Moves of versions: the click that confirms one, the forms that lead to it. Who clicks is checked at each step."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.channels.slack.api import Json
from bot.channels.slack.clicking import Click, read_click
from bot.channels.slack.home import Home
from bot.channels.slack.parts import Parts
from bot.channels.slack.render.message import Message
from bot.channels.slack.render.move_forms import (
    COMPARE_FORM,
    MOVE_CONFIRM,
    MOVE_FORM,
    MOVE_REASON_BLOCK,
    compare_form_of,
    move_confirm,
    move_form_of,
)
from bot.channels.slack.render.reply import render_reply
from bot.channels.slack.render.small import said
from bot.channels.slack.render.views import reply_view, told
from bot.core.admin_commands import DiffVersions
from bot.core.prompts import Proposed
from bot.core.replies import Refused, Reply

DROPPED = "Nothing was changed."
OVER = "This proposal does not wait any more. Nothing was changed by this click."


def register(app: AsyncApp, parts: Parts, home: Home) -> None:
    """Takes confirmations and forms."""

    async def confirm(ack: AsyncAck, body: Json) -> None:
        click = read_click(body, parts.workspace())
        reply = await parts.moves.confirm(click.value, person=click.person)
        await ack()
        if isinstance(reply, Refused) and reply.denied:
            click.tell(parts, reply.reason)
        else:
            _replace(parts, click, reply)
        home.publish(click.user)

    async def cancel(ack: AsyncAck, body: Json) -> None:
        click = read_click(body, parts.workspace())
        dropped = await parts.moves.drop(click.value, person=click.person)
        await ack()
        _put(parts, click, said(DROPPED if dropped else OVER))

    async def form(ack: AsyncAck, body: Json, view: Json) -> None:
        person = read_click(body, parts.workspace()).person
        command = move_form_of(view)
        if not command.note:
            await ack(response_action="errors", errors={MOVE_REASON_BLOCK: "Say why, for the trail."})
            return
        reply = await parts.desk.handle(command, person=person, confirmed=None)
        if isinstance(reply, Proposed):
            pending = await parts.moves.keep(command, reply, person=person)
            await ack(response_action="update", view=move_confirm(reply, pending))
        else:
            await ack(response_action="update", view=reply_view("Versions", reply))

    async def confirmed(ack: AsyncAck, body: Json, view: Json) -> None:
        click = read_click(body, parts.workspace())
        reply = await parts.moves.confirm(str(view.get("private_metadata") or ""), person=click.person)
        await ack(response_action="update", view=reply_view("Versions", reply))
        home.publish(click.user)

    async def compare(ack: AsyncAck, body: Json, view: Json) -> None:
        person = read_click(body, parts.workspace()).person
        chosen = compare_form_of(view)
        if chosen is None:
            await ack(response_action="update", view=told("Versions", "Choose two versions."))
            return
        reply = await parts.desk.handle(DiffVersions(*chosen), person=person, confirmed=None)
        await ack(response_action="update", view=reply_view("Versions", reply))

    app.action("move.confirm")(confirm)
    app.action("move.cancel")(cancel)
    app.view(MOVE_FORM)(form)
    app.view(MOVE_CONFIRM)(confirmed)
    app.view(COMPARE_FORM)(compare)


def _replace(parts: Parts, click: Click, reply: Reply) -> None:
    """Shows what came of a proposal in its place, without its buttons."""
    first = render_reply(reply)[0]
    _put(parts, click, first)


def _put(parts: Parts, click: Click, message: Message) -> None:
    body: dict[str, object] = {"text": message.text, "blocks": list(message.blocks)}

    async def putting() -> None:
        if click.response_url:
            await parts.api.respond(click.response_url, {**body, "replace_original": True})
        else:
            await parts.api.call("chat.update", {**body, "channel": click.channel, "ts": click.ts}, again=True)

    parts.chores.start("a proposal could not be replaced", putting())
