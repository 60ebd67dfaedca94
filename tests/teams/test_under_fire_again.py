"""Teams delivers things more than once, to any replica, and each is answered once all the same."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.core.messages import Incoming
from bot.core.state import Inbox, Store, StoreAwayError
from bot.stores.redis.store import RedisStore
from bot.stores.sqlite.store import SqliteStore
from tests.looking import assert_told_in_order
from tests.piecewise import Piecewise, question, told
from tests.stores.redis_server import running
from tests.teams.coaching import ADMIN, figures, logged
from tests.teams.looking import PATIENCE, copies, of_the_coach
from tests.teams.loopback.server import Teams
from tests.teams.serving import Served
from tests.teams.under_fire import OTHER, USER, answers, ask, be_quick, ended, under_fire

pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
def engine() -> Piecewise:
    return Piecewise()


@pytest.fixture
async def coached(
    teams: Teams, engine: Piecewise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, engine) as coached:
        yield coached


@pytest.fixture(params=["sqlite", "redis"])
def spec(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    with running(tmp_path / "redis") as server:
        yield server.url


@pytest.fixture
async def replicas(
    teams: Teams, engine: Piecewise, tmp_path: Path, spec: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Served, Served]]:
    """Two over one state; Teams delivers to each in turn."""
    be_quick(monkeypatch)

    def store() -> Store:
        return RedisStore(spec) if spec else SqliteStore(tmp_path / "coach.sqlite3", poll_seconds=0.01)

    async with AsyncExitStack() as stack:
        one, two = [
            await stack.enter_async_context(under_fire(teams, tmp_path, engine, store=store())) for _ in range(2)
        ]
        await teams.http_to(one.url, two.url)
        yield one, two


def slow_to_take(inbox: Inbox, seconds: float) -> None:
    """The first message is taken, and only after so long is that said."""
    put = inbox.put
    is_first = True

    async def slow(message: Incoming) -> bool:
        nonlocal is_first
        was_first, is_first = is_first, False
        taken = await put(message)
        if was_first:
            await asyncio.sleep(seconds)
        return taken

    inbox.put = slow  # type: ignore[method-assign]


def store_away(inbox: Inbox, times: int, *, after_taking: bool) -> None:
    """The store is away for so many puts, or its answers to them are lost."""
    put = inbox.put
    left = times

    async def away(message: Incoming) -> bool:
        nonlocal left
        if left == 0:
            return await put(message)
        left -= 1
        if after_taking:
            await put(message)
        raise StoreAwayError("the store is away")

    inbox.put = away  # type: ignore[method-assign]


@pytest.mark.parametrize("kind", ["personal", "group", "channel"])
async def test_a_message_that_comes_again_is_answered_once(
    coached: Served, teams: Teams, engine: Piecewise, kind: str
) -> None:
    places = {"personal": teams.personal(USER), "group": teams.group("g", USER), "channel": teams.channel("c", USER)}
    place = places[kind]
    id_ = await ask(teams, place)
    assert (await teams.redeliver(id_)).status == 200
    assert await answers(coached, place) == 1
    assert (await teams.redeliver(id_)).status == 200
    assert await answers(coached, place) == 1
    assert engine.begun == ["one"]
    assert coached.channel.measures().duplicates == 2


async def test_a_message_that_comes_again_while_it_is_being_answered_is_answered_once(
    coached: Served, teams: Teams, engine: Piecewise
) -> None:
    chat = teams.personal(USER)
    engine.gate.clear()
    id_ = await ask(teams, chat)
    await teams.until(lambda: any(each.streaming for each in of_the_coach(teams, USER, chat)), PATIENCE)
    for _ in range(3):
        assert (await teams.redeliver(id_)).status == 200
    engine.gate.set()
    assert await answers(coached, chat) == 1
    assert engine.begun == ["one"]


async def test_twenty_deliveries_of_one_message_at_once_are_answered_once(
    coached: Served, teams: Teams, engine: Piecewise
) -> None:
    chat = teams.personal(USER)
    id_ = await ask(teams, chat)
    delivered = await asyncio.gather(*(teams.redeliver(id_) for _ in range(20)))
    assert {each.status for each in delivered} == {200}
    assert await answers(coached, chat) == 1
    assert engine.begun == ["one"]


async def test_a_message_that_is_acknowledged_too_late_comes_again_and_is_answered_once(
    coached: Served, teams: Teams, engine: Piecewise
) -> None:
    teams.settings.resend_after = 0.3
    slow_to_take(coached.app.store.inbox, 0.6)
    chat = teams.personal(USER)
    await ask(teams, chat)
    assert await answers(coached, chat) == 1
    assert engine.begun == ["one"]
    assert [ack.status for ack in teams.acks] == [0, 200]


@pytest.mark.parametrize("after_taking", [False, True])
async def test_a_message_that_the_store_did_not_take_at_once_is_answered_once(
    coached: Served, teams: Teams, engine: Piecewise, after_taking: bool
) -> None:
    teams.settings.resend_after = 0.2
    store_away(coached.app.store.inbox, 2, after_taking=after_taking)
    chat = teams.personal(USER)
    await ask(teams, chat)
    assert await answers(coached, chat) == 1
    assert engine.begun == ["one"]
    assert [ack.status for ack in teams.acks] == [503, 503, 200]


async def test_messages_are_answered_in_order_however_they_come_again(
    coached: Served, teams: Teams, engine: Piecewise
) -> None:
    chat = teams.personal(USER)
    marks = [f"q{number}" for number in range(6)]
    sent: list[str] = []
    for mark in marks:
        sent.append(await ask(teams, chat, mark))
        await teams.redeliver(sent[-1])  # taken by the end of this
        await teams.redeliver(sent[0])
    assert (await ended(coached)).dead == 0
    assert_told_in_order(of_the_coach(teams, USER, chat), marks)
    assert engine.begun == marks


async def test_a_hundred_questions_are_acknowledged_at_once_though_none_can_be_answered(
    coached: Served, teams: Teams, engine: Piecewise
) -> None:
    engine.gate.clear()
    people = [f"U{number}" for number in range(100)]
    for user in people:
        await teams.say(user, teams.personal(user), question(user))
    await teams.settled(PATIENCE)
    assert [ack.status for ack in teams.acks] == [200] * len(people)
    assert len(engine.begun) <= 8
    engine.gate.set()
    assert (await ended(coached)).dead == 0
    for user in people:
        assert copies(of_the_coach(teams, user, teams.personal(user)), told(user)) == 1


# Two replicas on one state.


async def test_what_is_offered_to_two_replicas_at_once_is_answered_once(
    replicas: tuple[Served, Served], teams: Teams, engine: Piecewise
) -> None:
    marks = [f"q{number}" for number in range(10)]
    chats = {mark: teams.personal(f"U{mark}") for mark in marks}
    for mark, chat in chats.items():
        id_ = await teams.say(f"U{mark}", chat, question(mark))
        delivered = await asyncio.gather(*(teams.redeliver(id_) for _ in range(4)))
        assert {each.status for each in delivered} == {200}
    assert (await ended(replicas[0])).dead == 0
    assert sorted(engine.begun) == marks
    for mark, chat in chats.items():
        assert copies(of_the_coach(teams, f"U{mark}", chat), told(mark)) == 1
    measures = [each.channel.measures() for each in replicas]
    assert sum(sum(each.taken.values()) for each in measures) == len(marks)
    assert sum(each.duplicates for each in measures) == 4 * len(marks)


async def test_a_thread_is_answered_in_order_by_two_replicas(
    replicas: tuple[Served, Served], teams: Teams, engine: Piecewise
) -> None:
    group = teams.group("g", USER, OTHER)
    marks = [f"q{number}" for number in range(8)]
    for mark in marks:
        await teams.redeliver(await ask(teams, group, mark))
    assert (await ended(replicas[0])).dead == 0
    assert engine.begun == marks
    assert_told_in_order(of_the_coach(teams, OTHER, group), marks)


async def test_one_move_is_made_however_often_two_replicas_are_told_to(
    replicas: tuple[Served, Served], teams: Teams
) -> None:
    chat = teams.personal(ADMIN)
    await teams.say(ADMIN, chat, "prompts activate 2 better words")
    await ended(replicas[0])
    (card,) = of_the_coach(teams, ADMIN, chat)
    await asyncio.gather(*(teams.press(ADMIN, card.id, "move.confirm") for _ in range(4)))
    (id_,) = {each["id"] for each in teams.invokes[:1]}
    assert (await teams.redeliver(id_)).status == 200
    entries = await replicas[1].app.history.entries(before=None, limit=100)
    assert [entry.stamp.note for _, entry in entries if entry.stamp.by != "start"] == ["better words"]
    assert teams.failures == []


async def test_one_decision_is_learnt_from_however_often_it_comes(
    replicas: tuple[Served, Served], teams: Teams
) -> None:
    chat = teams.personal(USER)
    await teams.say(USER, chat, "review Our tiles last forever.")
    await ended(replicas[0])
    (card,) = of_the_coach(teams, USER, chat)
    await teams.press(USER, card.id, "review.unmeant")
    again = await asyncio.gather(*(teams.redeliver(teams.invokes[0]["id"]) for _ in range(4)))
    assert {each.status for each in again} == {200}
    assert len(await logged(replicas[0], "decisions")) == 1


async def test_a_dialog_s_draft_is_reviewed_once_however_often_it_comes(
    replicas: tuple[Served, Served], teams: Teams
) -> None:
    chat = teams.personal(USER)
    await teams.extension(USER, chat)
    await teams.submit(USER, {"act": "review"}, {"draft": "Our tiles last forever."})
    again = await asyncio.gather(*(teams.redeliver(teams.invokes[-1]["id"]) for _ in range(4)))
    assert {each.status for each in again} == {200}
    assert all("Our tiles last sixty years" in str(each.body) for each in again)
    assert sum(sum(each.channel.measures().taken.values()) for each in replicas) == 1
    assert sum(each.channel.measures().duplicates for each in replicas) == 4


async def test_an_opinion_counts_once_however_often_it_comes(replicas: tuple[Served, Served], teams: Teams) -> None:
    chat = teams.personal(USER)
    await ask(teams, chat)
    await ended(replicas[0])
    (answer,) = of_the_coach(teams, USER, chat)
    await teams.react(USER, answer.id, "dislike", "too long")
    again = await asyncio.gather(*(teams.redeliver(teams.invokes[-1]["id"]) for _ in range(4)))
    assert [(each.status, each.body) for each in again] == [(200, {})] * 4
    did = await figures(replicas[0])
    assert (did.up, did.down) == (0, 1)
    assert [each["text"] for each in await logged(replicas[0], "comments")] == ["too long"]
