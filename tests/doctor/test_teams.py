"""Teams as the doctor sees it: a login and a key server on loopback, well and in every way wrong."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from bot.channels.teams.cloud import CLOUDS
from bot.doctor import teams as doctored
from bot.doctor.finding import Finding, State
from bot.settings import Settings
from tests.doctor.saying import only, told, worst
from tests.stores.redis_server import free_port
from tests.teams.key_server import METADATA, KeyServer
from tests.teams.login_server import APP_ID, HOST, PASSWORD, TENANT, LoginServer, There

WHOLE = {"teams_app_id": APP_ID, "teams_app_password": PASSWORD, "teams_app_tenant_id": TENANT}


@pytest.fixture
async def keys() -> AsyncIterator[KeyServer]:
    async with KeyServer() as keys:
        yield keys


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """An address that takes a connection and never answers on it."""
    taken: list[asyncio.StreamWriter] = []

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for writer in taken:
            writer.close()
        server.close()


async def looked(
    login: str, keys: str, ahead: float = 0.0, seconds: float = doctored.SECONDS, **more: object
) -> Sequence[Finding]:
    """What the doctor tells with these settings, its clock being ahead."""
    cloud = replace(CLOUDS["public"], login_url=HOST, metadata_url=f"{keys}{METADATA}")
    settings = Settings.model_validate({**WHOLE, **more})
    return await doctored.check(
        settings, cloud=cloud, http=There(login), now=lambda: time.time() + ahead, seconds=seconds
    )


async def test_a_token_and_the_keys_can_be_had(login: LoginServer, keys: KeyServer) -> None:
    assert told(await looked(login.url, keys.url)) == [
        (
            State.OK,
            "TEAMS_APP_ID is set, cloud public, SingleTenant: people of the tenant aaaaaaaa-… are answered at "
            "POST /api/messages",
        ),
        (State.OK, "Microsoft gives a token for the app"),
        (State.OK, "the keys that Teams signs with can be had"),
        (State.OK, "this machine's clock agrees with that of Microsoft's login"),
    ]
    assert len(login.asked) == 1


async def test_an_app_of_several_tenants_asks_in_the_shared_ones_name(login: LoginServer, keys: KeyServer) -> None:
    findings = await looked(login.url, keys.url, teams_app_type="MultiTenant")
    assert "people of any tenant" in findings[0].says
    assert login.asked[0]["tenant"] == "botframework.com"


async def test_a_machines_own_identity_is_asked_and_its_clock_is_not(
    login: LoginServer, keys: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_ENDPOINT", "MSI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    login.lasts = "86400"
    findings = await looked(login.url, keys.url, teams_app_type="UserAssignedMSI", teams_app_password=None)
    assert [finding.state for finding in findings] == [State.OK] * 3


def says(status: int, error: str, words: str) -> Callable[[], web.Response]:
    return lambda: web.json_response({"error": error, "error_description": words}, status=status)


@pytest.mark.parametrize(
    ("answer", "told_", "mend"),
    [
        (
            says(401, "invalid_client", f"AADSTS7000215: Invalid client secret provided: '{PASSWORD}'."),
            "Microsoft refuses the app (AADSTS7000215)",
            "TEAMS_APP_PASSWORD is wrong",
        ),
        (
            says(401, "invalid_client", "AADSTS7000222: expired"),
            "Microsoft refuses the app (AADSTS7000222)",
            "TEAMS_APP_PASSWORD has expired",
        ),
        (says(400, PASSWORD, PASSWORD), "Microsoft refuses the app", "compare TEAMS_APP_ID"),
        (says(503, "server_error", PASSWORD), "no token for now", "see that this machine reaches"),
        (lambda: web.Response(text=f"<html>{PASSWORD}"), "no token for now", "see that this machine reaches"),
    ],
)
async def test_a_refusal_is_told_by_its_code_with_what_it_means(
    login: LoginServer, keys: KeyServer, answer: Callable[[], web.Response], told_: str, mend: str
) -> None:
    login.answer = answer
    problem = only(await looked(login.url, keys.url))
    assert problem.says.startswith(told_)
    assert problem.mend.startswith(mend)
    assert PASSWORD not in problem.says + problem.mend


async def test_a_login_and_a_key_server_that_nobody_runs_are_told() -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    problems = worst(await looked(nobody, nobody))
    assert [problem.says.partition(",")[0] for problem in problems] == [
        "no token for now: the login cannot be reached",
        "the keys that Teams signs with cannot be had",
    ]


async def test_a_login_that_does_not_answer_is_given_up_in_time(keys: KeyServer) -> None:
    async with silent() as url:
        started = time.perf_counter()
        problem = only(await looked(url, keys.url, seconds=0.2))
    assert problem.says.startswith("no token for now")
    assert time.perf_counter() - started < 3


async def test_a_clock_that_is_off_is_told(login: LoginServer, keys: KeyServer) -> None:
    problem = only(await looked(login.url, keys.url, -120.0))
    assert "behind that of Microsoft's login" in problem.says


def test_the_local_mode_is_loud_and_a_problem_where_others_come_in() -> None:
    (loud,) = doctored.check_local(is_loopback=True)
    assert (loud.state, "TEAMS_LOCAL IS ON" in loud.says) == (State.UNSURE, True)
    (problem,) = doctored.check_local(is_loopback=False)
    assert problem.state is State.PROBLEM
