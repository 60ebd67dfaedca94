"""A token that Teams does not take, though its time has not come, is not shown again."""

import asyncio

import pytest

from bot.channels.teams.tokens import MsalTokens, NoTokens, of_machine, of_secret
from tests.teams.login_server import APP_ID, PASSWORD, TENANT, LoginServer, There
from tests.teams.test_tokens import CLOUD, login, there, tokens

__all__ = ["login", "there", "tokens"]


async def test_another_is_fetched_though_msal_keeps_the_first(tokens: MsalTokens, login: LoginServer) -> None:
    refused = await tokens.token()
    tokens.refused(refused)
    assert await tokens.token() == "token-2"
    assert await tokens.token() == "token-2"
    assert len(login.asked) == 2


async def test_a_machine_s_identity_is_asked_for_another(
    login: LoginServer, there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_ENDPOINT", "MSI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", raising=False)
    login.lasts = "86400"
    tokens = of_machine(APP_ID, CLOUD, http_client=there)
    tokens.refused(await tokens.token())
    assert await tokens.token() == "token-2"
    tokens.close()


async def test_all_whose_call_was_refused_wait_for_one_other(tokens: MsalTokens, login: LoginServer) -> None:
    refused = await tokens.token()

    async def refused_and_again() -> str:
        tokens.refused(refused)
        return await tokens.token()

    assert set(await asyncio.gather(*(refused_and_again() for _ in range(20)))) == {"token-2"}
    assert len(login.asked) == 2


async def test_one_that_was_replaced_already_costs_nothing(tokens: MsalTokens, login: LoginServer) -> None:
    tokens.refused("another")
    first = await tokens.token()
    tokens.refused("another")
    assert await tokens.token() == first
    assert len(login.asked) == 1


async def test_a_refused_token_is_not_kept_while_the_login_is_away(there: There, login: LoginServer) -> None:
    tokens = of_secret(APP_ID, PASSWORD, TENANT, CLOUD, http_client=there)
    refused = await tokens.token()
    tokens.refused(refused)
    there.is_open.clear()
    waiting = asyncio.create_task(tokens.token())
    there.is_open.set()
    assert await waiting != refused
    assert len(login.asked) == 2
    tokens.close()


async def test_where_none_is_needed_none_is_refused() -> None:
    tokens = NoTokens()
    tokens.refused("")
    assert await tokens.token() == ""
