"""Errors as one line of JSON, with the status that fits."""

import logging
from collections.abc import Awaitable
from typing import TypeVar

from aiohttp import web

from bot.channels.web.bounds import TooSlowError
from bot.core.state import StoreAwayError

RETRY_SECONDS = 2
"""After how long a client may try again what the store could not take."""

Answered = TypeVar("Answered", bound=web.StreamResponse)

_log = logging.getLogger(__name__)


async def answered(request: web.Request, response: Awaitable[Answered]) -> Answered | web.Response:
    """Gives the response that is awaited, or the one that tells why there is none."""
    try:
        return await response
    except web.HTTPNotFound:
        return _error(404, "There is nothing at this address.")
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        return _error(405, f"This address takes {allowed} only.", headers={"Allow": allowed})
    except web.HTTPError as error:
        headers = {name: value for name, value in error.headers.items() if name == "Retry-After"}
        return _error(error.status, error.text or error.reason, headers=headers)
    except TooSlowError:
        return _error(408, "The body came too slowly: send it again.")
    except web.RequestPayloadError:
        return _error(400, "The body did not arrive whole.")
    except StoreAwayError as error:
        _log.warning("%s %s was refused: %s", request.method, request.path, error)
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return _error(503, "The coach cannot reach its store just now: try again in a moment.", headers=headers)
    except Exception as error:
        if isinstance(error, ConnectionError) and request.transport is None:
            return _error(400, "The body did not arrive whole.")  # nobody reads it: who sent the request has gone
        _log.exception("%s %s failed", request.method, request.path)
        return _error(500, "The coach failed on this; its log says why.")


def _error(status: int, line: str, *, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": line}, status=status, headers=headers)
