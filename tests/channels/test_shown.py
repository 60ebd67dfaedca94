"""Where the parts of a reply stand, as it is known from one attempt, and one click, to the next."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.shown import KEPT_SECONDS, Shown
from bot.core.state import Records
from bot.stores.sqlite.store import SqliteStore
from tests.prompts.replicas import Clock

ANN = "slack:T1/U1"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def records(tmp_path: Path, clock: Clock) -> AsyncIterator[Records]:
    store = SqliteStore(tmp_path / "coach.sqlite3", clock=clock)
    await store.open()
    yield store.records
    await store.close()


async def posted(records: Records) -> Shown:
    """One reply whose first part is posted."""
    shown = Shown(records, "m1", ANN)
    await shown.begin()
    await shown.note("D1", 0, "1.0")
    return shown


async def known(records: Records) -> Shown:
    """What is known of it now."""
    shown = Shown(records, "m1", ANN)
    await shown.load()
    return shown


async def test_what_is_touched_is_known_as_long_again(records: Records, clock: Clock) -> None:
    await posted(records)
    for _ in range(3):
        clock.seconds += KEPT_SECONDS - 1
        shown = await known(records)
        assert shown.shows("D1", 0) == "1.0"
        await shown.touch()
    clock.seconds += KEPT_SECONDS + 1
    assert not (await known(records)).is_again


async def test_what_is_not_known_any_more_is_not_made_anew_by_a_touch(records: Records) -> None:
    await posted(records)
    clicked = await known(records)
    await records.forget(ANN)
    await clicked.touch()
    await (await known(records)).touch()
    assert not (await known(records)).is_again


async def test_a_click_while_more_is_being_posted_costs_nothing_of_what_is_noted(records: Records) -> None:
    posting = await posted(records)
    clicked = await known(records)
    await clicked.touch()
    await posting.note("D1", 1, "2.0")
    await posting.note_seen(2)
    await clicked.touch()
    shown = await known(records)
    assert (shown.shows("D1", 0), shown.shows("D1", 1), shown.is_seen(2)) == ("1.0", "2.0", True)


async def test_two_attempts_at_once_both_note_what_they_posted(records: Records) -> None:
    one = await posted(records)
    other = await known(records)
    await one.note("D1", 1, "2.0")
    await other.note("D1", 2, "3.0")
    await one.note_seen(3)
    shown = await known(records)
    assert [shown.shows("D1", part) for part in range(3)] == ["1.0", "2.0", "3.0"]
    assert shown.is_seen(3)


async def test_what_a_person_had_erased_stays_erased_although_more_is_posted(records: Records) -> None:
    posting = await posted(records)
    await records.forget(ANN)
    await posting.note("D1", 1, "2.0")
    assert not (await known(records)).is_again
