"""Moves that wait for a click: made once, by who asked, and only while nobody else has moved."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.admin_commands import ActivateVersion, AdminCommand, MoveCommand, RollBack
from bot.core.pending_moves import GONE, KEPT_SECONDS, PendingMoves
from bot.core.prompts import Moved, PromptReply, Proposed
from bot.core.replies import Refused
from bot.core.state import Log, StoreAwayError
from bot.prompts.desk import VersionDesk
from bot.prompts.entries import STREAM
from bot.prompts.history import History
from bot.prompts.registry import PromptRegistry
from bot.stores.sqlite.store import SqliteStore
from tests.prompts.logs import PassingLog
from tests.prompts.replicas import Clock, prompt_file, trail
from tests.stores.full import RecordsThatAreFull

ADMINS = frozenset({"ann", "bob"})
NOTE = "even\nshorter \ud800 words"
ACTIVATE = ActivateVersion(number=3, note=NOTE)

_ids = itertools.count(1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteStore]:
    """A store with three versions, of which 2 is live and 1 was before."""
    store = SqliteStore(tmp_path / "coach.sqlite3", clock=clock)
    await store.open()
    registry = PromptRegistry(History(store.log), admins=ADMINS, now=clock.now, new_id=new_id)
    for number in (1, 2, 3):
        await registry.publish("ann", prompt_file(f"Rule {number}."), f"text {number}")
    for number in (1, 2):
        await registry.move("ann", ActivateVersion(number=number, note="first"))
    yield store
    await store.close()


@pytest.fixture
def desk(store: SqliteStore, clock: Clock) -> VersionDesk:
    return desk_of(store, clock)


@pytest.fixture
def moves(store: SqliteStore, desk: VersionDesk) -> PendingMoves:
    return PendingMoves(store.records, desk, new_id=new_id)


def new_id() -> str:
    return f"id-{next(_ids)}"


def desk_of(
    store: SqliteStore, clock: Clock, *, admins: frozenset[str] = ADMINS, log: Log | None = None
) -> VersionDesk:
    history = History(log or store.log)
    registry = PromptRegistry(history, admins=admins, now=clock.now, new_id=new_id)
    return VersionDesk(history, registry, store.counters, prices={}, now=clock.now)


async def pending(
    moves: PendingMoves, desk: VersionDesk, command: MoveCommand = ACTIVATE, *, person: str = "ann"
) -> str:
    proposed = await desk.handle(command, person=person)
    assert isinstance(proposed, Proposed)
    return await moves.keep(command, proposed, person=person)


async def live(store: SqliteStore) -> int | None:
    return (await History(store.log).standing()).live


@pytest.mark.parametrize(
    ("command", "summary"),
    [
        (ACTIVATE, "Version 3 is live in place of version 2."),
        (
            ActivateVersion(number=3, note="try it", share=10),
            "Version 3 serves 10% of the people; version 2 stays live.",
        ),
        (ActivateVersion(number=3, note="try it", force=True), "Version 3 is live in place of version 2."),
        (RollBack(note="worse"), "Rolled back: version 1 is live in place of version 2."),
        (RollBack(note="worse", to=1), "Rolled back: version 1 is live in place of version 2."),
    ],
)
async def test_every_kind_of_move_is_made_as_it_was_proposed_and_only_once_it_is_confirmed(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves, command: MoveCommand, summary: str
) -> None:
    before = await trail(store.log)
    id_ = await pending(moves, desk, command)
    assert await trail(store.log) == before
    moved = await moves.confirm(id_, person="ann")
    assert isinstance(moved, Moved)
    assert moved.summary == summary
    assert moved.entry
    assert (moved.entry.by, moved.entry.note) == ("ann", " ".join(command.note.split()).replace("\ud800", "?"))
    assert moved.entry.detail.endswith("forced") == (isinstance(command, ActivateVersion) and command.force)
    assert len(await trail(store.log)) == len(before) + 1


async def test_a_second_click_is_told_what_the_first_came_to(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves
) -> None:
    id_ = await pending(moves, desk)
    first = await moves.confirm(id_, person="ann")
    entries = await trail(store.log)
    assert isinstance(first, Moved)
    assert first.entry
    assert await moves.confirm(id_, person="ann") == first
    assert await trail(store.log) == entries


async def test_a_click_after_others_have_moved_on_is_still_told_what_the_first_came_to(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves
) -> None:
    id_, back = await pending(moves, desk), RollBack(note="worse", to=1)
    first = await moves.confirm(id_, person="ann")
    assert isinstance(await moves.confirm(await pending(moves, desk, back, person="bob"), person="bob"), Moved)
    entries = await trail(store.log)
    assert await moves.confirm(id_, person="ann") == first
    assert await trail(store.log) == entries
    assert await live(store) == 1


async def test_clicks_that_come_in_at_once_make_one_move_and_are_all_told_of_it(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves, clock: Clock
) -> None:
    id_ = await pending(moves, desk)
    entries = await trail(store.log)
    replicas = [moves, *(PendingMoves(store.records, desk_of(store, clock), new_id=new_id) for _ in range(3))]
    first, *others = await asyncio.gather(*(each.confirm(id_, person="ann") for each in replicas * 2))
    assert len(await trail(store.log)) == len(entries) + 1
    assert isinstance(first, Moved)
    assert first.summary == "Version 3 is live in place of version 2."
    assert others == [first] * 7


class LogThatLosesAnAnswer(PassingLog):
    """Appends what it says it could not."""

    loses = False

    async def append(self, stream: str, entry: str, *, expected: int) -> None:
        await super().append(stream, entry, expected=expected)
        if self.loses:
            self.loses = False
            raise StoreAwayError("no answer in time")


@pytest.mark.parametrize("breaks", ["records", "log"])
async def test_a_click_that_broke_off_is_made_up_for_by_the_next_one(
    store: SqliteStore, clock: Clock, breaks: str
) -> None:
    records, log = RecordsThatAreFull(store.records), LogThatLosesAnAnswer(store.log)
    desk = desk_of(store, clock, log=log)
    moves = PendingMoves(records, desk, new_id=new_id)
    id_ = await pending(moves, desk)
    length = await store.log.length(STREAM)
    records.full, log.loses = breaks == "records", breaks == "log"
    with pytest.raises(StoreAwayError):
        await moves.confirm(id_, person="ann")
    records.full = False
    moved = await moves.confirm(id_, person="ann")
    assert isinstance(moved, Moved)
    assert moved.summary == "Version 3 is live in place of version 2."
    assert await store.log.length(STREAM) == length + 1


async def test_nobody_else_confirms_or_drops_it_not_even_another_admin(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves
) -> None:
    id_ = await pending(moves, desk)
    entries = await trail(store.log)
    for person in ("bob", "eve", ""):
        refused = await moves.confirm(id_, person=person)
        assert isinstance(refused, Refused)
        assert refused.denied
        assert not await moves.drop(id_, person=person)
    assert await trail(store.log) == entries
    assert isinstance(await moves.confirm(id_, person="ann"), Moved)
    assert isinstance(await moves.confirm(id_, person="bob"), Refused)


async def test_a_proposal_waits_for_an_hour(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves, clock: Clock
) -> None:
    late, early = await pending(moves, desk), await pending(moves, desk, RollBack(note="worse"))
    clock.seconds += KEPT_SECONDS - 1
    assert isinstance(await moves.confirm(early, person="ann"), Moved)
    clock.seconds += 2
    assert await moves.confirm(late, person="ann") == GONE
    assert not await moves.drop(late, person="ann")
    assert await live(store) == 1


async def test_an_id_that_nobody_gave_out_confirms_nothing(store: SqliteStore, moves: PendingMoves) -> None:
    entries = await trail(store.log)
    for id_ in ("", "id-0", "activate 3"):
        assert await moves.confirm(id_, person="ann") == GONE
        assert not await moves.drop(id_, person="ann")
    assert await trail(store.log) == entries


async def test_a_proposal_is_outdated_by_another_move_and_the_other_is_named(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves, clock: Clock
) -> None:
    id_ = await pending(moves, desk)
    other = desk_of(store, clock)
    theirs = PendingMoves(store.records, other, new_id=new_id)
    assert isinstance(
        await theirs.confirm(await pending(theirs, other, RollBack(note="worse"), person="bob"), person="bob"), Moved
    )
    for _ in range(2):
        assert await moves.confirm(id_, person="ann") == Refused(
            "Not done: bob went back from version 2 to version 1 meanwhile. Look at `prompts` and decide anew."
        )
    assert await live(store) == 1


async def test_of_two_proposals_of_ones_own_only_the_one_confirmed_first_is_made(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves
) -> None:
    first, second = await pending(moves, desk), await pending(moves, desk, RollBack(note="worse"))
    assert isinstance(await moves.confirm(second, person="ann"), Moved)
    refused = await moves.confirm(first, person="ann")
    assert isinstance(refused, Refused)
    assert "ann went back" in refused.reason
    assert await live(store) == 1


async def test_who_is_no_admin_any_more_confirms_nothing(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves, clock: Clock
) -> None:
    id_ = await pending(moves, desk)
    now = PendingMoves(store.records, desk_of(store, clock, admins=frozenset({"bob"})), new_id=new_id)
    refused = await now.confirm(id_, person="ann")
    assert isinstance(refused, Refused)
    assert refused.denied
    assert await live(store) == 2
    assert (await trail(store.log))[-1].kind == "denied"


async def test_what_is_dropped_cannot_be_confirmed_and_is_dropped_once(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves
) -> None:
    id_ = await pending(moves, desk)
    entries = await trail(store.log)
    assert await moves.drop(id_, person="ann")
    assert not await moves.drop(id_, person="ann")
    assert await moves.confirm(id_, person="ann") == GONE
    assert await trail(store.log) == entries


async def test_what_was_made_cannot_be_dropped(store: SqliteStore, desk: VersionDesk, moves: PendingMoves) -> None:
    id_ = await pending(moves, desk)
    await moves.confirm(id_, person="ann")
    assert not await moves.drop(id_, person="ann")
    assert await live(store) == 3


class InterruptedDesk(VersionDesk):
    """A desk at which the same person cancels while their move is being made."""

    moves: PendingMoves
    id_ = ""
    dropped: bool | None = None

    async def handle(
        self, command: AdminCommand, *, person: str, confirmed: int | None = None, act: str | None = None
    ) -> PromptReply | Refused:
        if confirmed is not None:
            self.dropped = await self.moves.drop(self.id_, person=person)
        return await super().handle(command, person=person, confirmed=confirmed, act=act)


async def test_a_move_that_is_cancelled_while_it_is_made_is_not_told_as_dropped(
    store: SqliteStore, clock: Clock
) -> None:
    history = History(store.log)
    registry = PromptRegistry(history, admins=ADMINS, now=clock.now, new_id=new_id)
    desk = InterruptedDesk(history, registry, store.counters, prices={}, now=clock.now)
    desk.moves = PendingMoves(store.records, desk, new_id=new_id)
    desk.id_ = await pending(desk.moves, desk)
    await desk.moves.confirm(desk.id_, person="ann")
    assert (desk.dropped, await live(store)) == (False, 3)


async def test_a_button_carries_nothing_of_the_act(store: SqliteStore, desk: VersionDesk) -> None:
    given: list[str] = []

    def noted() -> str:
        given.append(new_id())
        return given[-1]

    moves = PendingMoves(store.records, desk, new_id=noted)
    assert [await pending(moves, desk), await pending(moves, desk)] == given
    assert len(set(given)) == 2


async def test_forgetting_a_person_lets_their_proposals_go(
    store: SqliteStore, desk: VersionDesk, moves: PendingMoves
) -> None:
    id_ = await pending(moves, desk)
    await store.records.forget("ann")
    assert await moves.confirm(id_, person="ann") == GONE
    assert await live(store) == 2
