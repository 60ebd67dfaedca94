"""The Web API: tokens, scopes, limits, scripted faults, then the method itself."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.slack.loopback import assistant, chat, conversations, files, streams, views
from tests.slack.loopback.arguments import arguments_of, without_secrets
from tests.slack.loopback.disturbances import Fault, Faults, Limits
from tests.slack.loopback.places import may
from tests.slack.loopback.state import Call, RefusedError, State
from tests.slack.loopback.workspace import APP_TOKEN, BOT_ID, BOT_TOKEN, BOT_USER, TEAM, Json

_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Method:
    """A method and the scope that it needs."""

    act: Callable[[State, Json], Json]
    scope: str | None = None


METHODS: dict[str, Method] = {
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
    "chat.update": Method(chat.update, "chat:write"),
    "chat.delete": Method(chat.delete, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.startStream": Method(streams.start, "chat:write"),
    "chat.appendStream": Method(streams.append, "chat:write"),
    "chat.stopStream": Method(streams.stop, "chat:write"),
    "assistant.threads.setStatus": Method(assistant.set_status, "assistant:write"),
    "assistant.threads.setSuggestedPrompts": Method(assistant.set_suggested_prompts, "assistant:write"),
    "views.open": Method(views.open_),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
    "views.publish": Method(views.publish),
    "conversations.open": Method(conversations.open_, "im:write"),
    "conversations.info": Method(conversations.info),
    "conversations.replies": Method(conversations.replies),
    "conversations.history": Method(conversations.history),
    "users.info": Method(conversations.users_info, "users:read"),
    "reactions.add": Method(conversations.react, "reactions:write"),
    "files.getUploadURLExternal": Method(files.get_upload_url, "files:write"),
    "files.completeUploadExternal": Method(files.complete, "files:write"),
    "files.info": Method(files.info, "files:read"),
}


class BrokenOffError(Exception):
    """The connection is to be broken instead of an answer."""


class WebApi:
    """Answers calls below /api/."""

    def __init__(self, state: State, faults: Faults, limits: Limits, new_socket: Callable[[], str]) -> None:
        self._state = state
        self._faults = faults
        self._limits = limits
        self._new_socket = new_socket

    def add_to(self, app: web.Application) -> None:
        app.router.add_route("*", "/api/{method}", self._handle)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given: Json = {}
        try:
            given = await arguments_of(request)
            answer, status, headers = {"ok": True, **await self._answer(request, method, given)}, 200, _scopes(self)
        except RefusedError as refused:
            answer, status, headers = refused.answer, refused.status, {**_scopes(self), **refused.headers}
        except BrokenOffError:
            self._record(method, given, {"broken_off": True})
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)
        self._record(method, given, answer)
        return web.json_response(answer, status=status, headers=headers)

    def _record(self, method: str, given: Json, answer: Json) -> None:
        self._state.calls.append(Call(method, without_secrets(given), self._state.workspace.now(), answer))
        self._state.change()

    async def _answer(self, request: web.Request, method: str, given: Json) -> Json:
        fault = self._faults.next(method)
        if fault is not None and not fault.drop:
            await _disturb(fault)
        answer = self._act(_token(request, given), method, given)
        if fault is not None and fault.drop:
            await asyncio.sleep(fault.hang)
            raise BrokenOffError
        return answer

    def _act(self, token: str, method: str, given: Json) -> Json:
        if method == "apps.connections.open":
            if token != APP_TOKEN:
                raise RefusedError("not_allowed_token_type" if token == BOT_TOKEN else "invalid_auth")
            return {"url": self._new_socket()}
        if token != BOT_TOKEN:
            raise RefusedError("not_allowed_token_type" if token == APP_TOKEN else "invalid_auth")
        if method == "auth.test":
            return _who_am_i()
        known = METHODS.get(method)
        if known is None:
            raise RefusedError("unknown_method", req_method=method)
        if known.scope is not None:
            may(self._state, known.scope)
        wait = self._limits.wait(method, given, self._state.workspace.now)
        if wait > 0:
            raise too_many(wait)
        return known.act(self._state, given)

    @property
    def granted(self) -> str:
        return ",".join(sorted(self._state.settings.scopes))


def too_many(seconds: float) -> RefusedError:
    """Slack gives whole seconds, at least one."""
    refused = RefusedError("ratelimited", status=_TOO_MANY)
    refused.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return refused


def _scopes(api: WebApi) -> dict[str, str]:
    return {"x-oauth-scopes": api.granted}


async def _disturb(fault: Fault) -> None:
    if fault.hang:
        await asyncio.sleep(fault.hang)
    if fault.retry_after is not None:
        refused = RefusedError("ratelimited", status=_TOO_MANY)
        refused.headers["Retry-After"] = f"{fault.retry_after:g}"
        raise refused
    if fault.status is not None or fault.error is not None:
        raise RefusedError(fault.error or "internal_error", status=fault.status or 200)


def _token(request: web.Request, given: Json) -> str:
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip() or str(given.get("token") or "")
    if not token:
        raise RefusedError("not_authed")
    return token


def _who_am_i() -> Json:
    return {
        "url": "https://example.slack.com/",
        "team": "Example",
        "user": "coach",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }
