"""Reads the arguments of a Web API call, however they were sent."""

import json
from collections.abc import Iterable, Mapping

from aiohttp import web

from tests.slack.loopback.state import RefusedError
from tests.slack.loopback.workspace import Json

_STRUCTURED = frozenset("blocks attachments metadata view chunks files prompts loading_messages users".split())
_SECRET = frozenset(("token",))


async def arguments_of(request: web.Request) -> Json:
    """Gives the arguments, structured ones decoded; what is not given and what is null are the same."""
    given: Json = dict(request.query)
    if request.method == "POST" and request.can_read_body:
        if request.content_type == "application/json":
            try:
                body = json.loads(await request.text())
            except ValueError:
                raise RefusedError("invalid_json") from None
            if not isinstance(body, dict):
                raise RefusedError("json_not_object")
            given |= body
        else:
            given |= dict(await request.post())
    return {name: _decoded(name, value) for name, value in given.items() if value is not None}


def without_secrets(given: Mapping[str, object]) -> Json:
    return {name: value for name, value in given.items() if name not in _SECRET}


def needed(given: Json, *names: str) -> list[str]:
    """The values of arguments that have to be there.

    Raises:
        RefusedError: one is missing.
    """
    missing = [name for name in names if given.get(name) in (None, "")]
    if missing:
        raise RefusedError("invalid_arguments", messages=_missing(missing))
    return [str(given[name]) for name in names]


def flag(given: Json, name: str) -> bool:
    return given.get(name) in (True, "true", "True", "1", 1)


def _missing(names: Iterable[str]) -> list[str]:
    return [f"[ERROR] missing required field: {name}" for name in names]


def _decoded(name: str, value: object) -> object:
    if name in _STRUCTURED and isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
