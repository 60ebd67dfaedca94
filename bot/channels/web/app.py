"""The web application: its routes, and errors as one line of JSON."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

from bot.channels.web.api import Api
from bot.channels.web.attempts import Attempts
from bot.channels.web.bodies import MAX_BODY, read_json, text_field
from bot.channels.web.errors import answered
from bot.channels.web.measuring import Measuring
from bot.channels.web.messages import Messages
from bot.channels.web.readiness import Readiness
from bot.channels.web.streaming import QUIET_SECONDS
from bot.channels.web.trust import PERSON, Gate, add_headers
from bot.core.coach import Coach
from bot.core.open_reviews import OpenReviews
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
MAX_SIGN_IN = 12 * MAX_TOKEN + 1_000
"""Bytes; whoever signs in may be anybody."""


def make_app(
    *,
    coach: Coach,
    library: Library,
    messages: Messages,
    reviews: OpenReviews,
    readiness: Readiness,
    measuring: Measuring,
    counted: Callable[[], bytes] = bytes,
    token: str | None = None,
    attempts: Attempts | None = None,
    quiet: float = QUIET_SECONDS,
    routes: Mapping[str, Handler] = MappingProxyType({}),
) -> web.Application:
    """Makes the application.

    Args:
        coach: gives what needs no inbox: the guide, and what people think of answers.
        library: gives the lessons that the page names.
        messages: takes questions and drafts in and gives their replies.
        reviews: takes what writers decide about the findings of their drafts.
        readiness: what `/readyz` reports.
        measuring: what `/metrics` reports of the store and the platforms.
        counted: what this process counted, in the same format.
        token: what callers must show; without one only loopback names are served.
        routes: what chat platforms post to, by path; they check for themselves who it is that posts.
        attempts: counts wrong tokens.
        quiet: after how many seconds without an event a stream shows that it lives.
    """
    gate = Gate(token, attempts)
    api = Api(coach=coach, library=library, messages=messages, reviews=reviews, quiet=quiet)
    app = web.Application(middlewares=[_errors_as_json], client_max_size=MAX_BODY)
    app.on_response_prepare.append(add_headers)
    app.add_routes(
        [
            web.get("/healthz", _healthz),
            web.get("/readyz", _readyz(readiness)),
            web.get("/metrics", _guarded(gate, _metrics(measuring, counted))),
            web.get("/", _file(PAGE / "index.html")),
            *(web.get(f"/page/{path.name}", _file(path)) for path in sorted(PAGE.iterdir()) if path.suffix in _TYPES),
            web.post("/api/signin", _sign_in(gate)),
            web.get("/api/lessons", _guarded(gate, api.lessons)),
            web.get("/api/guide", _guarded(gate, api.guide)),
            web.post("/api/ask", _guarded(gate, api.ask)),
            web.post("/api/review", _guarded(gate, api.review)),
            web.post("/api/decide", _guarded(gate, api.decide)),
            web.get("/api/replies/{id}", _guarded(gate, api.reply)),
            web.post("/api/feedback", _guarded(gate, api.feedback)),
            *(web.post(path, handler) for path, handler in routes.items()),
        ]
    )
    return app


@web.middleware
async def _errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    return await answered(request, handler(request))


def _guarded(gate: Gate, handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        request[PERSON] = gate.admit(request)
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
        token = text_field(await read_json(request, limit=MAX_SIGN_IN), "token", limit=MAX_TOKEN)
        response = web.json_response({"signed_in": True})
        gate.sign_in(request, token.strip(), response)
        return response

    return sign_in


async def _healthz(_: web.Request) -> web.StreamResponse:
    return web.json_response({"up": True})


def _readyz(readiness: Readiness) -> Handler:
    async def readyz(_: web.Request) -> web.StreamResponse:
        report = await readiness.report()
        body = {"ready": report.reason is None, "reason": report.reason, "parts": report.parts}
        return web.json_response(body, status=503 if report.reason else 200)

    return readyz


def _metrics(measuring: Measuring, counted: Callable[[], bytes]) -> Handler:
    async def metrics(_: web.Request) -> web.StreamResponse:
        # Imported here: the client library would slow the start.
        from bot.channels.web.exposition import CONTENT_TYPE, exposition

        return web.Response(
            body=exposition(await measuring.measure()) + counted(), headers={"Content-Type": CONTENT_TYPE}
        )

    return metrics
