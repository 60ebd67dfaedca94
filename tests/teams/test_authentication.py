"""Who is let in: whom Microsoft's service signed for, and nobody else, whatever a token or an activity says."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from botbuilder.integration.aiohttp import CloudAdapter
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity

from bot.channels.teams.authentication import TeamsAuthentication
from bot.channels.teams.refusals import RefusedTokenError
from tests.teams.doors import PATH, Door, Hearing, Unused, cloud_of, door
from tests.teams.forging import HEADER, part, signed, unsigned, with_public_key
from tests.teams.key_server import (
    APP_ID,
    KEYS,
    METADATA,
    SERVICE,
    TENANT,
    KeyServer,
    activity,
    claims,
    private_key,
    published,
    token,
)
from tests.web.waiting import until

OTHER = "99999999-9999-9999-9999-999999999999"
DEEP = b"[" * 4_000


def now() -> int:
    """The time when a test runs, which may be long after it was gathered."""
    return int(time.time())


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody on any other machine is asked for anything, by whatever means."""
    asked: list[object] = []
    ask = socket.getaddrinfo

    def noting(host: Any, *more: Any, **named: Any) -> Any:  # noqa: ANN401 - as it comes
        asked.append(host)
        return ask(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", noting)
    yield
    assert set(asked) <= {"127.0.0.1", None}


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with KeyServer() as server:
        yield server


@pytest.fixture
async def ours(server: KeyServer) -> AsyncIterator[Door]:
    async with door(server) as ours:
        yield ours


async def test_what_microsofts_service_signed_is_heard(ours: Door, server: KeyServer) -> None:
    assert await ours.post() == (200, b"")
    assert await ours.post(authorization=f"Bearer {token(nbf=now() + 240, exp=now() + 300)}") == (200, b"")
    assert await ours.post(authorization=f"Bearer {token(nbf=None, exp=now() - 240)}") == (200, b"")
    assert ours.handler.heard == ["message"] * 3
    assert server.asked == {METADATA: 1, KEYS: 1}
    assert ours.doorway.refused == {}


async def test_the_sdk_makes_its_clients_for_a_turn_without_asking_anybody(server: KeyServer) -> None:
    who = TeamsAuthentication(APP_ID, cloud_of(server), Unused(), tenant=TENANT)
    nobody = ClaimsIdentity({"aud": APP_ID}, True)
    assert isinstance(who, BotFrameworkAuthentication)
    assert isinstance(who.create_connector_factory(nobody), Unused)
    assert await who.create_user_token_client(nobody) is await who.create_user_token_client(nobody)
    assert who.get_originating_audience() == "https://scope.example"
    with pytest.raises(RefusedTokenError):
        await who.authenticate_streaming_request(f"Bearer {token()}", "msteams")
    assert server.asked == {}


async def test_without_an_app_id_there_is_no_check_to_be_made(server: KeyServer) -> None:
    with pytest.raises(ValueError, match="app id"):
        TeamsAuthentication("", cloud_of(server), Unused(), tenant=None)


async def test_the_sdks_own_way_in_is_as_strict(server: KeyServer) -> None:
    who = TeamsAuthentication(APP_ID, cloud_of(server), Unused(), tenant=TENANT)
    handler, adapter = Hearing(), CloudAdapter(who)
    app = web.Application()
    app.router.add_post(PATH, partial(adapter.process, bot=handler))
    async with TestServer(app, host="127.0.0.1") as served, ClientSession() as session:
        for header, status in [(f"Bearer {token()}", 201), (f"Bearer {token(aud=OTHER)}", 401), ("Bearer a.b.c", 401)]:
            headers = {"Authorization": header}
            async with session.post(served.make_url(PATH), json=activity(), headers=headers) as answer:
                assert answer.status == status
        async with session.post(served.make_url(PATH), json=activity()) as answer:
            assert answer.status == 401
    assert handler.heard == ["message"]


UNASKED: Mapping[str, tuple[str, Callable[[], str]]] = {
    "nothing": ("no token", lambda: ""),
    "another scheme": ("token", lambda: f"Basic {token()}"),
    "the scheme in other letters": ("token", lambda: f"bearer {token()}"),
    "two spaces": ("token", lambda: f"Bearer  {token()}"),
    "no scheme": ("token", token),
    "a word": ("token", lambda: "Bearer garbage"),
    "three words": ("token", lambda: "Bearer a.b.c"),
    "two parts": ("token", lambda: "Bearer " + token().rpartition(".")[0]),
    "four parts": ("token", lambda: f"Bearer {token()}.a"),
    "a character that is none of base64's": ("token", lambda: f"Bearer {token()}!"),
    "too long": ("token", lambda: f"Bearer {token(x='y' * 5_000)}"),
    "a header that is no object": ("token", lambda: f"Bearer {signed([1], claims())}"),
    "claims that are no object": ("token", lambda: f"Bearer {signed(HEADER, 'x')}"),
    "claims that are not UTF-8": ("token", lambda: f"Bearer {signed(HEADER, bytes([255, 254]))}"),
    "claims without an end": ("token", lambda: f"Bearer {signed(HEADER, DEEP)}"),
    "no algorithm": ("token", lambda: f"Bearer {signed({'kid': 'key-1'}, claims())}"),
    "alg none": ("token", lambda: f"Bearer {unsigned()}"),
    "alg none, with a signature": ("token", lambda: f"Bearer {unsigned(signature='AAAA')}"),
    "alg None, with a signature": ("token", lambda: f"Bearer {unsigned('None', signature='AAAA')}"),
    "HS256 with the public key": ("token", lambda: f"Bearer {with_public_key()}"),
    "RS512": ("token", lambda: f"Bearer {jwt.encode(claims(), private_key(), 'RS512', headers={'kid': 'key-1'})}"),
    "an algorithm that is none": ("token", lambda: f"Bearer {signed({**HEADER, 'alg': ['RS256']}, claims())}"),
    "no key named": ("token", lambda: f"Bearer {token(kid=None)}"),
    "a key's name that is a number": ("token", lambda: f"Bearer {signed({**HEADER, 'kid': 1}, claims())}"),
    "a key's name as long as a book": ("token", lambda: f"Bearer {token(kid='k' * 201)}"),
    "a key's name of no letters": ("token", lambda: f"Bearer {token(kid='')}"),
    "what must be understood": ("token", lambda: f"Bearer {token(header={'crit': ['x'], 'x': 1})}"),
    "no issuer": ("issuer", lambda: f"Bearer {token(iss=None)}"),
    "another issuer": ("issuer", lambda: f"Bearer {token(iss='https://issuer.example/')}"),
    "another cloud's issuer": ("issuer", lambda: f"Bearer {token(iss='https://api.botframework.us')}"),
    "issuers in a list": ("issuer", lambda: f"Bearer {signed(HEADER, claims(iss=['https://issuer.example']))}"),
    "the emulator's": (
        "issuer",
        lambda: (
            "Bearer "
            + token(
                iss="https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0", ver="2.0", azp=APP_ID
            )
        ),
    ),
    "a skill's": ("issuer", lambda: f"Bearer {token(ver='2.0', azp=OTHER)}"),
    "a skill's of the first version": ("issuer", lambda: f"Bearer {token(ver='1.0', appid=OTHER)}"),
    "a skill's without a name": ("issuer", lambda: f"Bearer {token(appid='AnonymousSkill')}"),
    "no audience": ("audience", lambda: f"Bearer {token(aud=None)}"),
    "another audience": ("audience", lambda: f"Bearer {token(aud=OTHER)}"),
    "audiences in a list": ("audience", lambda: f"Bearer {token(aud=[APP_ID])}"),
    "an empty audience": ("audience", lambda: f"Bearer {token(aud='')}"),
    "expired": ("time", lambda: f"Bearer {token(exp=now() - 400)}"),
    "without an end": ("time", lambda: f"Bearer {token(exp=None)}"),
    "an end that is true": ("time", lambda: f"Bearer {signed(HEADER, claims(exp=True))}"),
    "an end in words": ("time", lambda: f"Bearer {signed(HEADER, claims(exp=str(now() + 60)))}"),
    "an end that is endless": ("time", lambda: f"Bearer {signed(HEADER, claims(exp=float('inf')))}"),
    "an end that is no number": ("time", lambda: f"Bearer {signed(HEADER, claims(exp=float('nan')))}"),
    "an end beyond all": ("time", lambda: f"Bearer {signed(HEADER, claims(exp=10**400))}"),
    "not valid yet": ("time", lambda: f"Bearer {token(nbf=now() + 600, exp=now() + 6_000)}"),
    "valid from true on": ("time", lambda: f"Bearer {signed(HEADER, claims(nbf=True))}"),
    "valid from no time": ("time", lambda: f"Bearer {signed(HEADER, claims(nbf=[]))}"),
    "no service": ("service", lambda: f"Bearer {token(serviceurl=None)}"),
    "another service": ("service", lambda: f"Bearer {token(serviceurl='https://smba.trafficmanager.net/amer/')}"),
    "the service in other letters": ("service", lambda: f"Bearer {token(serviceurl=SERVICE.upper())}"),
    "a service that is none": ("service", lambda: f"Bearer {signed(HEADER, claims(serviceurl=[SERVICE]))}"),
}


@pytest.mark.parametrize("name", UNASKED)
async def test_a_token_that_cannot_be_right_is_refused_without_asking_anybody(
    ours: Door, server: KeyServer, name: str
) -> None:
    reason, header = UNASKED[name]
    assert await ours.status(authorization=header()) == 401
    assert ours.doorway.refused == {reason: 1}
    assert (ours.handler.heard, server.asked) == ([], {})


def tampered() -> str:
    header, _, signature = token().split(".")
    return f"{header}.{part(claims(sub='somebody'))}.{signature}"


ASKED: Mapping[str, tuple[str, Callable[[], str]]] = {
    "another key": ("signature", lambda: token(signer="key-2")),
    "changed after it was signed": ("signature", tampered),
    "a signature that is none": ("signature", lambda: token().rpartition(".")[0] + ".AAAA"),
    "a time of issue that is to come": ("signature", lambda: token(iat=now() + 6_000)),
    "a key that is not published": ("key", lambda: token(kid="key-2", signer="key-2")),
    "a key that is published for others": ("key", lambda: token(kid="key-3", signer="key-3")),
    "a key that is published for nobody": ("key", lambda: token(kid="key-4", signer="key-4")),
}


@pytest.mark.parametrize("name", ASKED)
async def test_a_token_that_nobody_signed_for_teams_is_refused(ours: Door, server: KeyServer, name: str) -> None:
    server.keys = [
        published(),
        published("key-3", endorsements=["webchat"]),
        {key: value for key, value in published("key-4").items() if key != "endorsements"},
    ]
    reason, made = ASKED[name]
    assert await ours.status(authorization=f"Bearer {made()}") == 401
    assert ours.doorway.refused == {reason: 1}
    assert (ours.handler.heard, server.asked) == ([], {METADATA: 1, KEYS: 1})


async def test_two_tokens_are_none(ours: Door, server: KeyServer) -> None:
    twice = [("Authorization", f"Bearer {token()}"), ("Authorization", f"Bearer {token()}")]
    async with ours.session.post(ours.url, json=activity(), headers=twice) as answer:
        assert answer.status == 401
    assert (ours.handler.heard, server.asked) == ([], {})


FORGED = [
    "http://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net.evil.example/emea/",
    "https://evil-smba.trafficmanager.net/",
    "https://attacker.trafficmanager.net/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://evil.example@smba.trafficmanager.net/",
    "https://user:pass@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net:8443/",
    "https://smba.trafficmanager.net:443/",
    "https://SMBA.trafficmanager.net/emea/",
    "HTTPS://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net./",
    "https://smba.trafficmanager.net\\@evil.example/",
    "https://smba.trafficmanager.net/\\evil.example",
    "https://smba.trafficmanager.net/a/../b",
    "https://smba.trafficmanager.net/%2e%2e/",
    "https://smba.trafficmanager.net/?x=https://evil.example",
    "https://smba.trafficmanager.net/#x",
    "https://smba.trafficmanager.net\t/",
    "https://smba.trafficmanager.net/\n",
    " https://smba.trafficmanager.net/",
    "https:/smba.trafficmanager.net/",
    "//smba.trafficmanager.net/",
    "https://smba.trafficmanager.ne\u0442/",
    "https://smba。trafficmanager.net/",
    "https://127.1/",
    "https://2130706433/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("url", FORGED)
async def test_a_service_that_is_not_teams_is_refused_even_where_it_was_signed(
    ours: Door, server: KeyServer, url: str
) -> None:
    assert await ours.status(activity(serviceUrl=url), authorization=f"Bearer {token(serviceurl=url)}") == 401
    assert ours.doorway.refused == {"service": 1}
    assert (ours.handler.heard, server.asked) == ([], {})


@pytest.mark.parametrize("url", [None, 1, [SERVICE], {"url": SERVICE}, True])
async def test_a_service_that_is_no_address_is_refused(ours: Door, server: KeyServer, url: object) -> None:
    of_token = f"Bearer {signed(HEADER, claims(serviceurl=url))}"
    assert await ours.status(activity(serviceUrl=url), authorization=of_token) == 401
    assert (ours.handler.heard, server.asked) == ([], {})


async def test_a_service_elsewhere_than_the_signed_one_is_refused(ours: Door, server: KeyServer) -> None:
    assert await ours.status(activity(serviceUrl=f"{server.url}/teams")) == 401
    assert ours.doorway.refused == {"service": 1}
    assert (ours.handler.heard, server.asked) == ([], {})


@pytest.mark.parametrize("channel", [None, "emulator", "webchat", "directline", "MSTEAMS", "msteams ", ["msteams"]])
async def test_what_is_of_another_channel_is_refused(ours: Door, server: KeyServer, channel: object) -> None:
    assert await ours.status(activity(channelId=channel, recipient={"id": "x", "role": "skill"})) == 401
    assert ours.doorway.refused == {"channel": 1}
    assert (ours.handler.heard, server.asked) == ([], {})


STRANGERS: Mapping[str, dict[str, object]] = {
    "another": {"conversation": {"id": "a:1", "tenantId": OTHER}, "channelData": {"tenant": {"id": OTHER}}},
    "another conversation's": {"conversation": {"id": "a:1", "tenantId": OTHER}},
    "another sender's": {"channelData": {"tenant": {"id": OTHER}}},
    "none": {"conversation": {"id": "a:1"}, "channelData": {}},
    "none at all": {"conversation": None, "channelData": None},
    "no name": {"conversation": {"id": "a:1", "tenantId": [TENANT]}},
    "no name either": {"channelData": {"tenant": {"id": {"id": TENANT}}}},
    "a word": {"channelData": {"tenant": OTHER}},
}


@pytest.mark.parametrize("name", STRANGERS)
async def test_another_tenant_is_refused(ours: Door, server: KeyServer, name: str) -> None:
    assert await ours.status(activity(**STRANGERS[name])) == 401
    assert ours.doorway.refused == {"tenant": 1}
    assert (ours.handler.heard, server.asked) == ([], {})


async def test_the_tenant_is_ours_in_any_letters_and_where_it_is_said_once(ours: Door) -> None:
    assert await ours.status(activity(channelData={"tenant": {"id": TENANT.upper()}})) == 200
    assert await ours.status(activity(conversation={"id": "a:1"})) == 200
    assert await ours.status(activity(channelData=None)) == 200


async def test_an_app_of_several_tenants_hears_any(server: KeyServer) -> None:
    async with door(server, tenant=None) as open_to_all:
        assert await open_to_all.status(activity(**STRANGERS["another"])) == 200
        assert await open_to_all.status(authorization=f"Bearer {token(aud=OTHER)}") == 401


async def test_a_key_server_that_is_away_makes_teams_send_again(ours: Door, server: KeyServer) -> None:
    server.answers[KEYS] = web.Response(status=503)
    status, body = await ours.post()
    assert (status, body) == (503, b"")
    assert ours.doorway.refused == {"not ready": 1}
    assert ours.handler.heard == []


async def test_while_the_key_server_is_slow_everybody_else_is_answered(ours: Door, server: KeyServer) -> None:
    server.is_open.clear()
    waiting = [asyncio.create_task(ours.status()) for _ in range(5)]
    await until(lambda: server.asked[METADATA] == 1)
    async with asyncio.timeout(1), ours.session.get(ours.url.replace(PATH, "/alive")) as alive:
        assert await alive.text() == "yes"
    assert await ours.status(authorization="Bearer a.b.c") == 401
    server.is_open.set()
    assert await asyncio.gather(*waiting) == [200] * 5
    assert server.asked == {METADATA: 1, KEYS: 1}


async def test_who_makes_up_keys_fetches_nothing_more(ours: Door, server: KeyServer) -> None:
    assert await ours.status() == 200
    for number in range(30):
        assert await ours.status(authorization=f"Bearer {token(kid=f'made-up-{number}', signer='key-2')}") == 401
    assert server.asked == {METADATA: 1, KEYS: 1}
    assert ours.doorway.refused == {"key": 30}
    assert await ours.status() == 200


async def test_neither_tokens_nor_words_are_logged(
    server: KeyServer, ours: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret, words = token(), activity(text="our margin is 40%")
    ours.handler.failure = ValueError("our margin is 40%")
    assert await ours.status(words, authorization=f"Bearer {secret}") == 500
    assert await ours.status(words, authorization=f"Bearer {token(signer='key-2')}") == 401
    assert await ours.status({**words, "timestamp": "our margin is 40%"}, authorization=f"Bearer {secret}") == 400
    server.answers[METADATA] = web.Response(status=500, text="our margin is 40%")
    async with door(server) as another:
        assert await another.status(words, authorization=f"Bearer {secret}") == 503
    assert "was not taken: ValueError" in caplog.text
    assert "could not be fetched" in caplog.text
    assert secret[-40:] not in caplog.text
    assert "margin" not in caplog.text
