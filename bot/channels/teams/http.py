"""`POST /api/messages`: what Teams sends over HTTP."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from aiohttp import web

from bot.channels.doorway import Doorway
from bot.channels.teams.activities import activity_of
from bot.channels.teams.authentication import Authentication, envelope_of
from bot.channels.teams.peers import is_from_here
from bot.channels.teams.refusals import KeysAwayError, Refusal, RefusedTokenError
from bot.core.state import StoreAwayError

MAX_BODY = 256_000
"""Bytes; Teams' messages have 100 KB at most."""
BODY_SECONDS = 5.0
"""How long a body may take to come."""

_STATUS = {Refusal.SIZE: 413, Refusal.SLOW: 408, Refusal.PEER: 403, Refusal.FORM: 400, Refusal.NOT_READY: 503}
"""What is answered to what is not taken; who has no right token gets 401."""
_HEADERS = {405: {"Allow": "POST"}, 503: {"Retry-After": "5"}}

_log = logging.getLogger(__name__)


class Adapter(Protocol):
    """The part of the SDK's CloudAdapter that runs turns."""

    async def process_activity(self, auth: Any, activity: Any, logic: Callable[[Any], Awaitable[Any]]) -> Any:  # noqa: ANN401
        """Runs one turn and gives the answer to an invoke, None where there is none."""


class Handler(Protocol):
    """The part of the SDK's ActivityHandler that is a turn."""

    async def on_turn(self, turn_context: Any) -> Any:  # noqa: ANN401
        """Does what an activity asks for."""


class NotTakenError(Exception):
    """A request is not taken; `reason` says why, `status` where that has a number of its own."""

    def __init__(self, reason: Refusal, status: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.status = status or _STATUS[reason]


class Endpoint:
    """Gives activities to the SDK once their sender is known, as long as the channel is connected."""

    def __init__(
        self,
        adapter: Adapter,
        handler: Handler,
        doorway: Doorway,
        authentication: Authentication,
        *,
        is_local: bool = False,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        """Makes the endpoint, which takes nothing before `is_connected`.

        Args:
            adapter: runs turns.
            handler: what a turn does.
            doorway: counts.
            authentication: the adapter's own; it is asked first, by what little says where an activity comes from.
            is_local: whether unsigned requests are taken, then from this machine alone.
            body_seconds: how long a body may take to come.
        """
        self._adapter = adapter
        self._handler = handler
        self._doorway = doorway
        self._authentication = authentication
        self._is_local = is_local
        self._has_told = False
        self._body_seconds = body_seconds
        self.is_connected = False
        if is_local:
            _log.warning(
                "TEAMS_LOCAL is set: /api/messages believes whatever programs on this machine send it, unsigned. "
                "Unset it wherever others work or a tunnel leads in."
            )

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers one request; what is not taken is counted."""
        try:
            return await self._taken(request)
        except NotTakenError as error:
            return self._refused(error.reason, error.status)
        except RefusedTokenError as error:
            return self._refused(error.reason, 401)
        except (KeysAwayError, StoreAwayError) as error:
            _log.warning("an activity of Teams' was not taken: %s", error)
            return self._refused(Refusal.NOT_READY, 503)
        except Exception as error:  # what a turn did wrong; its words may hold a person's
            _log.error("an activity of Teams' was not taken: %s", type(error).__name__)
            return web.Response(status=500)

    async def _taken(self, request: web.Request) -> web.StreamResponse:
        if self._is_local and not is_from_here(request):
            raise NotTakenError(Refusal.PEER)
        if request.method != "POST":
            raise NotTakenError(Refusal.FORM, 405)
        if not self.is_connected:
            raise NotTakenError(Refusal.NOT_READY)
        token = self._token(request)
        body = await self._body(request)
        # Who sends is checked before the activity is read: reading a contrived one takes longer than refusing it.
        authenticated = await self._authentication.authenticate_request(envelope_of(body), token)
        self._tell_once()
        try:
            activity = activity_of(body)
        except Exception:  # the SDK raises anything for what it cannot read
            raise NotTakenError(Refusal.FORM) from None
        answer = await self._adapter.process_activity(authenticated, activity, self._handler.on_turn)
        return _response(answer)

    def _token(self, request: web.Request) -> str:
        tokens = request.headers.getall("Authorization", [])
        if self._is_local:
            return ""
        if len(tokens) != 1:
            raise RefusedTokenError(Refusal.TOKEN if tokens else Refusal.NO_TOKEN)
        return tokens[0]

    async def _body(self, request: web.Request) -> Mapping[str, Any]:
        """The body as the activity that it must be."""
        if request.content_type != "application/json" or "Content-Encoding" in request.headers:
            raise NotTakenError(Refusal.FORM, 415)
        if request.content_length is not None and request.content_length > MAX_BODY:
            raise NotTakenError(Refusal.SIZE)
        try:
            async with asyncio.timeout(self._body_seconds):
                raw = await _read(request)
        except TimeoutError:
            raise NotTakenError(Refusal.SLOW) from None
        except (ConnectionError, web.RequestPayloadError):  # it broke off
            raise NotTakenError(Refusal.FORM) from None
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            raise NotTakenError(Refusal.FORM) from None
        if not isinstance(body, dict) or not isinstance(body.get("type"), str) or not body["type"]:
            raise NotTakenError(Refusal.FORM)
        return body

    def _refused(self, reason: Refusal, status: int) -> web.Response:
        self._doorway.refuse(reason)
        return web.Response(status=status, headers=_HEADERS.get(status))

    def _tell_once(self) -> None:
        if self._is_local and not self._has_told:
            self._has_told = True
            _log.warning("TEAMS_LOCAL: a first activity was taken without a signature")


async def _read(request: web.Request) -> bytes:
    raw = b""
    while more := await request.content.readany():
        raw += more
        if len(raw) > MAX_BODY:
            raise NotTakenError(Refusal.SIZE)
    return raw


def _response(answer: Any) -> web.Response:  # noqa: ANN401 - the SDK's InvokeResponse, or None
    """The answer on the wire: to a message none, to an invoke its status and JSON.

    The SDK's own server serialises a body that its handler has serialised, which fails. Teams takes an empty object
    for success, and nothing at all for an app that cannot be reached.
    """
    if answer is None:
        return web.Response(status=200)
    body = answer.body.serialize() if hasattr(answer.body, "serialize") else answer.body
    status = int(answer.status)
    if body is None and status >= 300:
        return web.Response(status=status)
    return web.json_response({} if body is None else body, status=status)
