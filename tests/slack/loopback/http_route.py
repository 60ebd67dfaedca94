"""Delivers to the app's request URL: signed, three seconds to answer."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import aiohttp

from tests.slack.loopback.delivered import Delivered, Envelope, Retry
from tests.slack.loopback.state import State
from tests.slack.loopback.workspace import SIGNING_SECRET, Json

_FORM = "application/x-www-form-urlencoded"
_OK = range(200, 300)


def signed(body: str, timestamp: str, secret: str = SIGNING_SECRET) -> str:
    """Slack's v0 signature."""
    mac = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return f"v0={mac.hexdigest()}"


class HttpRoute:
    """One app behind one address or, in turn, several."""

    def __init__(self, state: State, urls: Sequence[str]) -> None:
        self._state = state
        self._urls = itertools.cycle(urls)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=True
        )

    async def close(self) -> None:
        await self._session.close()

    async def attempt(self, envelope: Envelope, payload: Json, retry: Retry | None) -> Delivered:
        kind, body = _encoded(envelope, payload)
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signed(body, timestamp),
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        return await self.send(body, headers)

    async def send(self, body: str, headers: Mapping[str, str]) -> Delivered:
        """Posts a body as it is."""
        headers = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Accept": "*/*", **headers}
        try:
            async with (
                asyncio.timeout(self._state.settings.ack_seconds),
                self._session.post(next(self._urls), data=body.encode(), headers=headers) as response,
            ):
                text = await response.text()
                is_json = response.content_type == "application/json"
                no_retry = response.headers.get("x-slack-no-retry") == "1"
        except TimeoutError:
            return Delivered(0, reason="http_timeout")
        except aiohttp.ClientError:
            return Delivered(0, reason="connection_failed")
        answer: Json | str = json.loads(text) if is_json and text else text
        reason = "" if response.status in _OK else "http_error"
        return Delivered(response.status, answer, reason, no_retry)


def _encoded(envelope: Envelope, payload: Json) -> tuple[str, str]:
    if envelope == "events_api":
        return "application/json", json.dumps(payload)
    if envelope == "slash_commands":
        return _FORM, urlencode(payload)
    return _FORM, urlencode({"payload": json.dumps(payload)})
