"""The web application: its routes, and errors as one line of JSON."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot.channels.web.api import Api
from bot.channels.web.bodies import MAX_BODY, read_json, text_field
from bot.channels.web.readiness import Readiness
from bot.channels.web.trust import Gate, add_headers
from bot.core.coach import Coach
from bot.core.ports import Library

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
MAX_TOKEN = 1_000

_log = logging.getLogger(__name__)


def make_app(
    *, coach: Coach, library: Library, readiness: Readiness, token: str | None = None, person: str = "local"
) -> web.Application:
    """Makes the application.

    Args:
        coach: answers and reviews.
        library: gives the lessons that the page names.
        readiness: what `/readyz` reports.
        token: what callers must show; without one only loopback names are served.
        person: who the page's user is to the coach.
    """
    gate = Gate(token)
    api = Api(coach=coach, library=library, person=person)
    app = web.Application(middlewares=[_errors_as_json], client_max_size=MAX_BODY)
    app.on_response_prepare.append(add_headers)
    app.add_routes(
        [
            web.get("/healthz", _healthz),
            web.get("/readyz", _readyz(readiness)),
            web.get("/", _file(PAGE / "index.html")),
            *(web.get(f"/page/{path.name}", _file(path)) for path in sorted(PAGE.iterdir()) if path.suffix in _TYPES),
            web.post("/api/signin", _sign_in(gate)),
            web.get("/api/lessons", _guarded(gate, api.lessons)),
            web.get("/api/guide", _guarded(gate, api.guide)),
            web.post("/api/ask", _guarded(gate, api.ask)),
            web.post("/api/review", _guarded(gate, api.review)),
        ]
    )
    return app


@web.middleware
async def _errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return _error(404, "There is nothing at this address.")
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        return _error(405, f"This address takes {allowed} only.", headers={"Allow": allowed})
    except web.HTTPError as error:
        return _error(error.status, error.text or error.reason)
    except Exception:
        _log.exception("%s %s failed", request.method, request.path)
        return _error(500, "The coach failed on this; its log says why.")


def _error(status: int, line: str, *, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": line}, status=status, headers=headers)


def _guarded(gate: Gate, handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        gate.admit(request)
        return await handler(request)

    return guarded


def _file(path: Path) -> Handler:
    """Serves one of the page's files; browsers ask each time whether it has changed."""
    headers = {"Content-Type": _TYPES[path.suffix], "Cache-Control": "no-cache"}

    async def file(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers=headers)

    return file


def _sign_in(gate: Gate) -> Handler:
    """`POST {"token"}` gives the session cookie."""

    async def sign_in(request: web.Request) -> web.StreamResponse:
        gate.admit_origin(request)
        token = text_field(await read_json(request), "token", limit=MAX_TOKEN)
        response = web.json_response({"signed_in": True})
        is_https = request.secure or request.headers.get("X-Forwarded-Proto", "").startswith("https")
        gate.sign_in(token.strip(), response, secure=is_https)
        return response

    return sign_in


async def _healthz(_: web.Request) -> web.StreamResponse:
    return web.json_response({"up": True})


def _readyz(readiness: Readiness) -> Handler:
    async def readyz(_: web.Request) -> web.StreamResponse:
        fault = await readiness.fault()
        return web.json_response({"ready": fault is None, "reason": fault}, status=503 if fault else 200)

    return readyz
