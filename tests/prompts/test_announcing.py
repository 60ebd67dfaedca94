"""Announcements: each move once, wherever it was made and however many replicas look."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.admin_commands import ActivateVersion, ListVersions, MoveCommand, RollBack
from bot.core.messages import Incoming, Meant
from bot.core.prompts import Act, Moved
from bot.core.replies import Refused
from bot.core.state import Log, Records, Store, StoreAwayError
from bot.prompts import announcing
from bot.prompts.announcing import AT_MOST, NOBODY, Announcer
from bot.prompts.entries import STREAM
from bot.prompts.history import History
from tests.fakes import LESSON, small_app
from tests.prompts.logs import LogThatGoesAway, PassingLog
from tests.prompts.replicas import Replica, prompt_file, replica
from tests.stores.full import RecordsThatAreFull
from tests.stores.saying import until

ORIGIN = '{"where": "announced", "channel": "C1"}'
SWITCH = (ActivateVersion(number=1, note="again"), ActivateVersion(number=2, note="again"))


@pytest.fixture
async def one(store: Store) -> Replica:
    """A replica with three versions, of which 1 is live."""
    return await begun(store.log, store)


async def begun(log: Log, store: Store) -> Replica:
    one = replica(log, store.counters)
    for number in (1, 2, 3):
        await one.registry.publish("ann", prompt_file(f"Rule {number}."), "new")
    await one.registry.move("ann", ActivateVersion(number=1, note="first"))
    return one


def announcer(store: Store, *, log: Log | None = None, records: Records | None = None, to: str = ORIGIN) -> Announcer:
    """One replica's: it has its own history."""
    return Announcer(History(log or store.log), store.inbox, records or store.records, channel="slack", origin=to)


async def looked(*announcers: Announcer) -> None:
    await asyncio.gather(*(each.look() for each in announcers))


async def taken(store: Store) -> list[Incoming]:
    """Ends every message that waits and gives them in the order they came."""
    messages = []
    while lease := await store.inbox.lease(wait=0):
        assert await store.inbox.done(lease)
        messages.append(lease.message)
    return messages


async def told(at: Replica, messages: Sequence[Incoming]) -> list[str]:
    """What the announcements say."""
    replies = [await at.desk.told(int(message.text)) for message in messages]
    return [reply.summary if isinstance(reply, Moved) else reply.reason for reply in replies]


async def test_every_kind_of_move_is_announced_once_whoever_looks(one: Replica, store: Store) -> None:
    announcers = [announcer(store), announcer(store)]
    await looked(*announcers)
    moves: Sequence[tuple[MoveCommand, str]] = (
        (ActivateVersion(number=2, note="shorter"), "Version 2 is live in place of version 1."),
        (
            ActivateVersion(number=3, note="try it", share=10),
            "Version 3 serves 10% of the people; version 2 stays live.",
        ),
        (RollBack(note="bad"), "The trial of version 3 has ended; version 2 serves everybody."),
        (RollBack(note="worse"), "Rolled back: version 1 is live in place of version 2."),
    )
    for command, summary in moves:
        await one.registry.move("ann", command)
        await looked(*announcers)
        await looked(*announcers)
        assert await told(one, await taken(store)) == [summary]
    started = await one.registry.move("ann", ActivateVersion(number=3, note="try it", share=10))
    assert isinstance(started, tuple)
    await one.registry.end_trial(started[1], "clearly worse")
    await looked(*announcers)
    assert await told(one, await taken(store)) == [
        "Version 3 serves 10% of the people; version 1 stays live.",
        "The trial of version 3 has ended; version 1 serves everybody.",
    ]
    await looked(*announcers, announcer(store))
    assert not await taken(store)


async def test_an_announcement_is_nobodys_and_goes_where_the_origin_says(one: Replica, store: Store) -> None:
    looking = announcer(store)
    await looking.look()
    await one.registry.move("ann", ActivateVersion(number=2, note="shorter"))
    await looking.look()
    (message,) = await taken(store)
    assert message == Incoming(
        id=message.id,
        person=NOBODY,
        thread="slack:announcements",
        text="5",
        channel="slack",
        meant=Meant.ANNOUNCEMENT,
        origin=ORIGIN,
    )
    assert message.id.startswith("slack:announcement:")


async def test_what_is_no_move_is_not_announced(one: Replica, store: Store) -> None:
    looking = announcer(store)
    await looking.look()
    await one.registry.publish("ann", prompt_file("Rule 4."), "new")
    await one.registry.keep_evaluation("bob", 2, engine="claude", basis="one", passed=["tiles"], failed=[])
    await one.desk.handle(ListVersions(), person="eve")
    await looking.look()
    assert not await taken(store)


async def test_what_happened_before_the_first_look_is_not_announced(one: Replica, store: Store) -> None:
    for command in SWITCH:
        await one.registry.move("ann", command)
    looking = announcer(store)
    await looking.look()
    assert not await taken(store)
    await one.registry.move("ann", SWITCH[0])
    await looking.look()
    assert await told(one, await taken(store)) == ["Version 1 is live in place of version 2."]


async def test_what_happened_while_nobody_looked_is_announced_by_the_next_program(one: Replica, store: Store) -> None:
    await announcer(store).look()
    await one.registry.move("ann", SWITCH[1])
    await one.registry.move("ann", SWITCH[0])
    await announcer(store).look()
    assert await told(one, await taken(store)) == [
        "Version 2 is live in place of version 1.",
        "Version 1 is live in place of version 2.",
    ]


async def test_a_channel_that_is_new_begins_with_what_comes(one: Replica, store: Store) -> None:
    await announcer(store).look()
    await one.registry.move("ann", SWITCH[1])
    other = announcer(store, to="elsewhere")
    await other.look()
    assert not await taken(store)
    await one.registry.move("ann", SWITCH[0])
    await other.look()
    assert [message.origin for message in await taken(store)] == ["elsewhere"]


async def test_moves_made_while_others_look_are_announced_once_and_in_order(one: Replica, store: Store) -> None:
    announcers = [announcer(store), announcer(store)]
    await looked(*announcers)

    async def moving() -> None:
        for number in range(20):
            await one.registry.move("ann", SWITCH[(number + 1) % 2])

    async def looking(each: Announcer) -> None:
        for _ in range(10):
            await each.look()

    await asyncio.gather(moving(), *(looking(each) for each in announcers))
    await looked(*announcers)
    assert [message.text for message in await taken(store)] == [str(position) for position in range(5, 25)]


async def test_of_more_moves_than_are_announced_at_once_the_newest_are(one: Replica, store: Store) -> None:
    looking = announcer(store)
    await looking.look()
    moves = AT_MOST + 10
    for number in range(moves):
        await one.registry.move("ann", SWITCH[(number + 1) % 2])
    await looking.look()
    announced = [int(message.text) for message in await taken(store)]
    assert announced == list(range(4 + moves - AT_MOST + 1, 4 + moves + 1))
    await looking.look()
    assert not await taken(store)


async def test_moves_are_not_crowded_out_by_entries_that_are_none(one: Replica, store: Store) -> None:
    looking = announcer(store)
    await looking.look()
    await one.registry.move("ann", SWITCH[1])
    for _ in range(AT_MOST):
        await one.desk.handle(ListVersions(), person="eve")
    await looking.look()
    assert await told(one, await taken(store)) == ["Version 2 is live in place of version 1."]


async def test_a_store_that_was_away_is_made_up_for(one: Replica, store: Store) -> None:
    log = LogThatGoesAway(store.log)
    looking = announcer(store, log=log)
    await looking.look()
    log.away = True
    await one.registry.move("ann", SWITCH[1])
    with pytest.raises(StoreAwayError):
        await looking.look()
    assert not await taken(store)
    log.away = False
    await looking.look()
    assert await told(one, await taken(store)) == ["Version 2 is live in place of version 1."]


async def test_a_look_that_breaks_off_in_the_middle_announces_nothing_twice(one: Replica, store: Store) -> None:
    records = RecordsThatAreFull(store.records)
    looking = announcer(store, records=records)
    await looking.look()
    await one.registry.move("ann", SWITCH[1])
    records.full = True
    with pytest.raises(StoreAwayError):
        await looking.look()
    assert len(await taken(store)) == 1
    records.full = False
    await looked(looking, announcer(store))
    assert not await taken(store)


@asynccontextmanager
async def running(looking: Announcer) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(looking.run(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await task


async def test_it_goes_on_looking_through_a_store_that_is_away_until_it_is_told_to_stop(
    one: Replica, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "LOOK_SECONDS", 0.01)
    log = LogThatGoesAway(store.log)

    async def looks_again() -> None:
        before = log.calls

        async def has_looked() -> bool:
            return log.calls > before + 3

        await until(has_looked)

    async with running(announcer(store, log=log)):
        await looks_again()
        log.away = True
        await looks_again()
        await one.registry.move("ann", SWITCH[1])
        log.away = False
        await looks_again()
    assert await told(one, await taken(store)) == ["Version 2 is live in place of version 1."]


async def test_it_stops_at_once(store: Store, one: Replica) -> None:
    async with asyncio.timeout(announcing.LOOK_SECONDS * 0.9):
        async with running(announcer(store)):
            await one.history.standing()


class LogOfAnotherStore(PassingLog):
    """Gives another trail once it is switched, as after a restore."""

    def switch(self) -> None:
        self._prefix = "restored:"


async def test_after_a_restore_what_is_moved_from_then_on_is_announced(one: Replica, store: Store) -> None:
    for number in range(6):
        await one.registry.move("ann", SWITCH[(number + 1) % 2])
    log = LogOfAnotherStore(store.log)
    looking = announcer(store, log=log)
    await looking.look()
    other = await begun(PassingLog(store.log, prefix="restored:"), store)
    assert await store.log.length(STREAM) > await store.log.length(f"restored:{STREAM}")
    log.switch()
    await looking.look()
    assert not await taken(store)
    await other.registry.move("ann", SWITCH[1])
    await looking.look()
    assert await told(other, await taken(store)) == ["Version 2 is live in place of version 1."]


async def test_an_emptied_store_is_waited_out_and_nothing_of_its_restored_past_is_announced(
    one: Replica, store: Store
) -> None:
    log = LogOfAnotherStore(store.log)
    looking = announcer(store, log=log)
    await looking.look()
    await one.registry.move("ann", SWITCH[1])
    await looking.look()
    assert len(await taken(store)) == 1
    log.switch()
    await store.records.forget(NOBODY)  # the records go with the store
    with pytest.raises(StoreAwayError):
        await looking.look()
    await begun(PassingLog(store.log, prefix="restored:"), store)
    await looked(looking, looking)
    assert not await taken(store)


@pytest.mark.parametrize("position", [-1, 0, 1, 3, 6, 10**9])
async def test_what_is_no_move_is_told_as_none(one: Replica, store: Store, position: int) -> None:
    await one.desk.handle(ListVersions(), person="eve")
    assert await store.log.length(STREAM) == 5
    assert await one.desk.told(position) == Refused(f"Entry {position} of the trail is no move.")


async def test_a_move_is_told_by_its_position(one: Replica) -> None:
    reply = await one.desk.told(4)
    assert isinstance(reply, Moved)
    assert reply.summary == "Version 1 is live."
    assert reply.entry
    assert (reply.entry.position, reply.entry.act, reply.entry.by, reply.entry.note) == (
        4,
        Act.ACTIVATED,
        "ann",
        "first",
    )


async def test_the_coach_answers_an_announcement_with_the_move(tmp_path: Path) -> None:
    (tmp_path / "roof-care.md").write_text(LESSON)
    app = small_app(tmp_path, admins=frozenset({"ann"}))
    await app.open()
    looking = Announcer(app.history, app.store.inbox, app.store.records, channel="slack", origin=ORIGIN)
    await looking.look()
    await app.registry.move("ann", ActivateVersion(number=2, note="clearer"))
    await looking.look()
    (message,) = await taken(app.store)
    events = [event async for event in app.coach.handle(message)]
    (reply,) = events
    assert isinstance(reply, Moved)
    assert reply.summary == "Version 2 is live in place of version 1."
    assert reply.entry
    assert (reply.entry.by, reply.entry.note) == ("ann", "clearer")
    await app.close()
