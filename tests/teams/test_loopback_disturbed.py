"""The loopback Teams fails as it is told to, keeps the real one's limits, and takes a crowd."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.teams.loopback.caller import Caller
from tests.teams.loopback.endpoint import Inbox, serving
from tests.teams.loopback.server import Teams

ANA = "Ana"


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams() as teams:
        yield teams


@pytest.fixture
async def app(teams: Teams) -> AsyncIterator[Caller]:
    async with Caller(teams) as caller:
        yield caller


async def test_an_act_whose_answer_is_lost_has_happened(teams: Teams, app: Caller) -> None:
    chat = teams.personal(ANA)
    teams.fail("send", drop=True)
    with pytest.raises(aiohttp.ClientError):
        await app.say(chat, "once")
    assert [each.plain for each in teams.seen(ANA, chat)] == ["once"]
    assert [(each.operation, each.status) for each in teams.calls] == [("send", 0)]


async def test_calls_fail_as_often_as_they_are_told_to(teams: Teams, app: Caller) -> None:
    chat = teams.personal(ANA)
    teams.fail("send", 2, status=412)
    teams.fail("send", retry_after=7)
    teams.fail("send", status=502)
    answers = [await app.say(chat, "hello") for _ in range(5)]
    assert [(each.status, each.code) for each in answers] == [
        (412, "PreconditionFailed"),
        (412, "PreconditionFailed"),
        (429, "Throttled"),
        (502, "ServiceError"),
        (201, ""),
    ]
    assert answers[2].headers["Retry-After"] == "7"
    assert len(teams.seen(ANA, chat)) == 1


@pytest.mark.parametrize("operation", ["stream", "final", "update", "create", "typing"])
async def test_every_operation_can_be_made_to_fail_and_healed(teams: Teams, app: Caller, operation: str) -> None:
    chat = teams.personal(ANA)
    sent = await app.say(chat, "hello")
    begun = await app.stream(chat, "So", "streaming", sequence=1)
    teams.pass_time(1)

    async def act() -> int:
        answers = {
            "stream": lambda: app.stream(chat, "So it", "streaming", sequence=2, stream=begun.id),
            "final": lambda: app.stream(chat, "So it is", "final", stream=begun.id),
            "update": lambda: app.update(chat, sent.id, "changed"),
            "create": lambda: app.create(ANA),
            "typing": lambda: app.say(chat, "", type="typing"),
        }
        return (await answers[operation]()).status

    teams.fail(operation, 9, status=503)
    assert await act() == 503
    teams.heal()
    assert await act() in (200, 201, 202)


async def test_a_token_that_cannot_be_had_fails_once(teams: Teams, app: Caller) -> None:
    teams.fail("token", status=503)
    assert await app.token() == ""
    assert await app.token() != ""


async def test_a_conversation_takes_seven_messages_a_second_when_limits_are_on(teams: Teams, app: Caller) -> None:
    teams.limits.on = True
    chat, other = teams.personal(ANA), teams.personal("Ben")
    answers = [await app.say(chat, "hello") for _ in range(8)]
    assert [each.status for each in answers] == [201] * 7 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert (await app.say(other, "hello")).status == 201
    teams.pass_time(2)
    assert (await app.say(chat, "hello")).status == 201


async def test_a_conversation_takes_1800_messages_an_hour_when_limits_are_on(teams: Teams, app: Caller) -> None:
    teams.limits.on, teams.settings.token_seconds = True, 9_999.0
    chat = teams.personal(ANA)
    for _ in range(1_800):
        teams.pass_time(1)
        assert (await app.say(chat, "hello")).status == 201
    teams.pass_time(1)
    assert (await app.say(chat, "hello")).status == 429
    teams.pass_time(1_800)
    assert (await app.say(chat, "hello")).status == 201


async def test_tokens_end_with_the_clock(teams: Teams, app: Caller) -> None:
    chat = teams.personal(ANA)
    assert (await app.say(chat, "hello")).status == 201
    teams.pass_time(3_600)
    assert (await app.say(chat, "hello")).status == 401


async def test_three_hundred_people_write_at_once_and_all_are_answered(teams: Teams, app: Caller) -> None:
    inbox = Inbox()
    people = [f"person {number}" for number in range(300)]
    chats = {each: teams.personal(each) for each in people}
    async with serving(inbox.handle) as url:
        await teams.http_to(url)
        await asyncio.gather(*(teams.say(each, chats[each], f"hello from {each}") for each in people))
        await teams.settled()
        await app.say(chats[people[0]], "1")

        async def answer(user: str) -> None:
            for number in range(2, 10):
                assert (await app.say(chats[user], str(number))).status == 201

        await asyncio.gather(*map(answer, people))
    assert len(inbox.got) == len({each["id"] for each in inbox.got}) == 300
    assert {len(teams.seen(each, chats[each])) for each in people[1:]} == {9}
    assert len(teams.calls) == 2_401
