from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.messages import LOCAL, Incoming, Meant
from bot.core.rates import WINDOW, RateLimits, Rates, too_early, workspace_of
from bot.core.replies import Event, Help, Refused
from bot.core.state import Counters, Leased, StoreAwayError
from bot.stores.redis.store import RedisStore
from bot.stores.sqlite.store import SqliteStore
from tests.stores.redis_server import running

REP = "slack:T1/U2"


class Clock:
    """A time of day that goes as it is told."""

    def __init__(self) -> None:
        self.now = 1_000 * WINDOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def counters(tmp_path: Path) -> AsyncIterator[Counters]:
    store = SqliteStore(tmp_path / "coach.sqlite3")
    await store.open()
    yield store.counters
    await store.close()


def said(id_: object, person: str = REP, *, text: str = "gutters?", meant: Meant = Meant.COMMAND) -> Incoming:
    return Incoming(id=str(id_), person=person, thread="t", text=text, meant=meant)


async def answered(_: Incoming) -> AsyncGenerator[Event, None]:
    yield Help(entries=(), lessons=())


async def reply(rates: Rates, message: Incoming) -> Event:
    (event,) = [event async for event in rates.limiting(answered)(message)]
    return event


async def through(rates: Rates, *messages: Incoming) -> list[bool]:
    return [isinstance(await reply(rates, message), Help) for message in messages]


async def test_a_person_over_the_rate_is_told_when_to_come_again_and_then_let_through(
    counters: Counters, clock: Clock
) -> None:
    rates = Rates(counters, RateLimits(person=3), clock=clock)
    assert await through(rates, *map(said, range(3))) == [True] * 3
    assert await reply(rates, said(3)) == Refused(
        "I take 3 messages a minute from one person. Please send it again in 80 seconds.", limit="person"
    )
    clock.now += 80
    assert await through(rates, said(3)) == [True]


async def test_others_are_let_through_until_the_whole_workspace_sends_too_much(
    counters: Counters, clock: Clock
) -> None:
    rates = Rates(counters, RateLimits(person=2, workspace=3), clock=clock)
    assert await through(rates, said(1), said(2), said(3), said(4, "slack:T1/U3")) == [True, True, False, True]
    told = await reply(rates, said(5, "slack:T1/U4"))
    assert isinstance(told, Refused)
    assert told.limit == "workspace"
    assert told.reason.startswith("I take 3 messages a minute from all of you together. Please send it again in ")
    assert await through(rates, said(6, "slack:T2/U9")) == [True]


async def test_a_message_over_the_workspaces_rate_does_not_count_against_its_sender(
    counters: Counters, clock: Clock
) -> None:
    rates = Rates(counters, RateLimits(person=2, workspace=2), clock=clock)
    assert await through(rates, said(1, "slack:T1/U1"), said(2, "slack:T1/U1")) == [True, True]
    assert await through(rates, *(said(number, "slack:T1/U5") for number in range(3, 9))) == [False] * 6
    clock.now += 2 * WINDOW
    assert await through(rates, said(9, "slack:T1/U5"), said(10, "slack:T1/U5")) == [True, True]


def leased(message: Incoming, *, attempt: int = 1, waited: float = 0.0) -> Leased:
    return Leased(message=message, token="0" * 32, attempt=attempt, failures=0, waited=waited)


async def test_another_attempt_at_a_message_is_neither_counted_nor_refused(counters: Counters, clock: Clock) -> None:
    rates = Rates(counters, RateLimits(person=1), clock=clock)
    assert await through(rates, said(1)) == [True]
    for _ in range(3):
        with rates.around(leased(said(1), attempt=2)):
            assert await through(rates, said(1)) == [True]
    assert await through(rates, said(2)) == [False]


async def test_who_could_not_be_told_of_a_refusal_is_not_answered_by_the_next_attempt(
    counters: Counters, clock: Clock
) -> None:
    one, other = (Rates(counters, RateLimits(person=1), clock=clock) for _ in range(2))
    assert await through(one, said(1)) == [True]
    for attempt, rates in enumerate((one, other, one), start=1):
        with rates.around(leased(said(2), attempt=attempt)):
            assert await through(rates, said(2)) == [False]


async def test_what_was_admitted_by_one_replica_is_admitted_by_all(counters: Counters, clock: Clock) -> None:
    one, other = (Rates(counters, RateLimits(person=1), clock=clock) for _ in range(2))
    with one.around(leased(said(1))):
        assert await through(one, said(1)) == [True]
    with other.around(leased(said(1), attempt=2)):
        assert await through(other, said(1)) == [True]
    assert await through(other, said(2)) == [False]


async def test_what_waited_for_an_outage_to_end_is_counted_by_when_it_came(counters: Counters, clock: Clock) -> None:
    rates = Rates(counters, RateLimits(person=3), clock=clock)
    for number in range(20):  # two a minute for ten minutes, all answered now
        message = said(number)
        with rates.around(leased(message, waited=(19 - number) * WINDOW / 2)):
            assert await through(rates, message) == [True]
    assert await through(rates, said("now")) == [False]


@pytest.mark.parametrize(
    "message",
    [
        said(7, LOCAL),
        said(7, text="forget me"),
        said(7, text="12", meant=Meant.ANNOUNCEMENT),
    ],
)
async def test_some_messages_are_of_no_limit(counters: Counters, clock: Clock, message: Incoming) -> None:
    rates = Rates(counters, RateLimits(person=1, workspace=1), clock=clock)
    await reply(rates, said(1))
    assert await through(rates, message) == [True]


async def test_no_limit_counts_nothing(clock: Clock) -> None:
    class Untouched:
        async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:
            raise AssertionError((group, amounts, lasts))

        async def read(self, groups: object) -> tuple[Mapping[str, int], ...]:
            raise AssertionError(groups)

    rates = Rates(Untouched(), RateLimits(), clock=clock)
    assert await through(rates, *map(said, range(100))) == [True] * 100


async def test_while_the_store_is_away_messages_are_let_through(clock: Clock) -> None:
    class Away:
        async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:
            raise StoreAwayError(f"{group} {amounts} {lasts}")

        async def read(self, groups: object) -> tuple[Mapping[str, int], ...]:
            raise StoreAwayError(str(groups))

    assert await through(Rates(Away(), RateLimits(person=1), clock=clock), said(1), said(2)) == [True, True]


async def test_replicas_share_the_counts_and_no_person_stands_in_them(tmp_path: Path, clock: Clock) -> None:
    with running(tmp_path) as server:
        stores = [RedisStore(server.url), RedisStore(server.url)]
        for store in stores:
            await store.open()
        one, other = (Rates(store.counters, RateLimits(person=2), clock=clock) for store in stores)
        assert await through(one, said(1)) == [True]
        assert await through(other, said(2), said(3)) == [True, False]
        assert "U2" not in str(await server.say("KEYS", "*"))
        for store in stores:
            await store.close()


@pytest.mark.parametrize(
    ("person", "workspace"),
    [(REP, "slack:T1"), ("teams:tenant/oid", "teams:tenant"), ("web:a1", "web"), ("web", "web")],
)
def test_a_person_belongs_to_a_workspace(person: str, workspace: str) -> None:
    assert workspace_of(person) == workspace


@given(
    before=st.integers(0, 500), now=st.integers(1, 500), most=st.integers(1, 500), elapsed=st.floats(0, WINDOW - 0.001)
)
def test_who_comes_when_told_is_let_through_if_nobody_came_meanwhile(
    before: int, now: int, most: int, elapsed: float
) -> None:
    early = too_early(before, now, most, elapsed)
    assert 0 <= early <= 2 * WINDOW
    if not early:
        return
    later = elapsed + early + 1e-6
    if later < WINDOW:
        assert too_early(before, now, most, later) == 0
    else:
        assert too_early(now - 1, 1, most, later - WINDOW) == 0


@given(sent=st.lists(st.floats(0, 10 * WINDOW), max_size=300), most=st.integers(1, 40))
def test_no_minute_lets_through_more_than_twice_the_limit_and_less_than_it_is_never_refused(
    sent: list[float], most: int
) -> None:
    taken: list[float] = []
    for at in sorted(sent):
        window, elapsed = divmod(at, WINDOW)
        sums = [sum(divmod(each, WINDOW)[0] == of for each in taken) for of in (window - 1, window)]
        if not too_early(sums[0], sums[1] + 1, most, elapsed):
            taken.append(at)
        else:  # the two windows that are looked at hold as many as the limit
            assert sum(sums) >= most
    for start in taken:
        assert sum(start <= each < start + WINDOW for each in taken) <= 2 * most
