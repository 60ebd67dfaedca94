"""Tokens that the coach shows to Teams: fetched one at a time, beside everything else, and kept while they last."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol, cast

import requests
from msal import ConfidentialClientApplication, ManagedIdentityClient, UserAssignedManagedIdentity

from bot.beside import beside
from bot.channels.teams.cloud import Cloud
from bot.channels.teams.login import Grant, LoginHttp, WatchedHttp, codes_of, is_final

FETCH_SECONDS = 8.0
"""How long a call may wait for a token; less than the call itself may take."""
EARLY_SECONDS = 300.0
"""How long before its end a token is fetched anew, as MSAL does."""
LAST_SECONDS = 30.0
"""How long before its end a token is not shown any more, should there be no other."""
REFUSED_SECONDS = 60.0
"""How long a refusal that does not pass is taken for the answer, before the login is asked again."""


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
            forget: has it forget what it has fetched; never called while it fetches.
            http_client: sends those requests; a `requests.Session` with a deadline by default.
            seconds: how long to wait for a token.
            clock: seconds that only go forward.
        """
        logging.getLogger("msal").setLevel(logging.CRITICAL)  # it logs whole answers; what is wrong is told here
        self._fetch = fetch
        self._forget = forget
        self._http = WatchedHttp(http_client or cast(LoginHttp, requests.Session()), seconds=seconds / 2)
        self._seconds = seconds
        self._clock = clock
        self._fetching: asyncio.Task[None] | None = None
        self._token = ""
        self._ends = self._again_at = float("-inf")
        self._is_refused = False

    async def token(self) -> str:
        """Gives the token at hand, or fetches one; who asks while it is being fetched waits for the same.

        A refusal that does not pass is told to all who ask within a minute, without asking the login again.

        Raises:
            TokenError: there is none, and the one before has ended.
        """
        if self._clock() >= self._ends - EARLY_SECONDS:
            if self._fetching is None or (self._fetching.done() and self._clock() >= self._again_at):
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
            self._token, self._ends, self._is_refused = "", float("-inf"), True

    def close(self) -> None:
        """Lets go of what fetches; a request that is under way ends by its deadline, or with the process."""
        if self._fetching:
            self._fetching.cancel()
        self._http.close()

    def _or_last(self, error: TokenError) -> None:
        if self._clock() >= self._ends - LAST_SECONDS:
            raise error

    async def _renew(self) -> None:
        asked = self._clock()
        try:
            grant = await beside(self._granted)
        except TokenError as error:
            if not error.passes:
                self._again_at = self._clock() + REFUSED_SECONDS
            raise
        token, lasts = grant.get("access_token"), str(grant.get("expires_in"))
        if not isinstance(token, str) or not token or not lasts.isdecimal():
            raise TokenError("no token in the answer", passes=True)
        self._token, self._ends = token, asked + int(lasts)

    def _granted(self) -> Grant:
        """Fetches, with every failure as one; what MSAL says of it may hold what was sent."""
        if self._is_refused:
            self._is_refused = False
            self._forget()
        try:
            grant = self._fetch(self._http)
        except Exception as error:  # MSAL lets through whatever goes wrong on the way
            status = self._http.status
            raise TokenError(f"{type(error).__name__}, status {status}", passes=not is_final(status)) from None
        if "error" in grant:
            raise TokenError(codes_of(grant), passes=not is_final(self._http.status, grant))
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


def _seen(task: asyncio.Task[None]) -> None:
    """Takes note of how a fetch ended, also when nobody waits for it any more."""
    if not task.cancelled():
        task.exception()
