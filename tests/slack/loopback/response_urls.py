"""Response URLs: 30 minutes and five uses to answer a command or a click."""

import asyncio
import json

from aiohttp import web

from tests.slack.loopback.arguments import flag
from tests.slack.loopback.disturbances import Faults
from tests.slack.loopback.posting import content, post
from tests.slack.loopback.state import Call, RefusedError, ResponseUrl, State
from tests.slack.loopback.workspace import BOT_USER, Json, Message

LIFE_SECONDS = 1_800.0
USES = 5
METHOD = "response_url"
"""What these posts are called among the calls and the scripted faults."""
_GONE = 404


class ResponseUrls:
    """Takes what is posted to them."""

    def __init__(self, state: State, faults: Faults) -> None:
        self._state = state
        self._faults = faults

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/response/{key}", self._handle)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        given: Json = {}
        fault = self._faults.next(METHOD)
        try:
            if fault is not None:
                await asyncio.sleep(fault.hang)
                if fault.status is not None:
                    raise RefusedError(fault.error or "internal_error", status=fault.status)
            given = _read(await request.text())
            self._answer(request.match_info["key"], given)
        except RefusedError as refused:
            self._record(given, refused.answer)
            return web.json_response(refused.answer, status=refused.status)
        self._record(given, {"ok": True})
        if fault is not None and fault.drop and request.transport is not None:
            request.transport.abort()
        return web.json_response({"ok": True})

    def _record(self, given: Json, answer: Json) -> None:
        self._state.calls.append(Call(METHOD, given, self._state.workspace.now(), answer))
        self._state.change()

    def _answer(self, key: str, given: Json) -> None:
        answers = self._state.response_urls.get(key)
        if answers is None:
            raise RefusedError("invalid_url", status=_GONE)
        if self._state.workspace.now() - answers.born > LIFE_SECONDS:
            raise RefusedError("expired_url", status=_GONE)
        if answers.used >= USES:
            raise RefusedError("used_url", status=_GONE)
        original = self._original(answers)
        if flag(given, "delete_original"):
            if original is not None:
                original.deleted = True
                self._told(original, "deleted")
        elif flag(given, "replace_original") and original is not None:
            original.text, original.blocks = content(given)
            original.edited = original.ephemeral_for is None
            self._told(original, "changed")
        else:
            self._post(answers, given)
        answers.used += 1

    def _original(self, answers: ResponseUrl) -> Message | None:
        """The message that was clicked, if it is the app's."""
        message = self._state.workspace.message(answers.channel, answers.message_ts or "")
        return message if message is not None and message.user == BOT_USER else None

    def _post(self, answers: ResponseUrl, given: Json) -> None:
        text, blocks = content(given)
        kind = given.get("response_type", "ephemeral")
        if kind not in ("ephemeral", "in_channel"):
            raise RefusedError("invalid_response_type", status=400)
        message = Message(
            ts=self._state.workspace.new_ts(),
            channel=answers.channel,
            user=BOT_USER,
            text=text,
            blocks=blocks,
            thread_ts=str(given["thread_ts"]) if given.get("thread_ts") else answers.thread_ts,
            ephemeral_for=answers.user if kind == "ephemeral" else None,
        )
        post(self._state, message)

    def _told(self, message: Message, what: str) -> None:
        if message.ephemeral_for is None:
            self._state.said(message, what)
        self._state.change(message)


def _read(text: str) -> Json:
    try:
        given = json.loads(text)
    except ValueError:
        raise RefusedError("invalid_payload", status=400) from None
    if not isinstance(given, dict):
        raise RefusedError("invalid_payload", status=400)
    return given
