"""The SQLite file when it cannot be used: one line that names it and the mend, and it heals by itself."""

import asyncio
import os
import sqlite3
import stat
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.state import StoreAwayError
from bot.stores.sqlite.store import SqliteStore
from tests.stores.saying import drained, message, put_all

BUSY = 0.2
connect = sqlite3.connect


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "coach.sqlite3"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SqliteStore]:
    """Not opened yet."""
    store = SqliteStore(file, busy_seconds=BUSY, poll_seconds=0.02)
    yield store
    await store.close()


async def why_away(store: SqliteStore) -> str:
    """Has the store refuse a message, and gives the line."""
    with pytest.raises(StoreAwayError) as caught:
        await store.inbox.put(message("refused"))
    line = str(caught.value)
    assert "\n" not in line
    return line


async def test_only_the_owner_reads_what_it_makes(store: SqliteStore, file: Path) -> None:
    await store.open()
    await put_all(store.inbox, message("1"))
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()} == {0o600}


async def test_a_folder_and_a_file_that_are_there_keep_their_modes(store: SqliteStore, file: Path) -> None:
    file.parent.mkdir()
    file.parent.chmod(0o750)
    file.touch()
    file.chmod(0o640)
    await store.open()
    assert (stat.S_IMODE(file.parent.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o750, 0o640)


async def test_nothing_is_made_before_it_is_opened(store: SqliteStore, file: Path) -> None:
    await store.close()
    assert not file.parent.exists()


@pytest.mark.parametrize("obstacle", ["a folder that is a file", "a folder in its place", "no database"])
async def test_a_file_that_cannot_be_used_is_away_until_it_is_mended(
    store: SqliteStore, file: Path, obstacle: str
) -> None:
    match obstacle:
        case "a folder that is a file":
            file.parent.write_text("not a folder")
            mend, blocked = "name another COACH_DATA_DIR", file.parent
        case "a folder in its place":
            file.mkdir(parents=True)
            mend, blocked = "name another COACH_DATA_DIR", file
        case _:
            file.parent.mkdir()
            file.write_bytes(b"no database" * 1_000)
            mend, blocked = "restore it from a backup, or move it away to start anew", file
    with pytest.raises(StoreAwayError, match=mend):
        await store.open()
    with pytest.raises(StoreAwayError, match=str(file)):
        await store.check()
    assert mend in await why_away(store)

    blocked.rename(blocked.with_suffix(".away"))
    await store.check()
    await put_all(store.inbox, message("1"))
    assert await drained(store.inbox) == ["1"]


async def test_a_folder_that_cannot_be_written_to_is_away_until_it_can(store: SqliteStore, file: Path) -> None:
    file.parent.mkdir()
    file.parent.chmod(0o500)
    if os.access(file.parent, os.W_OK):
        pytest.skip("root writes anywhere")
    assert "make its folder one that can be written to" in await why_away(store)
    file.parent.chmod(0o700)
    await put_all(store.inbox, message("1"))


async def test_a_file_that_another_holds_for_too_long_is_away_until_it_is_let_go(
    store: SqliteStore, file: Path
) -> None:
    await store.open()
    with closing(connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        line = await why_away(store)
        assert (
            line
            == f"{file} cannot be used: database is locked: another program holds it: end that program, or try again"
        )
        with pytest.raises(StoreAwayError):
            await store.check()
        with pytest.raises(StoreAwayError):
            await store.records.write("r", "body", person="ann", expected=0, lasts=60)
        assert await store.log.length("s") == 0, "reading goes on"
        assert await store.records.read("r") is None
        other.execute("ROLLBACK")
    await store.check()
    await put_all(store.inbox, message("1"))
    assert await store.records.write("r", "body", person="ann", expected=0, lasts=60)


async def test_many_calls_on_a_file_that_another_holds_all_end_in_the_time_of_one(
    store: SqliteStore, file: Path
) -> None:
    await store.open()
    with closing(connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.perf_counter()
        puts = [store.inbox.put(message(f"{number}")) for number in range(50)]
        refused = await asyncio.gather(*puts, return_exceptions=True)
        took = time.perf_counter() - started
        other.execute("ROLLBACK")
    assert {type(each) for each in refused} == {StoreAwayError}
    assert took < 10 * BUSY


async def test_closing_while_calls_are_under_way_raises_nothing_and_answers_them(store: SqliteStore) -> None:
    await store.open()
    puts = [asyncio.create_task(store.inbox.put(message(f"{number}"))) for number in range(20)]
    await asyncio.sleep(0)
    await asyncio.gather(store.close(), store.close())
    assert await asyncio.gather(*puts) == [True] * 20


async def test_one_who_waits_for_a_message_hears_that_the_store_is_away(store: SqliteStore, file: Path) -> None:
    await store.open()
    with closing(connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreAwayError):
            await store.inbox.lease(wait=5.0)


async def test_a_full_disk_is_away_until_there_is_room(
    store: SqliteStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, timeout: float, isolation_level: None) -> sqlite3.Connection:
        connection = connect(path, timeout=timeout, isolation_level=isolation_level)
        connection.execute("PRAGMA max_page_count = 1")  # that is: no more than there are
        return connection

    made = SqliteStore(file)
    await made.open()
    await made.close()
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", full)
        await store.open()
        with pytest.raises(StoreAwayError, match="is full: make room on the disk"):
            await store.inbox.put(message("1", text="long " * 10_000))
        with pytest.raises(StoreAwayError, match="is full: make room on the disk"):
            await store.records.write("r", "long " * 10_000, person="ann", expected=0, lasts=60)
    assert await store.records.write("r", "long " * 10_000, person="ann", expected=0, lasts=60)
    assert await store.inbox.put(message("1", text="long " * 10_000))
    assert await drained(store.inbox) == ["1"]


@pytest.mark.parametrize("files", ["coach.sqlite3", "coach.sqlite3*"], ids=["the file", "its logs too"])
async def test_a_file_deleted_while_in_use_is_made_anew(store: SqliteStore, file: Path, files: str) -> None:
    await store.open()
    await put_all(store.inbox, message("lost"))
    for each in file.parent.glob(files):
        each.unlink()
    assert await store.log.length("s") == 0
    assert await store.inbox.put(message("kept"))
    await store.check()
    other = SqliteStore(file)
    assert await drained(other.inbox) == ["kept"], "it is in the file, not in the deleted one"
    await other.close()


async def test_a_file_replaced_while_in_use_is_read_from_then_on(store: SqliteStore, file: Path) -> None:
    backup = SqliteStore(file.with_name("backup.sqlite3"))
    await put_all(backup.inbox, message("from the backup"))
    await backup.close()
    await store.open()
    await put_all(store.inbox, message("lost"))
    await store.close()
    used = SqliteStore(file)
    await used.open()
    file.with_name("backup.sqlite3").replace(file)
    assert await drained(used.inbox) == ["from the backup"]
    await used.close()
