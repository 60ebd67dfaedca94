"""The trail in the log: what a replica reads of it, what it does when the store is another one, and appending."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from bot.core.admin_commands import ActivateVersion
from bot.core.state import Snapshot, Store, StoreAwayError
from bot.prompts.document import MAX_CHARACTERS
from bot.prompts.entries import STREAM, Denied, Entry, write_entry
from bot.prompts.history import MAX_TRIES, History
from bot.prompts.refusal import Refusal
from bot.prompts.standing import Standing, fold, write_standing
from bot.stores.sqlite.store import SqliteStore
from tests.prompts.logs import CountingLog, LogInTurns, LogThatGoesAway, LogThatHangs, PassingLog
from tests.prompts.replicas import prompt_file, replica, trail
from tests.prompts.standings import TWO_LIVE, activated, published, stamp, standing_of

LONG = 2_500
"""Entries of a long trail."""
EVERY = 1_000
"""Entries after which a snapshot is kept."""


def denied(number: int) -> Denied:
    return Denied(stamp=stamp("eve"), tried=f"try {number}")


async def fill(store: Store, *entries: Entry) -> None:
    await store.log.restore(STREAM, [write_entry(entry) for entry in entries])


@pytest.fixture
def long_trail() -> list[Entry]:
    return [*TWO_LIVE, *(denied(number) for number in range(LONG - len(TWO_LIVE)))]


async def test_a_long_trail_is_read_whole_once_and_from_its_snapshot_from_then_on(
    store: Store, long_trail: list[Entry]
) -> None:
    await fill(store, *long_trail)
    first, second = CountingLog(store.log), CountingLog(store.log)
    assert await History(first, snapshot_every=EVERY).standing() == standing_of(*long_trail)
    assert await History(second, snapshot_every=EVERY).standing() == standing_of(*long_trail)
    assert first.entries_read == LONG + 2, "at each page the entry before it tells whether the trail is the same"
    assert second.entries_read == 1


async def test_a_start_reads_at_most_what_came_since_the_last_snapshot(store: Store, long_trail: list[Entry]) -> None:
    log = CountingLog(store.log)
    writer = History(store.log, snapshot_every=EVERY)
    await fill(store, *long_trail[:EVERY])
    await writer.standing()
    for _ in range(30):
        await writer.append(lambda standing: denied(standing.length))
    assert await History(log, snapshot_every=EVERY).standing() == await writer.standing()
    assert log.entries_read == 31


async def test_reading_again_reads_only_what_is_new(store: Store) -> None:
    await fill(store, *TWO_LIVE)
    log = CountingLog(store.log)
    history = History(log)
    await history.standing()
    before = log.entries_read
    await history.standing()
    assert log.entries_read == before + 1
    await History(store.log).append(lambda _: denied(1))
    assert (await history.standing()).length == len(TWO_LIVE) + 1
    assert log.entries_read == before + 3


async def test_a_version_is_read_once(store: Store) -> None:
    await fill(store, *TWO_LIVE)
    log = CountingLog(store.log)
    history = History(log)
    version = (await history.standing()).versions[2]
    prompt = await history.prompt(version)
    calls = log.calls
    assert await history.prompt(version) is prompt
    assert log.calls == calls
    assert (prompt.version, prompt.text) == (2, "## Answering\n\nRule 2.")


async def test_a_version_of_the_greatest_length_can_be_served(store: Store) -> None:
    one = replica(store.log, store.counters)
    text = prompt_file("x" * (MAX_CHARACTERS - len(prompt_file("")) + 1)).removesuffix("\n")
    published, _ = await one.registry.publish("ann", text, "long")
    prompt = await one.history.prompt((await one.history.standing()).versions[published.version])
    assert len(text) == MAX_CHARACTERS
    assert text.endswith(prompt.text)


async def test_a_snapshot_of_another_fold_is_passed_over(store: Store) -> None:
    await fill(store, *TWO_LIVE)
    await store.log.keep_snapshot(STREAM, Snapshot(5, write_standing(Standing(length=5, live=9, fold=99))))
    assert await History(store.log).standing() == standing_of(*TWO_LIVE)


async def test_a_snapshot_of_another_or_a_longer_trail_is_passed_over(store: Store) -> None:
    await fill(store, *TWO_LIVE)
    other = standing_of(published(9), activated(9), denied(1))
    await store.log.keep_snapshot(STREAM, Snapshot(other.length, write_standing(other)))
    assert await History(store.log).standing() == standing_of(*TWO_LIVE)
    longer = standing_of(*TWO_LIVE, denied(1), denied(2))
    await store.log.keep_snapshot(STREAM, Snapshot(longer.length, write_standing(longer)))
    history = History(store.log)
    assert await history.standing() == standing_of(*TWO_LIVE)
    await history.append(lambda _: denied(3))
    assert (await History(store.log).standing()).length == len(TWO_LIVE) + 1


async def test_a_snapshot_that_cannot_be_written_keeps_nobody_from_reading(store: Store) -> None:
    await fill(store, *TWO_LIVE)
    log = LogThatGoesAway(store.log)
    log.full = True
    history = History(log, snapshot_every=2)
    assert await history.standing() == standing_of(*TWO_LIVE)
    calls = log.calls
    await history.standing()
    assert log.calls == calls + 1, "it is not tried again with every reading"
    log.full = False
    await history.append(lambda _: denied(1))
    await history.append(lambda _: denied(2))
    await history.standing()
    snapshot = await store.log.snapshot(STREAM)
    assert snapshot
    assert snapshot.length == len(TWO_LIVE) + 2


async def test_entries_are_given_newest_first_page_by_page(store: Store) -> None:
    await fill(store, *TWO_LIVE)
    history = History(store.log)
    newest = await history.entries(before=None, limit=2)
    assert [(position, entry.kind) for position, entry in newest] == [(5, "activated"), (4, "activated")]
    assert [position for position, _ in await history.entries(before=4, limit=2)] == [3, 2]
    assert [position for position, _ in await history.entries(before=2, limit=2)] == [1]
    for nothing in (1, 0, -5):
        assert await history.entries(before=nothing, limit=2) == ()
    assert [position for position, _ in await history.entries(before=999, limit=1)] == [5]


async def test_entries_of_a_newer_program_are_taken_for_a_store_that_cannot_be_used(store: Store) -> None:
    await fill(store, *TWO_LIVE)
    history = History(store.log)
    await history.standing()
    await store.log.append(STREAM, '{"kind": "praised"}', expected=len(TWO_LIVE))
    for asked in (history.standing(), history.entries(before=None, limit=1), History(store.log).standing()):
        with pytest.raises(StoreAwayError, match=r"^a newer Field Coach wrote to the trail of versions: upgrade"):
            await asked
    assert history.known == standing_of(*TWO_LIVE)


async def test_of_acts_decided_at_once_by_many_replicas_each_is_decided_on_what_the_others_left(store: Store) -> None:
    histories = [History(store.log) for _ in range(8)]
    await asyncio.gather(*(history.append(lambda standing: denied(standing.length)) for history in histories))
    assert [entry.tried for entry in await trail(store.log) if isinstance(entry, Denied)] == [
        f"try {number}" for number in range(8)
    ]


async def test_acts_of_one_replica_do_not_keep_each_other_from_being_done(store: Store) -> None:
    log = LogInTurns(store.log)
    history = History(log)
    acts = [history.append(lambda _: denied(1)) for _ in range(2 * MAX_TRIES)]
    await log.together(acts, Random(0))  # noqa: S311 - drawn again alike
    assert await store.log.length(STREAM) == 2 * MAX_TRIES


async def test_an_act_that_others_are_always_before_is_given_up_with_what_to_do(store: Store) -> None:
    others = History(store.log)

    class BusyLog(PassingLog):
        async def append(self, stream: str, entry: str, *, expected: int) -> None:
            await others.append(lambda _: denied(1))
            await super().append(stream, entry, expected=expected)

    with pytest.raises(Refusal, match=r"^Others changed the versions again and again meanwhile: try once more\.$"):
        await History(BusyLog(store.log)).append(lambda _: denied(2))
    assert await store.log.length(STREAM) == MAX_TRIES


@pytest.mark.parametrize("calls", [1, 2, 3], ids=["at the snapshot", "at the entries", "keeping a snapshot"])
async def test_a_reader_that_is_cancelled_leaves_the_next_one_everything(store: Store, calls: int) -> None:
    await fill(store, *TWO_LIVE)
    log = LogThatHangs(store.log, after=calls)
    history = History(log, snapshot_every=2)
    reading = asyncio.create_task(history.standing())
    await log.hangs.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    log.let_go = True
    assert await history.standing() == standing_of(*TWO_LIVE)
    assert (await history.prompt(history.known.versions[1])).version == 1


async def test_an_act_that_is_cancelled_keeps_no_other_from_being_done(store: Store) -> None:
    await fill(store, *TWO_LIVE)
    log = LogThatHangs(store.log, after=3)
    history = History(log)
    acting = asyncio.create_task(history.append(lambda _: denied(1)))
    await log.hangs.wait()
    acting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await acting
    log.let_go = True
    await history.append(lambda _: denied(2))
    assert fold(Standing(), await trail(store.log)) == await history.standing()


async def test_a_store_that_was_emptied_counts_as_away_until_there_is_a_trail_again(tmp_path: Path) -> None:
    full, emptied = await _opened(tmp_path / "full"), await _opened(tmp_path / "emptied")
    await fill(full, *TWO_LIVE)
    log = CountingLog(full.log)
    history = History(log)
    await history.standing()
    log.log = emptied.log
    with pytest.raises(StoreAwayError, match=r"^the store has lost the versions: restore a backup, or start the coach"):
        await history.standing()
    with pytest.raises(StoreAwayError):
        await history.append(lambda _: denied(1))
    assert await emptied.log.length(STREAM) == 0
    assert history.known.live == 2
    await fill(emptied, *TWO_LIVE[:4])
    assert await history.standing() == standing_of(*TWO_LIVE[:4])
    await full.close()
    await emptied.close()


@pytest.mark.parametrize("length", [2, 5, 9])
async def test_another_store_in_the_place_of_the_one_that_was_read_is_read_anew(tmp_path: Path, length: int) -> None:
    one, other = await _opened(tmp_path / "one"), await _opened(tmp_path / "other")
    entries: list[Entry] = [published(7), activated(7), *(denied(number) for number in range(length - 2))]
    await fill(one, *TWO_LIVE)
    await fill(other, *entries)
    log = CountingLog(one.log)
    history = History(log)
    await history.prompt((await history.standing()).versions[2])
    log.log = other.log
    standing = await history.standing()
    assert standing == standing_of(*entries)
    assert history.known_prompt(2) is None
    assert (await history.prompt(standing.versions[7])).text == "## Answering\n\nRule 7."
    await one.close()
    await other.close()


async def test_a_version_whose_entry_is_gone_is_never_taken_from_another(store: Store) -> None:
    await fill(store, *TWO_LIVE)
    versions = standing_of(published(8), published(1)).versions
    with pytest.raises(StoreAwayError, match=r"^the store does not hold version 1 any more: try once more$"):
        await History(store.log).publication(versions[1])
    with pytest.raises(StoreAwayError):
        await History(PassingLog(store.log, prefix="nowhere:")).publication(versions[8])


async def test_calls_of_several_tasks_really_come_in_the_drawn_order(store: Store) -> None:
    # What the random programs rest on: that they do interleave, and alike each time.
    async def order(seed: int) -> tuple[list[str], int]:
        log = LogInTurns(store.log, prefix=f"{seed}:")
        replicas = [replica(log, store.counters) for _ in range(4)]
        await replicas[0].registry.publish("ann", prompt_file(), "first")
        await replicas[0].registry.move("ann", ActivateVersion(number=1, note="first"))
        acts = [each.registry.publish("ann", prompt_file(f"{n}"), f"{n}") for n, each in enumerate(replicas)]
        _, interleaved = await log.together(acts, Random(seed))  # noqa: S311 - drawn again alike
        return [entry.stamp.note for entry in await trail(log)][2:], interleaved

    first, interleaved = await order(1)
    assert sorted(first) == ["0", "1", "2", "3"]
    assert interleaved >= 3
    assert len({tuple((await order(seed))[0]) for seed in range(2, 12)}) > 3


async def _opened(folder: Path) -> SqliteStore:
    store = SqliteStore(folder / "coach.sqlite3")
    await store.open()
    return store
