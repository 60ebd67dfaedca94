"""Tokens that the coach shows to Teams: fetched by one at a time beside everything else, and kept while they last."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, cast

import requests
from msal import ConfidentialClientApplication, ManagedIdentityClient, UserAssignedManagedIdentity

from bot.channels.teams.cloud import Cloud
from bot.channels.teams.login import LoginHttp, WatchedHttp

FETCH_SECONDS = 8.0
"""How long a call may wait for a token; less than the call itself may take."""
EARLY_SECONDS = 300.0
"""How long before its end a token is fetched anew, as MSAL does."""
LAST_SECONDS = 30.0
"""How long before its end a token is not shown any more, should there be no other."""

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_AADSTS = re.compile(r"AADSTS\d{1,10}")
_PASSING = frozenset({"temporarily_unavailable", "server_error", "timeout"})

Grant = Mapping[str, Any]


class TokenError(Exception):
    """There is no token. The message names the reason by its code alone; `passes` says whether to ask again later."""

    def __init__(self, reason: str, *, passes: bool) -> None:
        super().__init__(f"no token for Teams: {reason}")
        self.passes = passes


class Tokens(Protocol):
    """Where tokens come from."""

    async def token(self) -> str:
        """Gives a token that Teams takes now, empty where none is needed.

        Raises:
            TokenError: there is none.
        """

    def refused(self, token: str) -> None:
        """Learns that Teams did not take a token, so that the next one is another."""

    def close(self) -> None:
        """Lets go of what fetches them."""


class NoTokens:
    """For what runs on this machine alone and asks for none."""

    async def token(self) -> str:
        """Gives no token."""
        return ""

    def refused(self, token: str) -> None:
        """There is no other."""

    def close(self) -> None:
        """Lets go of nothing."""


class MsalTokens:
    """Tokens that MSAL fetches from Microsoft's login, or from the machine where it has an identity of its own."""

    def __init__(
        self,
        fetch: Callable[[WatchedHttp], Grant],
        *,
        forget: Callable[[], None] = lambda: None,
        http_client: LoginHttp | None = None,
        seconds: float = FETCH_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Makes a keeper of tokens; `of_secret` and `of_machine` know how to fetch them.

        Args:
            fetch: fetches a token, blocking; what it is given carries its requests.
            forget: has it forget what it has fetched; called in the same thread.
            http_client: sends those requests; a `requests.Session` with a deadline by default.
            seconds: how long to wait for a token.
            clock: seconds that only go forward.
        """
        logging.getLogger("msal").setLevel(logging.CRITICAL)  # it logs whole answers; what is wrong is told here
        self._fetch = fetch
        self._forget = forget
        self._http = WatchedHttp(http_client or _session(), seconds=seconds / 2)
        self._seconds = seconds
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="teams-login")
        self._fetching: asyncio.Task[None] | None = None
        self._token = ""
        self._ends = float("-inf")

    async def token(self) -> str:
        """Gives the token at hand, or fetches one; who asks while it is being fetched waits for the same.

        Raises:
            TokenError: there is none, and the one before has ended.
        """
        if self._clock() >= self._ends - EARLY_SECONDS:
            if self._fetching is None or self._fetching.done():
                self._fetching = asyncio.create_task(self._renew())
                self._fetching.add_done_callback(_seen)
            try:
                async with asyncio.timeout(self._seconds):
                    await asyncio.shield(self._fetching)
            except TimeoutError:
                self._or_last(TokenError("timeout", passes=True))
            except TokenError as error:
                self._or_last(error)
        return self._token

    def refused(self, token: str) -> None:
        """Drops the token at hand if it is this one; MSAL, which keeps it too, forgets it before it fetches again."""
        if token == self._token:
            self._token, self._ends = "", float("-inf")
            self._thread.submit(self._forget)

    def close(self) -> None:
        """Lets go of what fetches; a request that is under way ends by its deadline."""
        if self._fetching:
            self._fetching.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._http.close()

    def _or_last(self, error: TokenError) -> None:
        if self._clock() >= self._ends - LAST_SECONDS:
            raise error

    async def _renew(self) -> None:
        asked = self._clock()
        grant = await asyncio.get_running_loop().run_in_executor(self._thread, self._granted)
        token, lasts = grant.get("access_token"), str(grant.get("expires_in"))
        if not isinstance(token, str) or not token or not lasts.isdecimal():
            raise TokenError("no token in the answer", passes=True)
        self._token, self._ends = token, asked + int(lasts)

    def _granted(self) -> Grant:
        """Fetches, with every failure as one; what MSAL says of it may hold what was sent."""
        try:
            grant = self._fetch(self._http)
        except Exception as error:  # MSAL lets through whatever goes wrong on the way
            status = self._http.status
            raise TokenError(f"{type(error).__name__}, status {status}", passes=not _is_final(status)) from None
        if "error" in grant:
            raise _refused(grant, self._http.status)
        return grant


def of_secret(
    app_id: str, password: str, tenant: str, cloud: Cloud, *, http_client: LoginHttp | None = None
) -> MsalTokens:
    """Tokens of an app that has a client secret, in the name of `tenant`."""
    made: list[ConfidentialClientApplication] = []

    def fetch(http: WatchedHttp) -> Grant:
        if not made:  # making it asks the login server, so it is made when a token is first needed
            made.append(
                ConfidentialClientApplication(
                    app_id,
                    client_credential=password,
                    authority=f"{cloud.login_url}/{tenant}",
                    instance_discovery=False,  # the clouds are known here; it would ask the public one about any
                    http_client=http,
                )
            )
        return made[0].acquire_token_for_client(scopes=[cloud.scope]) or {}

    return MsalTokens(fetch, forget=made.clear, http_client=http_client)


def of_machine(app_id: str, cloud: Cloud, *, http_client: LoginHttp | None = None) -> MsalTokens:
    """Tokens of the identity that was assigned to the machine (UserAssignedMSI)."""
    made: list[ManagedIdentityClient] = []

    def fetch(http: WatchedHttp) -> Grant:
        if not made:
            made.append(ManagedIdentityClient(UserAssignedManagedIdentity(client_id=app_id), http_client=http))
        return made[0].acquire_token_for_client(resource=cloud.resource) or {}

    return MsalTokens(fetch, forget=made.clear, http_client=http_client)


def _session() -> LoginHttp:
    return cast(LoginHttp, requests.Session())


def _seen(task: asyncio.Task[None]) -> None:
    """Takes note of how a fetch ended, also when nobody waits for it any more."""
    if not task.cancelled():
        task.exception()


def _refused(grant: Grant, status: int) -> TokenError:
    """What an answer without a token comes to: codes alone, never the words around them."""
    code = str(grant.get("error"))
    named = _AADSTS.search(str(grant.get("error_description")))
    reason = " ".join([code if _CODE.fullmatch(code) else "refused", *([named.group()] if named else [])])
    return TokenError(reason, passes=code in _PASSING or not _is_final(status))


def _is_final(status: int) -> bool:
    """Whether an answer will be the same tomorrow; a machine says 404 or 410 while it gets its identity."""
    return 400 <= status < 500 and status not in (404, 408, 410, 429)
