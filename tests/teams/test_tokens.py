"""Tokens for Teams: fetched once while they last, never in the way of others, and silent about secrets."""

import asyncio
import logging
import sys
import threading
import traceback
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from aiohttp import web

from bot.channels.teams.cloud import CLOUDS
from bot.channels.teams.login import Grant, WatchedHttp
from bot.channels.teams.tokens import (
    EARLY_SECONDS,
    LAST_SECONDS,
    REFUSED_SECONDS,
    MsalTokens,
    NoTokens,
    TokenError,
    of_machine,
    of_secret,
)
from tests.teams.login_server import APP_ID, HOST, PASSWORD, TENANT, LoginServer, There
from tests.web.waiting import until

CLOUD = replace(CLOUDS["public"], login_url=HOST)
LASTS = 3_600


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def login() -> AsyncIterator[LoginServer]:
    async with LoginServer() as login:
        yield login


@pytest.fixture
async def there(login: LoginServer) -> AsyncIterator[There]:
    there = There(login.url)
    yield there
    there.is_open.set()
    there.close()


@pytest.fixture
async def tokens(there: There) -> AsyncIterator[MsalTokens]:
    tokens = of_secret(APP_ID, PASSWORD, TENANT, CLOUD, http_client=there)
    yield tokens
    tokens.close()


async def test_a_token_is_fetched_for_the_app_in_the_name_of_its_tenant(
    tokens: MsalTokens, login: LoginServer, there: There
) -> None:
    assert await tokens.token() == "token-1"
    (asked,) = login.asked
    assert {name: asked[name] for name in ("tenant", "grant_type", "client_id", "client_secret", "scope")} == {
        "tenant": TENANT,
        "grant_type": "client_credentials",
        "client_id": APP_ID,
        "client_secret": PASSWORD,
        "scope": "https://api.botframework.com/.default",
    }
    assert {url.split("/")[2] for url in there.urls} == {"login.example"}


async def test_nothing_is_asked_before_a_token_is_needed(tokens: MsalTokens, login: LoginServer) -> None:
    assert (login.found, login.asked) == (0, [])
    await tokens.token()
    assert (login.found, len(login.asked)) == (1, 1)


async def test_a_token_is_kept_while_it_lasts_and_fetched_once_for_all(tokens: MsalTokens, login: LoginServer) -> None:
    assert set(await asyncio.gather(*(tokens.token() for _ in range(30)))) == {"token-1"}
    assert await tokens.token() == "token-1"
    assert len(login.asked) == 1


async def test_the_event_loop_goes_on_while_a_token_is_fetched(tokens: MsalTokens, there: There) -> None:
    there.is_open.clear()
    waiting = asyncio.create_task(tokens.token())
    await until(lambda: bool(there.urls))
    assert not waiting.done()
    assert threading.get_ident() not in there.threads
    there.is_open.set()
    assert await waiting == "token-1"


def lasting(there: There, clock: Clock) -> MsalTokens:
    """Tokens whose time the test tells; every fetch is the server's, which gives another one."""

    def fetch(http: WatchedHttp) -> Grant:
        return dict(http.post(f"{HOST}/{TENANT}/oauth2/v2.0/token", data={}).json())

    return MsalTokens(fetch, http_client=there, clock=clock)


async def test_who_asks_while_a_token_is_fetched_waits_for_the_same(login: LoginServer, there: There) -> None:
    tokens = lasting(there, Clock())
    assert set(await asyncio.gather(*(tokens.token() for _ in range(30)))) == {"token-1"}
    assert len(login.asked) == 1
    tokens.close()


async def test_a_token_is_fetched_anew_before_it_ends(there: There) -> None:
    clock = Clock()
    tokens = lasting(there, clock)
    assert await tokens.token() == "token-1"
    clock.now += LASTS - EARLY_SECONDS - 1
    assert await tokens.token() == "token-1"
    clock.now += 1
    assert await tokens.token() == "token-2"
    tokens.close()


async def test_while_the_login_is_away_the_token_at_hand_is_used_to_its_end(login: LoginServer, there: There) -> None:
    clock = Clock()
    tokens = lasting(there, clock)
    await tokens.token()
    login.answer = lambda: web.Response(status=503)
    clock.now += LASTS - EARLY_SECONDS
    assert await tokens.token() == "token-1"
    clock.now += EARLY_SECONDS - LAST_SECONDS
    with pytest.raises(TokenError):
        await tokens.token()
    login.answer = None
    assert await tokens.token() == f"token-{len(login.asked)}"
    tokens.close()


async def test_a_refusal_that_does_not_pass_is_told_for_a_minute_without_asking_again(
    login: LoginServer, there: There
) -> None:
    clock = Clock()
    tokens = lasting(there, clock)
    login.answer = says(401, "invalid_client", "AADSTS7000215")
    for _ in range(5):
        with pytest.raises(TokenError, match="invalid_client AADSTS7000215") as raised:
            await tokens.token()
        assert not raised.value.passes
    assert len(login.asked) == 1
    login.answer = None
    clock.now += REFUSED_SECONDS - 1
    with pytest.raises(TokenError):
        await tokens.token()
    clock.now += 1
    assert await tokens.token() == "token-2"
    tokens.close()


async def test_a_refused_secret_does_not_take_the_token_at_hand_away(login: LoginServer, there: There) -> None:
    clock = Clock()
    tokens = lasting(there, clock)
    assert await tokens.token() == "token-1"
    login.answer = says(401, "invalid_client", "AADSTS7000222")
    clock.now += LASTS - EARLY_SECONDS
    assert {await tokens.token() for _ in range(5)} == {"token-1"}
    assert len(login.asked) == 2
    tokens.close()


def says(status: int, error: str, words: str) -> Callable[[], web.Response]:
    return lambda: web.json_response({"error": error, "error_description": words}, status=status)


WRONG_SECRET = f"AADSTS7000215: Invalid client secret provided: '{PASSWORD}'. Trace ID: 0123"


@pytest.mark.parametrize(
    ("answer", "told", "passes"),
    [
        (says(401, "invalid_client", WRONG_SECRET), "invalid_client AADSTS7000215", False),
        (says(400, "unauthorized_client", f"AADSTS700016: {APP_ID}"), "unauthorized_client AADSTS700016", False),
        (says(400, "invalid_scope", PASSWORD), "invalid_scope", False),
        (says(400, PASSWORD + " leaked", PASSWORD), "refused", False),
        (says(400, "temporarily_unavailable", "AADSTS90033: later"), "temporarily_unavailable AADSTS90033", True),
        (says(429, "throttled", "AADSTS90055: later"), "throttled AADSTS90055", True),
        (says(503, "server_error", PASSWORD), "status 503", True),
        (lambda: web.Response(status=500, text=PASSWORD), "status 500", True),
        (lambda: web.Response(status=200, text=f"<html>{PASSWORD}"), "status 200", True),
        (lambda: web.Response(status=200, text="[]"), "status 200", True),
        (lambda: web.json_response({"token_type": "Bearer"}), "no token in the answer", True),
        (lambda: web.json_response({"access_token": "", "expires_in": 3_600}), "no token in the answer", True),
        (lambda: web.Response(status=302, headers={"Location": "/x"}), "status 302", True),
    ],
)
async def test_a_refusal_is_told_by_its_codes_and_by_whether_it_passes(
    tokens: MsalTokens,
    login: LoginServer,
    caplog: pytest.LogCaptureFixture,
    answer: Callable[[], web.Response],
    told: str,
    passes: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    login.answer = answer
    with pytest.raises(TokenError) as raised:
        await tokens.token()
    assert str(raised.value).startswith("no token for Teams: ")
    assert told in str(raised.value)
    assert raised.value.passes is passes
    assert PASSWORD not in "".join(traceback.format_exception(raised.value))
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        (says(400, "invalid_tenant", f"AADSTS90002: Tenant '{TENANT}' not found."), False),
        (lambda: web.Response(status=502), True),
        (lambda: web.Response(status=200, text="<html>"), True),
    ],
)
async def test_a_tenant_that_cannot_be_found_is_told(
    tokens: MsalTokens, login: LoginServer, answer: Callable[[], web.Response], passes: bool
) -> None:
    login.discovery = answer
    with pytest.raises(TokenError) as raised:
        await tokens.token()
    assert raised.value.passes is passes
    if passes:
        login.discovery = None
        assert await tokens.token() == "token-1"


async def test_a_login_that_nobody_runs_passes() -> None:
    async with LoginServer() as gone:
        url = gone.url
    tokens = of_secret(APP_ID, PASSWORD, TENANT, CLOUD, http_client=There(url))
    with pytest.raises(TokenError) as raised:
        await tokens.token()
    assert raised.value.passes
    assert PASSWORD not in str(raised.value)
    tokens.close()


async def test_a_login_that_never_answers_is_not_waited_for(there: There) -> None:
    there.is_open.clear()
    tokens = MsalTokens(lambda http: http.get(f"{HOST}/x"), http_client=there, seconds=0.05)
    with pytest.raises(TokenError, match="timeout") as raised:
        await tokens.token()
    assert raised.value.passes
    there.is_open.set()
    tokens.close()


async def test_requests_to_the_login_have_a_deadline_of_their_own(login: LoginServer) -> None:
    asked: list[object] = []

    class Noting(There):
        def get(self, url: str, **told: object) -> object:  # type: ignore[override]
            asked.append((told["timeout"], told["allow_redirects"]))
            raise ConnectionError(url)

    tokens = of_secret(APP_ID, PASSWORD, TENANT, CLOUD, http_client=Noting(login.url))
    with pytest.raises(TokenError):
        await tokens.token()
    tokens.close()
    assert asked == [(4.0, False)]


async def test_a_token_that_teams_did_not_take_is_not_shown_again(tokens: MsalTokens, login: LoginServer) -> None:
    assert await tokens.token() == "token-1"
    tokens.refused("an older one")
    assert await tokens.token() == "token-1"
    tokens.refused("token-1")
    assert await tokens.token() == "token-2"
    assert len(login.asked) == 2


async def test_who_gives_up_waiting_leaves_the_fetch_to_the_others(
    tokens: MsalTokens, login: LoginServer, there: There
) -> None:
    there.is_open.clear()
    gone, stays = asyncio.create_task(tokens.token()), asyncio.create_task(tokens.token())
    await until(lambda: bool(there.urls))
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    there.is_open.set()
    assert await stays == "token-1"
    assert len(login.asked) == 1


async def test_a_machine_with_an_identity_needs_no_secret(
    login: LoginServer, there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_ENDPOINT", "MSI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", raising=False)
    login.lasts = "86400"
    tokens = of_machine(APP_ID, CLOUDS["gcc-high"], http_client=there)
    assert {await tokens.token() for _ in range(3)} == {"token-1"}
    (asked,) = login.asked
    assert (asked["client_id"], asked["resource"]) == (APP_ID, "https://api.botframework.us")
    assert {url.split("/")[2] for url in there.urls} == {"169.254.169.254"}
    tokens.close()


async def test_an_identity_that_is_not_assigned_is_told(login: LoginServer, there: There) -> None:
    login.answer = says(400, "invalid_request", f"Identity not found: {APP_ID}")
    tokens = of_machine(APP_ID, CLOUD, http_client=there)
    with pytest.raises(TokenError, match="invalid_request") as raised:
        await tokens.token()
    assert not raised.value.passes
    tokens.close()


async def test_an_identity_that_is_being_assigned_is_waited_for(login: LoginServer, there: There) -> None:
    login.answer = says(404, "not_found", "")
    tokens = of_machine(APP_ID, CLOUD, http_client=there)
    with pytest.raises(TokenError, match="not_found") as raised:
        await tokens.token()
    assert raised.value.passes
    tokens.close()


async def test_what_was_opened_is_closed(tokens: MsalTokens, there: There) -> None:
    await tokens.token()
    tokens.close()
    assert there.is_closed


ENDS = """
import asyncio, threading, time
from bot.channels.teams.tokens import MsalTokens

has_begun = threading.Event()

def hanging(http):
    has_begun.set()
    threading.Event().wait(60)

async def main():
    tokens = MsalTokens(hanging)
    waiting = asyncio.create_task(tokens.token())
    await asyncio.to_thread(has_begun.wait)
    waiting.cancel()
    tokens.close()

asyncio.run(main())
print("closed", flush=True)
"""


async def test_a_login_that_hangs_does_not_hold_up_the_process_that_ends() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ENDS, stdout=PIPE, stderr=STDOUT)
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"closed\n"
        async with asyncio.timeout(5):
            assert await process.wait() == 0
        assert await process.stdout.read() == b""
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def test_on_this_machine_alone_no_token_is_shown() -> None:
    assert await NoTokens().token() == ""
