"""What people ask for without writing a message: the slash command, the form, the shortcut."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.channels.file_reference import FileReference
from bot.channels.slack.api import Json
from bot.channels.slack.destinations import quietly
from bot.channels.slack.ids import CHANNEL, person_id, request_id, thread_id
from bot.channels.slack.intake import files_of
from bot.channels.slack.manifest import COMMAND, REVIEW_MESSAGE
from bot.channels.slack.opening import open_view
from bot.channels.slack.origin import Origin, Where
from bot.channels.slack.parts import Parts
from bot.channels.slack.plain import plain
from bot.channels.slack.render.draft_forms import (
    ASK_FORM,
    DRAFT_BLOCK,
    QUESTION_BLOCK,
    REVIEW_FORM,
    ask_form_of,
    review_form,
    review_form_of,
)
from bot.channels.slack.render.views import told, waiting
from bot.channels.slack.typed import words_of
from bot.core.commands import AskCommand, ReviewCommand, parse
from bot.core.messages import Incoming, Meant

MOMENT = "One moment …"
ON_ITS_WAY = "It comes to your direct messages with the coach in a moment."


def register(app: AsyncApp, parts: Parts) -> None:
    """Takes in what is asked, and opens the forms."""

    async def command(ack: AsyncAck, body: Json) -> None:
        text = plain(body.get("text") or "")
        read = parse(text)
        if isinstance(read, ReviewCommand) and not read.draft.strip():
            await ack()
            open_view(parts, review_form(), trigger=body["trigger_id"], tell=lambda text: _respond(parts, body, text))
            return
        team, user, channel = parts.workspace().team, body["user_id"], body["channel_id"]
        origin = Origin(
            where=Where.COMMAND, team=team, user=user, channel=channel, response_url=body.get("response_url") or ""
        )
        await parts.put(
            Incoming(
                id=request_id(team, "command", body["trigger_id"]),
                person=person_id(team, user),
                thread=thread_id(team, channel, f"command/{user}"),
                text=text,
                channel=CHANNEL,
                origin=origin.text(),
            )
        )
        await ack(MOMENT if isinstance(read, AskCommand) else "")

    async def shortcut(ack: AsyncAck, body: Json) -> None:
        message: Json = body.get("message") or {}
        key = body["trigger_id"]
        view: dict[str, Any] = {**waiting("Review phrasing", f"Reading the message … {ON_ITS_WAY}"), "external_id": key}
        # Before the message is taken in, so that the view is there when the review is; it may take a moment, no more.
        await quietly(parts.api, "views.open", {"trigger_id": key, "view": view})
        await _put_direct(parts, body, "shortcut", key, words_of(message), Meant.DRAFT, files_of(message), view=key)
        await ack()

    async def form(ack: AsyncAck, body: Json, view: Json) -> None:
        filled = review_form_of(view)
        if not filled.text.strip() and not filled.files:
            await ack(response_action="errors", errors={DRAFT_BLOCK: "Paste a draft, or choose a file below."})
            return
        files = files_of({"files": filled.files})
        await _put_direct(parts, body, "view", view["id"], filled.text, Meant.DRAFT, files)
        await ack(response_action="update", view=told("Review", f"The draft is being read. {ON_ITS_WAY}"))

    async def question(ack: AsyncAck, body: Json, view: Json) -> None:
        text = ask_form_of(view)
        if not text.strip():
            await ack(response_action="errors", errors={QUESTION_BLOCK: "Write a question."})
            return
        await _put_direct(parts, body, "view", view["id"], text, Meant.QUESTION)
        await ack(response_action="update", view=told("Question", f"The lessons are being read. {ON_ITS_WAY}"))

    app.command(COMMAND)(command)
    app.shortcut(REVIEW_MESSAGE)(shortcut)
    app.view(REVIEW_FORM)(form)
    app.view(ASK_FORM)(question)


async def _put_direct(
    parts: Parts,
    body: Json,
    kind: str,
    key: str,
    text: str,
    meant: Meant,
    files: tuple[FileReference, ...] = (),
    *,
    view: str = "",
) -> None:
    """Takes in what is answered in the person's direct messages, wherever they asked for it."""
    team, user = parts.workspace().team, body["user"]["id"]
    id_ = request_id(team, kind, key)
    origin = Origin(where=Where.DIRECT, team=team, user=user, files=files, view=view)
    await parts.put(
        Incoming(
            id=id_,
            person=person_id(team, user),
            thread=id_,
            text=text,
            channel=CHANNEL,
            meant=meant,
            origin=origin.text(),
        )
    )


def _respond(parts: Parts, body: Json, text: str) -> None:
    """Replies to a command at once, seen by its sender alone."""

    async def responding() -> None:
        await parts.api.respond(body.get("response_url") or "", {"response_type": "ephemeral", "text": text})

    parts.chores.start("a command could not be answered", responding())
