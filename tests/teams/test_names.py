"""Who did what with the versions, by the names that Teams gave: kept beside the acts, in the place of ids."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.teams import names
from bot.channels.teams.ids import person_id
from bot.channels.teams.names import KEPT_SECONDS, MAX_NAME
from bot.channels.teams.render.small import announcement
from bot.channels.teams.render.versions import versions_messages
from bot.core.prompts import Moved, PromptReply, Trail, VersionList, VersionText
from bot.core.replies import Forgotten
from bot.core.state import Records
from bot.stores.sqlite.store import SqliteStore
from tests.teams.activities import TENANT
from tests.teams.rendering import check, seen_of
from tests.terminal import version_replies as made_of

ROBIN = person_id(TENANT, "7e6d0000-0000-0000-0000-00000000abcd")
NAMESAKE = person_id(TENANT, "7e6d0000-0000-0000-0000-0000000032f1")
NASTY = "<at>Ben</at> [x](http://evil.example) **b**"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def records(tmp_path: Path, clock: Clock) -> AsyncIterator[Records]:
    store = SqliteStore(tmp_path / "coach.sqlite3", clock=clock)
    await store.open()
    yield store.records
    await store.close()


def moved(by: str) -> Moved:
    entry = made_of.MOVED.entry
    assert entry
    return replace(made_of.MOVED, entry=replace(entry, by=by))


def trail(*people: str) -> Trail:
    (entry, *_) = made_of.TRAIL.entries
    return replace(made_of.TRAIL, entries=tuple(replace(entry, by=by) for by in people))


async def authors(records: Records, *people: str) -> Sequence[str]:
    shown = await names.known(records, trail(*people))
    assert isinstance(shown, Trail)
    return [each.by for each in shown.entries]


def acted(by: str) -> Sequence[PromptReply]:
    """Every reply that says who did what."""
    live = made_of.LIVE.live
    assert live
    card = replace(made_of.LIVE, by=by, live=replace(live, by=by))
    proposed = replace(made_of.PROPOSED, version=card, replaces=card)
    listed, text = VersionList((card,), made_of.NOW), VersionText(card, "text", made_of.NOW)
    return listed, text, trail(by), proposed, moved(by)


@pytest.mark.parametrize("reply", acted(ROBIN), ids=lambda reply: type(reply).__name__)
async def test_who_acted_is_shown_by_name_wherever_their_id_would_stand(records: Records, reply: PromptReply) -> None:
    assert ROBIN in seen_of(versions_messages(reply, None))
    await names.keep(records, ROBIN, " Robin \n Reed ")
    shown = seen_of(versions_messages(await names.known(records, reply), None))
    assert "Robin Reed" in shown
    assert ROBIN not in shown


async def test_of_two_of_one_name_each_is_told_apart_by_the_end_of_the_id(records: Records) -> None:
    for person in (ROBIN, NAMESAKE):
        await names.keep(records, person, "Robin Reed")
    told = ["Robin Reed (abcd)", "Robin Reed (32f1)", "Robin Reed (abcd)"]
    assert await authors(records, ROBIN, NAMESAKE, ROBIN) == told
    assert await authors(records, NAMESAKE) == ["Robin Reed"]


async def test_who_is_called_like_another_way_in_is_told_apart_from_it(records: Records) -> None:
    await names.keep(records, ROBIN, "start")
    assert await authors(records, ROBIN, "start", "local") == ["start (abcd)", "start", "local"]


async def test_whose_name_is_not_known_and_who_acts_elsewhere_stay_ids(records: Records) -> None:
    await names.keep(records, ROBIN, "  ")
    assert await authors(records, ROBIN, "slack:T1/U1", "local") == [ROBIN, "slack:T1/U1", "local"]
    assert await names.known(records, made_of.DIFF) == made_of.DIFF
    assert await names.known(records, Moved(None, "so")) == Moved(None, "so")
    assert await names.known(records, Forgotten(1)) == Forgotten(1)


async def test_a_name_is_written_only_when_it_is_new(records: Records) -> None:
    for name in ("Robin Reed", "Robin Reed", "Robin Reed-Roe"):
        await names.keep(records, ROBIN, name)
    kept = await records.read(f"teams:name:{ROBIN.removeprefix('teams:')}")
    assert kept
    assert (kept.body, kept.revision) == ("Robin Reed-Roe", 2)


async def test_a_name_goes_after_its_time_and_with_forget_me(records: Records, clock: Clock) -> None:
    await names.keep(records, ROBIN, "Robin Reed")
    clock.now += KEPT_SECONDS - 1
    assert await authors(records, ROBIN) == ["Robin Reed"]
    clock.now += 2
    assert await authors(records, ROBIN) == [ROBIN]
    await names.keep(records, ROBIN, "Robin Reed")
    assert await records.forget(ROBIN) == 1
    assert await authors(records, ROBIN) == [ROBIN]


async def test_a_name_is_text_and_never_long(records: Records) -> None:
    await names.keep(records, ROBIN, NASTY)
    told = await names.known(records, moved(ROBIN))
    assert isinstance(told, Moved)
    messages = (announcement(told),)
    check(messages)
    assert NASTY in seen_of(messages)
    await names.keep(records, ROBIN, "Robin " * 100)
    (name,) = await authors(records, ROBIN)
    assert len(name) <= MAX_NAME
