"""What time does to the SQLite store, by a clock that the test moves: what lasts how long, and that it then goes."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.state import QUANTUM, Outcome, Record
from bot.stores.sqlite.store import SqliteStore
from tests.stores.saying import drained, leased, message, put_all, turn

DAY = 24 * 3600.0


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "coach.sqlite3"


@pytest.fixture
async def store(file: Path, clock: Callable[[], float]) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(file, clock=clock)
    await store.open()
    yield store
    await store.close()


def rows(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own table


async def test_a_lease_lasts_15_seconds_from_its_last_renewal(store: SqliteStore, clock: Clock) -> None:
    await put_all(store.inbox, message("1"))
    lease = await leased(store.inbox)
    clock.now += 14.9
    assert await store.inbox.renew([lease]) == {lease.token}
    clock.now += 14.9
    assert await store.inbox.lease(wait=0) is None
    clock.now += 0.2
    taken = await store.inbox.lease(wait=0)
    assert taken
    assert taken.attempt == 2
    assert await store.inbox.renew([lease, taken]) == {taken.token}


async def test_a_failed_message_is_given_when_its_time_has_come(store: SqliteStore, clock: Clock) -> None:
    await put_all(store.inbox, message("1", thread="a"), message("2", thread="b"))
    await store.inbox.fail(await leased(store.inbox), "away", again_in=30.0)
    assert await drained(store.inbox) == ["2"]
    clock.now += 29.9
    assert await store.inbox.lease(wait=0) is None
    clock.now += 0.1
    assert await drained(store.inbox) == ["1"]


async def test_what_waited_behind_a_slow_message_is_given_before_what_came_later(
    store: SqliteStore, clock: Clock
) -> None:
    await put_all(store.inbox, message("a1", thread="a"), message("a2", thread="a"))
    slow = await leased(store.inbox)
    clock.now += 5
    await put_all(store.inbox, message("b1", thread="b"))
    await store.inbox.done(slow)
    assert await drained(store.inbox) == ["a2", "b1"]


async def test_a_message_is_overtaken_only_by_what_is_put_before_its_turn(store: SqliteStore, clock: Clock) -> None:
    await put_all(store.inbox, *(message(f"a{number}", thread=f"a{number}") for number in range(4)))
    clock.now += 1.5 * QUANTUM
    await put_all(store.inbox, message("b", thread="b", person="bob"))
    clock.now += QUANTUM
    await put_all(store.inbox, message("c", thread="c", person="cleo"))
    assert await store.inbox.place("c") == 5
    assert await drained(store.inbox) == ["a0", "a1", "b", "a2", "c", "a3"]


async def test_only_the_last_quantum_of_what_is_open_counts_for_the_next_turn(store: SqliteStore, clock: Clock) -> None:
    await put_all(store.inbox, message("a0", thread="a0"))
    clock.now += QUANTUM - 1
    await put_all(store.inbox, message("a1", thread="a1"), message("b", thread="b", person="bob"))
    clock.now += QUANTUM + 2
    await put_all(store.inbox, message("a2", thread="a2"), message("c", thread="c", person="bob"))
    assert await drained(store.inbox) == ["a0", "b", "a1", "a2", "c"]


async def test_a_lease_that_ran_out_is_given_by_its_turn(store: SqliteStore, clock: Clock) -> None:
    await put_all(store.inbox, message("a", thread="a"), message("b", thread="b", person="bob"))
    await leased(store.inbox)
    held = await leased(store.inbox)
    clock.now += 14
    await store.inbox.renew([held])
    clock.now += 2
    await put_all(store.inbox, message("c", thread="c", person="cleo"))
    assert await drained(store.inbox) == ["a", "c"]
    clock.now += 15
    assert await drained(store.inbox) == ["b"]


async def test_a_lease_that_was_renewed_after_it_ran_out_is_given_to_nobody(store: SqliteStore, clock: Clock) -> None:
    await put_all(store.inbox, message("a", thread="a"), message("b", thread="b", person="bob"))
    first = await leased(store.inbox)
    clock.now += 16
    second = await store.inbox.lease(wait=0)
    assert second
    assert (second.message.id, second.attempt, second.waited) == ("a", 2, 16.0)
    third = await leased(store.inbox)
    assert (third.message.id, third.waited) == ("b", 16.0)
    clock.now += 16
    assert await store.inbox.renew([first, third]) == {third.token}
    assert await drained(store.inbox) == ["a"]


async def test_no_lease_has_to_pass_over_what_is_not_due(store: SqliteStore, clock: Clock, file: Path) -> None:
    def passed_over() -> int:
        with closing(sqlite3.connect(file)) as database:
            (count,) = database.execute(
                "SELECT count(*) FROM message WHERE head = 1 AND ready_at > ?", (clock.now,)
            ).fetchone()
        return int(count)

    await put_all(store.inbox, *(message(f"{n}", thread=f"{n}", person=f"{n}") for n in range(4)))
    _, fails, returns, renewed = [await leased(store.inbox) for _ in range(4)]
    assert passed_over() == 0
    clock.now += 16
    assert (await leased(store.inbox)).message.id == "0", "by now all have fallen due"
    assert passed_over() == 0
    await store.inbox.fail(fails, "away", again_in=30.0)
    await store.inbox.release(returns, again_in=30.0)
    assert await store.inbox.renew([renewed]) == {renewed.token}
    assert passed_over() == 0


async def test_after_an_outage_all_that_fell_due_is_given(store: SqliteStore, clock: Clock) -> None:
    await put_all(store.inbox, *(message(f"{n}", thread=f"{n}", person=f"{n}") for n in range(150)))
    for _ in range(150):
        await store.inbox.fail(await leased(store.inbox), "away", again_in=60.0, waits=True)
    assert await store.inbox.lease(wait=0) is None
    clock.now += 60
    assert await drained(store.inbox) == [f"{n}" for n in range(150)]


async def test_the_oldest_open_message_says_how_far_behind_the_inbox_is(store: SqliteStore, clock: Clock) -> None:
    await put_all(store.inbox, message("1"))
    clock.now += 7
    await put_all(store.inbox, message("2"))
    first = await leased(store.inbox)
    clock.now += 1
    assert (await store.inbox.depth()).oldest == 8.0
    await store.inbox.done(first)
    assert (await store.inbox.depth()).oldest == 1.0


async def test_a_reply_is_kept_10_minutes_and_an_id_a_day(store: SqliteStore, clock: Clock, file: Path) -> None:
    await put_all(store.inbox, message("1"))
    await store.inbox.done(await leased(store.inbox), "the reply")
    clock.now += 599
    assert await store.inbox.outcome("1") == Outcome(ended=True, reply="the reply")
    clock.now += 1
    assert await store.inbox.outcome("1") == Outcome(ended=True)
    assert not await store.inbox.put(message("1"))
    assert rows(file, "reply") == 0
    clock.now += DAY
    assert await store.inbox.put(message("1"))


async def test_a_dead_letter_says_when_it_died_and_stays_until_somebody_acts(store: SqliteStore, clock: Clock) -> None:
    await put_all(store.inbox, message("1"))
    clock.now += 3
    await store.inbox.bury(await leased(store.inbox), "no")
    died = clock.now
    clock.now += 100 * DAY
    await put_all(store.inbox, message("2"))
    (letter,) = await store.inbox.dead(limit=10)
    assert letter.at == died
    assert await store.inbox.retry("1")


async def test_a_message_whose_worker_died_is_forgotten_and_its_late_worker_has_lost_it(
    store: SqliteStore, clock: Clock
) -> None:
    await put_all(store.inbox, message("1"))
    lease = await leased(store.inbox)
    assert await store.inbox.forget("ann") == 0
    clock.now += 16
    assert await store.inbox.forget("ann") == 1
    assert not await store.inbox.done(lease, "too late")
    assert await store.inbox.outcome("1") == Outcome(ended=True)
    assert await drained(store.inbox) == []


async def test_a_thread_lasts_a_day_from_its_last_turn(store: SqliteStore, clock: Clock) -> None:
    await store.threads.append("t", turn("1"))
    clock.now += DAY - 1
    await store.threads.append("t", turn("2"))
    clock.now += DAY - 1
    assert await store.threads.recent("t") == (turn("1"), turn("2"))
    clock.now += 1
    assert await store.threads.recent("t") == ()


async def test_a_reaction_does_not_make_a_thread_last_longer(store: SqliteStore, clock: Clock) -> None:
    await store.threads.append("t", turn("1"))
    clock.now += DAY - 1
    assert await store.threads.react("t", "1", person="ann", reaction="up")
    clock.now += 1
    assert await store.threads.recent("t") == ()


async def test_a_record_lasts_as_long_as_was_said_from_its_last_write(store: SqliteStore, clock: Clock) -> None:
    await store.records.write("r", "first", person="ann", expected=0, lasts=DAY)
    clock.now += DAY - 1
    assert await store.records.write("r", "second", person="ann", expected=1, lasts=DAY)
    clock.now += DAY - 1
    assert await store.records.read("r") == Record(body="second", revision=2)
    clock.now += 1
    assert await store.records.read("r") is None
    assert not await store.records.write("r", "third", person="ann", expected=2, lasts=DAY)
    assert await store.records.forget("ann") == 0


async def test_whatever_expired_goes_a_little_with_every_message(store: SqliteStore, clock: Clock, file: Path) -> None:
    for number in range(120):
        await store.inbox.put(message(f"{number}", thread=f"{number}"))
        await store.inbox.done(await leased(store.inbox), "reply")
        await store.threads.append(f"{number}", turn("1"))
        await store.counters.add(f"{number}", {"n": 1}, lasts=60.0)
        await store.records.write(f"{number}", "body", person="ann", expected=0, lasts=60.0)
    await store.counters.add("ever", {"n": 1})
    await store.threads.append("still", turn("1"))
    clock.now += DAY
    await store.threads.append("still", turn("2"))
    tables = ("message", "reply", "turn", "counter", "record")
    left = []
    for number in range(3):
        await store.inbox.put(message(f"new-{number}"))
        left.append(tuple(rows(file, table) for table in tables))
    # A turn takes others that expired with it as well.
    assert left == [(71, 70, 21, 71, 70), (22, 20, 1, 21, 20), (3, 0, 1, 1, 0)]
    assert await store.threads.recent("still") == (turn("2"),)
    assert await store.counters.read(["ever"]) == ({"n": 1},)


async def test_what_expired_goes_even_when_nothing_comes_in(store: SqliteStore, clock: Clock, file: Path) -> None:
    await put_all(store.inbox, message("1"))
    await store.inbox.done(await leased(store.inbox), "the reply")
    await store.threads.append("thread", turn("1"))
    await store.records.write("r", "body", person="ann", expected=0, lasts=DAY)
    clock.now += 8 * 24 * 3600
    assert await store.inbox.lease(wait=0) is None
    assert [rows(file, table) for table in ("message", "reply", "turn", "record")] == [0, 0, 0, 0]


async def test_what_was_put_while_the_clock_was_ahead_is_given_soon_after_it_is_right_again(
    store: SqliteStore, clock: Clock
) -> None:
    clock.now += 5 * 3_600
    await put_all(store.inbox, message("1", thread="a"), message("2", thread="b"), message("3", thread="c"))
    held = await leased(store.inbox)
    await store.inbox.fail(await leased(store.inbox), "away", again_in=3.0)
    clock.now -= 5 * 3_600
    assert await store.inbox.lease(wait=0) is None
    clock.now += 15
    assert await store.inbox.lease(wait=0) is None  # it tidies when there is nothing to do
    assert sorted(await drained(store.inbox)) == ["2", "3"]
    assert await store.inbox.renew([held]) == {held.token}
    clock.now += 15
    assert await drained(store.inbox) == ["1"]
