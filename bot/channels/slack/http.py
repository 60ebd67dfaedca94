"""`POST /slack/events`: Slack's requests over HTTP."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.request.internals import parse_body
from slack_sdk.signature import SignatureVerifier

from bot.channels.doorway import Doorway
from bot.channels.slack.doorway import Refusal

MAX_BODY = 1_000_000
"""Bytes; Slack's largest requests, a modal full of text, have a tenth of it."""
MAX_DIGITS = 20  # of a time in seconds: with hundreds, arithmetic itself fails


class Events:
    """Gives requests to Bolt as long as the channel is connected."""

    def __init__(self, app: AsyncApp, doorway: Doorway, *, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._doorway = doorway
        self.is_connected = False

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers one request; what is not taken is counted."""
        if not self.is_connected:
            self._doorway.refuse(Refusal.NOT_READY)
            return web.Response(status=503, headers={"Retry-After": "5"})
        body = await _body(request)
        if body is None:
            self._doorway.refuse(Refusal.SIZE)
            return web.Response(status=413, headers={"X-Slack-No-Retry": "1"})
        if not self._is_signed(body, request.headers):
            self._doorway.refuse(Refusal.SIGNATURE)
            return web.Response(status=401)
        if not _is_object(body, request.content_type):
            return web.Response(status=400)
        headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in request.headers.items()}
        asked = AsyncBoltRequest(body=body, query=request.query_string, headers=headers)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    def _is_signed(self, body: str, headers: Mapping[str, str]) -> bool:
        """Whether Slack sent it, and just now. Bolt checks the same, but reads the body before."""
        timestamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        is_time = timestamp.isdecimal() and len(timestamp) <= MAX_DIGITS
        return is_time and signature.isascii() and self._verifier.is_valid(body, timestamp, signature)


def _is_object(body: str, content_type: str) -> bool:
    """Whether a body holds what Slack's do: names and values, as JSON or a form."""
    try:
        return isinstance(parse_body(body, content_type), dict)
    except ValueError:
        return False


async def _body(request: web.Request) -> str | None:
    """The body as text; None when it is larger than Slack's are."""
    raw = await request.content.read(MAX_BODY + 1)
    while len(raw) <= MAX_BODY and (more := await request.content.readany()):
        raw += more
    return None if len(raw) > MAX_BODY else raw.decode("utf-8", "replace")
