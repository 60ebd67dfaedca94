"""What the SQLite file and its logs hold after text was erased, byte by byte, and what they hold that is unreadable."""

import logging
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.state import StoreAwayError
from bot.stores.sqlite.store import SqliteStore
from tests.stores.saying import drained, leased, message, put_all, turn

MARKER = b"zinc-flashing"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "coach.sqlite3"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(file, busy_seconds=0.2)
    await store.open()
    yield store
    await store.close()


def found(file: Path) -> set[str]:
    """Names the files that hold the marker."""
    return {each.name for each in file.parent.iterdir() if MARKER in each.read_bytes()}


async def test_an_ended_messages_text_leaves_the_log_as_soon_as_there_is_nothing_to_do(
    store: SqliteStore, file: Path
) -> None:
    await put_all(store.inbox, message("1", text=MARKER.decode()), message("2"))
    await store.inbox.done(await leased(store.inbox))
    assert found(file) == {"coach.sqlite3-wal"}, "or there is nothing to see here"
    assert await drained(store.inbox) == ["2"]
    assert found(file) == set()


async def test_an_ended_messages_text_leaves_the_file_where_it_had_come_to_be(store: SqliteStore, file: Path) -> None:
    await put_all(store.inbox, message("1", text=MARKER.decode() * 500), message("2"))
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found(file) == {"coach.sqlite3"}
    assert await drained(store.inbox) == ["1", "2"]
    assert found(file) == set()


async def test_closing_leaves_no_log_behind_that_holds_erased_text(store: SqliteStore, file: Path) -> None:
    await store.check()
    other = SqliteStore(file)
    await put_all(other.inbox, message("1", text=MARKER.decode()))
    await other.inbox.done(await leased(other.inbox))
    assert found(file) == {"coach.sqlite3-wal"}
    await other.close()
    assert found(file) == set(), "although another still has the file open"


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_of_a_forgotten_person_is_left_among_thousands_of_rows(
    store: SqliteStore, file: Path, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    for number in range(600):
        mine = dice.random() < 0.3
        person, words = ("wilhelmina", MARKER.decode()) if mine else (f"p{number % 7}", "gutters")
        text = f"{words} " * dice.choice([1, 5, 50, 200, 900])
        await store.inbox.put(message(f"{number}", thread=f"t{dice.randrange(150)}", person=person, text=text))
        await store.threads.append(f"t{dice.randrange(50)}", turn(f"{number}", person=person, question=text))
        await store.records.write(f"r{dice.randrange(50)}", text, person=person, expected=0, lasts=60)
        overwritten = f"r{dice.randrange(50)}"
        if record := await store.records.read(overwritten):
            await store.records.write(overwritten, text, person=person, expected=record.revision, lasts=60)
        lease = await store.inbox.lease(wait=0)
        assert lease
        reply = MARKER.decode() * 40 if lease.message.person == "wilhelmina" else "ok"
        match dice.randrange(4):
            case 0:
                await store.inbox.bury(lease, reply, reply)
            case 1:
                await store.inbox.release(lease)
            case _:
                await store.inbox.done(lease, reply)
    assert await store.inbox.forget("wilhelmina") > 0
    assert await store.threads.forget("wilhelmina") > 0
    assert await store.records.forget("wilhelmina") > 0
    assert found(file) == set()
    assert not any(b"wilhelmina" in each.read_bytes() for each in file.parent.iterdir())


async def test_a_forgotten_record_leaves_the_file_and_its_log(store: SqliteStore, file: Path) -> None:
    await store.records.write("1", MARKER.decode() * 5_000, person="ann", expected=0, lasts=60)
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await store.records.write("1", f"{MARKER.decode()} again", person="ann", expected=1, lasts=60)
    assert found(file) == {"coach.sqlite3", "coach.sqlite3-wal"}
    assert await store.records.forget("ann") == 1
    assert found(file) == set()


async def test_an_expired_record_leaves_the_file_and_its_log_when_there_is_nothing_to_do(file: Path) -> None:
    now = 1_800_000_000.0
    store = SqliteStore(file, clock=lambda: now)
    await store.records.write("1", MARKER.decode() * 5_000, person="ann", expected=0, lasts=60)
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await store.records.write("2", MARKER.decode(), person="ann", expected=0, lasts=60)
    assert found(file) == {"coach.sqlite3", "coach.sqlite3-wal"}
    now += 60
    assert await store.inbox.lease(wait=0) is None
    assert found(file) == set()
    await store.close()


async def test_forgetting_that_a_reader_hinders_says_so_and_is_done_when_asked_again(
    store: SqliteStore, file: Path
) -> None:
    await put_all(store.inbox, message("1", text=MARKER.decode()))
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM message").fetchone()
        with pytest.raises(StoreAwayError, match="its log is being read"):
            await store.inbox.forget("ann")
        reader.execute("ROLLBACK")
    assert await store.inbox.forget("ann") == 0
    assert found(file) == set()


async def test_a_message_that_this_program_cannot_read_becomes_a_dead_letter_and_holds_up_nobody(
    store: SqliteStore, file: Path
) -> None:
    await put_all(store.inbox, message("1"), message("2"))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute('UPDATE message SET body = \'{"id": "1", "meant": "song"}\' WHERE id = \'1\'')
    assert await drained(store.inbox) == ["2"]
    (letter,) = await store.inbox.dead(limit=10)
    assert letter.id == "1"
    assert letter.reason == (
        "the message cannot be read: not of a shape that this program reads: person, thread, text, meant"
    )


async def test_a_turn_that_this_program_cannot_read_is_passed_over_and_logged(
    store: SqliteStore, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await store.threads.append("t", turn("1"))
    await store.threads.append("t", turn("2"))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE turn SET body = 'no turn' WHERE id = '1'")
    with caplog.at_level(logging.WARNING):
        assert await store.threads.recent("t") == (turn("2"),)
    assert "the turn 1 is passed over: not JSON" in caplog.text
    assert await store.threads.react("t", "1", person="ann", reaction="up") is None
