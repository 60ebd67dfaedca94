"""Reads a request's JSON body; whatever is wrong with it becomes one line and a status."""

import json
import re
from collections.abc import Mapping

from aiohttp import web

from bot.core.review import MAX_DRAFT

MAX_BODY = 12 * MAX_DRAFT + 1_000
"""Bytes. A code point takes at most twelve (a pair of `\\uXXXX` escapes), so every draft that core takes fits."""

_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


async def read_json(request: web.Request, *, limit: int = MAX_BODY) -> Mapping[str, object]:
    """Gives the body's JSON object.

    Raises:
        web.HTTPUnsupportedMediaType: the body is not declared to be JSON (a form of another site cannot do that).
        web.HTTPRequestEntityTooLarge: it has more than `limit` bytes.
        web.HTTPBadRequest: it is no JSON object.
        web.RequestPayloadError, ConnectionError: it did not arrive whole.
    """
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Send JSON, with the header Content-Type: application/json.")
    raw = bytearray()
    async for piece in request.content.iter_any():
        raw += piece
        if len(raw) > limit:
            raise web.HTTPRequestEntityTooLarge(
                max_size=limit, actual_size=len(raw), text=f"The body is too large; at most {limit:,} bytes are taken."
            )
    try:
        body = json.loads(raw.decode())
    except UnicodeDecodeError as error:
        raise web.HTTPBadRequest(text=f"The body is not UTF-8 at byte {error.start}.") from error
    except json.JSONDecodeError as error:
        raise web.HTTPBadRequest(text=f"The body is not JSON at character {error.pos}: {error.msg}.") from error
    except (RecursionError, ValueError) as error:  # nested too deep, or a number of too many digits
        raise web.HTTPBadRequest(text="The body is not JSON that can be read.") from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="Send a JSON object.")
    return body


def text_field(body: Mapping[str, object], name: str, *, limit: int) -> str:
    """Gives the text under `name`.

    Raises:
        web.HTTPBadRequest: there is none, or it is not text.
        web.HTTPRequestEntityTooLarge: it has more than `limit` code points.
    """
    value = body.get(name)
    if not isinstance(value, str):
        raise web.HTTPBadRequest(
            text=f'Send {{"{name}": "text"}}: "{name}" is {"missing" if value is None else "no text"}.'
        )
    if len(value) > limit:
        raise web.HTTPRequestEntityTooLarge(
            max_size=limit,
            actual_size=len(value),
            text=f"The {name} has {len(value):,} characters; at most {limit:,} are taken. Send it in parts.",
        )
    return value


def name_field(body: Mapping[str, object], name: str) -> str | None:
    """Gives the message's or thread's name under `name`, None when there is none.

    Raises:
        web.HTTPBadRequest: it cannot name anything.
    """
    value = body.get(name)
    if value in (None, ""):
        return None
    if not isinstance(value, str) or not is_name(value):
        raise web.HTTPBadRequest(text=f'"{name}" takes up to 64 letters, digits and hyphens.')
    return value


def is_name(text: str) -> bool:
    """Whether a message or thread can have this name."""
    return _NAME.fullmatch(text) is not None
