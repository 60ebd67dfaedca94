"""The connector: tokens, scripted faults, limits, then what the app asked for."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from tests.teams.loopback import conversations, posting, streams
from tests.teams.loopback.disturbances import Faults, Limits, disturbed
from tests.teams.loopback.login import Login
from tests.teams.loopback.state import Call, RefusedError, State
from tests.teams.loopback.workspace import Json

_CONVERSATIONS = "/{prefix:(?:[^/]+/)*?}v3/conversations"
GARBAGE = '{"id": "1'
"""An answer that was cut on its way."""
_COUNTED = ("send", "update", "final")


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as it came: the conversation and the activity of its path, and its body."""

    conversation: str
    activity: str
    body: Json


class BrokenOffError(Exception):
    """The connection is to be broken instead of an answer."""


class GarbledError(Exception):
    """What nobody can read is to be answered, with the act's status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"garbled, {status}")


Act = Callable[[State, Asked], tuple[int, Json]]


class Connector:
    """Answers calls below `…/v3/conversations`."""

    def __init__(self, state: State, faults: Faults, limits: Limits, login: Login) -> None:
        self._state = state
        self._faults = faults
        self._limits = limits
        self._login = login

    def add_to(self, app: web.Application) -> None:
        activities = f"{_CONVERSATIONS}/{{conversation}}/activities"
        app.router.add_post(_CONVERSATIONS, self._handle)
        app.router.add_get(f"{_CONVERSATIONS}/{{conversation}}/members", self._handle)
        app.router.add_get(f"{_CONVERSATIONS}/{{conversation}}/members/{{member}}", self._handle)
        app.router.add_post(activities, self._handle)
        for method in ("POST", "PUT", "DELETE"):
            app.router.add_route(method, f"{activities}/{{activity}}", self._handle)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(request.match_info.get("conversation", ""), request.match_info.get("activity", ""), {})
        operation, headers = "unknown", {}
        try:
            asked = Asked(asked.conversation, asked.activity, await _body(request))
            operation = _operation(request, asked)
            status, answer = await self._answer(request, operation, asked)
        except RefusedError as refused:
            status, answer, headers = refused.status, refused.answer, refused.headers
        except BrokenOffError:
            self._record(request, asked, 0, operation, {})
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        except GarbledError as garbled:
            self._record(request, asked, garbled.status, operation, {})
            return web.Response(status=garbled.status, text=GARBAGE, content_type="application/json")
        self._record(request, asked, status, operation, answer)
        return web.json_response(answer, status=status, headers=headers)

    def _record(self, request: web.Request, asked: Asked, status: int, operation: str, answer: Json) -> None:
        now = self._state.workspace.now()
        self._state.calls.append(Call(request.method, request.path, asked.body, status, operation, answer, now))
        self._state.change()

    async def _answer(self, request: web.Request, operation: str, asked: Asked) -> tuple[int, Json]:
        self._authorize(request)
        fault = self._faults.next(operation)
        await disturbed(fault)
        if operation in _COUNTED:
            self._limits.take(asked.conversation, self._state.workspace.now())
        answer = self._act(request, operation, asked)
        if fault is not None and fault.drop:
            await asyncio.sleep(fault.hang)
            raise BrokenOffError
        if fault is not None and fault.garble:
            raise GarbledError(answer[0])
        return answer

    def _authorize(self, request: web.Request) -> None:
        header = request.headers.get("Authorization", "")
        if self._state.signed:
            self._login.check(header)
        elif header:
            self._state.faults.append("a call carries a token where none is asked for")

    def _act(self, request: web.Request, operation: str, asked: Asked) -> tuple[int, Json]:
        state = self._state
        if operation == "create":
            return conversations.create(state, asked.body)
        there = conversations.place(state, asked.conversation)
        match operation:
            case "members":
                return conversations.members(there, request.match_info.get("member"))
            case "update":
                return posting.update(state, asked.conversation, asked.activity, asked.body)
            case "delete":
                return posting.delete(state, asked.conversation, asked.activity)
            case "stream" | "final":
                return streams.stream(state, there, asked.body)
            case "typing":
                return posting.typing(state, asked.conversation)
            case _:
                return posting.send(state, asked.conversation, asked.body)


def _operation(request: web.Request, asked: Asked) -> str:
    if request.method == "GET":
        return "members"
    if not asked.conversation:
        return "create"
    if request.method in ("PUT", "DELETE"):
        return "update" if request.method == "PUT" else "delete"
    info = streams.info_of(asked.body)
    if info is not None:
        return "final" if info.get("streamType") == "final" else "stream"
    return "typing" if asked.body.get("type") == "typing" else "send"


async def _body(request: web.Request) -> Json:
    if request.method in ("GET", "DELETE"):
        return {}
    try:
        body = await request.json()
    except ValueError:
        raise RefusedError(400, "BadSyntax", "The body is no JSON.") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "BadSyntax", "The body is no activity.")
    return body
