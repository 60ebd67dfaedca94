"""Calls to Slack's Web API: a deadline each, patience with its limits, every failure as one of two exceptions."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_before_delay, wait_random_exponential

from bot.channels.platform_measures import AWAY, LIMITED, REFUSED
from bot.channels.slack.workspace import Workspace

if TYPE_CHECKING:
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

Json = Mapping[str, Any]

RESPONSE_HOST = "hooks.slack.com"
FOREIGN = "foreign_url"
"""The code for an address that is not Slack's."""
SLACK_URL = "https://slack.com/api/"
CALL_SECONDS = 10.0
"""How long one call may take."""
PATIENCE_SECONDS = 10.0
"""How long a call may wait in all for Slack to take it again; what takes longer is put back into the inbox."""
_PAUSE = wait_random_exponential(multiplier=0.5, min=0.25, max=10.0)
"""Between two attempts, longer each time and never the same for two callers."""
_MAX_RETRY_AFTER = 600.0
_TAKE_FORMS = ("conversations.replies", "conversations.history", "files.", "chat.getPermalink")
_TOO_MANY = 429
_REDIRECT = 300
_SERVER_ERROR = 500
_AILING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})

_log = logging.getLogger(__name__)


class SlackRefusedError(Exception):
    """Slack did not do what it was asked; `code` is its own word for why. `retry_after` is set where it is too much."""

    def __init__(self, method: str, code: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"Slack refused {method}: {code}")
        self.code = code
        self.retry_after = retry_after


class SlackAwayError(Exception):
    """Slack cannot be reached or failed itself; what it was asked may have been done all the same."""


class SlackApi:
    """The Web API with the coach's token. `open` comes first, `close` last."""

    def __init__(self, token: str, *, url: str | None = None, patience: float = PATIENCE_SECONDS) -> None:
        self._token = token
        self._url = (url or SLACK_URL).rstrip("/") + "/"
        self._patience = patience
        self.failed: Counter[str] = Counter()
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    @property
    def url(self) -> str:
        """The address that methods are called below."""
        return self._url

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections, for what is no method: files and response URLs."""
        if self._session is None:
            raise RuntimeError("the Slack API is not open")
        return self._session

    @property
    def token(self) -> str:
        """The bot token."""
        return self._token

    def client(self) -> AsyncWebClient:
        """The SDK's client, for Socket Mode; it has no token of its own and retries nothing."""
        return AsyncWebClient(base_url=self._url, timeout=int(CALL_SECONDS), retry_handlers=[])

    async def open(self) -> None:
        """Makes the connections; nothing is called yet."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS), trust_env=True)
        self._client = AsyncWebClient(
            token=self._token,
            base_url=self._url,
            timeout=int(CALL_SECONDS),
            session=self._session,
            retry_handlers=[],
        )

    async def close(self) -> None:
        """Lets go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def workspace(self, *, patience: float | None = None) -> Workspace:
        """Says who the token belongs to; `patience` as in `call`.

        Raises:
            SlackRefusedError: the token is no good.
            SlackAwayError: Slack cannot be reached.
        """
        known = await self.call("auth.test", {}, again=True, patience=patience)
        return Workspace(team=known["team_id"], bot_user=known["user_id"], bot_id=known.get("bot_id") or "")

    async def socket_address(self, app_token: str) -> str:
        """Gives an address to open a Socket Mode connection at, for an app-level token.

        Raises:
            SlackRefusedError: the token is no good, or Socket Mode is off.
            SlackAwayError: Slack cannot be reached.
        """
        answer = await self._once("apps.connections.open", {}, token=app_token)
        return str(answer["url"])

    async def respond(self, url: str, body: Json) -> None:
        """Posts to a response URL: a reply that its receiver alone sees, wherever they wrote.

        Raises:
            SlackRefusedError: it takes no reply any more, or is not Slack's.
            SlackAwayError: Slack cannot be reached or failed itself.
        """
        if not self.owns(url, RESPONSE_HOST):
            raise SlackRefusedError("response URL", FOREIGN)
        try:
            async with self.session.post(url, json=dict(body), allow_redirects=False) as response:
                status, text, after = response.status, await response.text(), response.headers.get("Retry-After")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackAwayError(f"response URL: {type(error).__name__}") from None
        if status >= _SERVER_ERROR:
            raise SlackAwayError(f"response URL: status {status}")
        if status >= _REDIRECT:
            if status == _TOO_MANY:
                raise SlackRefusedError("response URL", "ratelimited", retry_after=_seconds(after))
            raise SlackRefusedError("response URL", _code(text))
        if not _says_ok(text):
            raise SlackRefusedError("response URL", _code(text))

    def owns(self, url: str, *hosts: str) -> bool:
        """Whether an address that came with a request is one of Slack's: no other gets a reply, or the token."""
        try:
            asked, ours = urlsplit(url), urlsplit(self._url)
        except ValueError:
            return False
        if (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc):
            return True
        return (asked.scheme, asked.netloc) in [("https", host) for host in hosts]

    async def call(self, method: str, arguments: Json, *, again: bool, patience: float | None = None) -> Json:
        """Calls a method and gives its answer.

        Args:
            method: its name, such as "chat.update".
            arguments: what it takes.
            again: whether it may be called again when nobody knows whether it was done.
            patience: how long to wait in all, in seconds, where Slack asks to come again later; 0 waits for nothing.

        Raises:
            SlackRefusedError: Slack said no, or asked for more patience than there is.
            SlackAwayError: Slack cannot be reached or failed itself.
        """
        room = self._patience if patience is None else patience
        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda error: _passes(error, again=again)),
            stop=stop_before_delay(room),
            wait=_wait,
            reraise=True,
        )
        answer: Json = await retrying(self._once, method, arguments)
        return answer

    async def _once(self, method: str, arguments: Json, *, token: str | None = None) -> Json:
        try:
            return await self._plainly(method, arguments, token=token)
        except SlackAwayError:
            self.failed[AWAY] += 1
            raise
        except SlackRefusedError as error:
            self.failed[LIMITED if error.retry_after is not None else REFUSED] += 1
            raise

    async def _plainly(self, method: str, arguments: Json, *, token: str | None) -> Json:
        if self._client is None:
            raise RuntimeError("the Slack API is not open")
        try:
            async with asyncio.timeout(CALL_SECONDS):
                response: AsyncSlackResponse = await self._client.api_call(
                    method, headers={"Authorization": f"Bearer {token or self._token}"}, **_body(method, arguments)
                )
        except SlackApiError as error:
            raise _refusal(method, error) from None
        except (aiohttp.ClientError, TimeoutError, SlackClientError, ValueError) as error:
            raise SlackAwayError(f"{method}: {type(error).__name__}") from None
        return response.data if isinstance(response.data, dict) else {}


def _body(method: str, arguments: Json) -> dict[str, Any]:
    """The arguments as the SDK sends them: JSON for most methods; those that read, and files, take forms alone."""
    if method.startswith(_TAKE_FORMS):
        return {
            "data": {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}
        }
    return {"json": dict(arguments)}


def _refusal(method: str, error: SlackApiError) -> SlackRefusedError | SlackAwayError:
    """What an answer that is no success comes to; its own words may hold what was sent."""
    response: Any = error.response
    status: int = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if status == _TOO_MANY or code in ("ratelimited", "rate_limited"):
        return SlackRefusedError(method, "ratelimited", retry_after=_seconds(response.headers.get("Retry-After")))
    if status >= _SERVER_ERROR or not isinstance(code, str) or code in _AILING:
        return SlackAwayError(f"{method}: status {status}")
    return SlackRefusedError(method, code)


def _code(text: str) -> str:
    """The code of a refusal by a response URL, which is JSON for some and one word for others."""
    try:
        body = json.loads(text)
    except ValueError:
        return text.strip()[:40] or "no_service"
    return str(body.get("error")) if isinstance(body, dict) else "no_service"


def _says_ok(text: str) -> bool:
    try:
        body = json.loads(text)
    except ValueError:
        return True
    return not isinstance(body, dict) or body.get("ok") is not False


def _seconds(retry_after: str | None) -> float:
    """Seconds as Slack writes them; what is no such number is a second."""
    text = (retry_after or "").strip()
    return min(float(text), _MAX_RETRY_AFTER) if text.replace(".", "", 1).isdecimal() else 1.0


def _passes(error: BaseException, *, again: bool) -> bool:
    if isinstance(error, SlackRefusedError):
        return error.retry_after is not None
    return again and isinstance(error, SlackAwayError)


def _wait(state: RetryCallState) -> float:
    """At least as long as Slack asks for; not all who wait may come back at the same moment."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, SlackRefusedError) else None
    return (asked or 0.0) + _PAUSE(state)
