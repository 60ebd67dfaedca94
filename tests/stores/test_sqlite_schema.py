"""The SQLite file's schema: made once, migrated step by step, refused when it is another's or newer."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.state import StoreAwayError
from bot.stores.sqlite.message_rows import FALL_DUE, LAST_TURN, PLACE, TO_LEASE
from bot.stores.sqlite.schema import MIGRATIONS, migrate
from bot.stores.sqlite.store import SqliteStore
from tests.stores.processes import taken_in_by_processes
from tests.stores.saying import drained, leased, message, put_all

KNOWN = len(MIGRATIONS)
NEWER = (*MIGRATIONS, ("ALTER TABLE pulse ADD COLUMN added TEXT", "CREATE TABLE added (one TEXT)"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "coach.sqlite3"


@pytest.fixture
def database(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        yield database


def version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


async def refusal(file: Path) -> str:
    store = SqliteStore(file)
    with pytest.raises(StoreAwayError) as caught:
        await store.open()
    await store.close()
    return str(caught.value)


async def test_processes_that_start_at_once_on_no_file_make_it_together(file: Path) -> None:
    taken = await asyncio.to_thread(taken_in_by_processes, f"sqlite:{file}", id_="1", processes=6, times=1)
    assert taken == 1
    store = SqliteStore(file)
    assert await drained(store.inbox) == ["1"]
    await store.close()


async def test_an_older_file_is_migrated_and_keeps_what_it_holds(file: Path, database: sqlite3.Connection) -> None:
    store = SqliteStore(file)
    await put_all(store.inbox, message("1"))
    await store.close()
    migrate(database, NEWER, file=file)
    migrate(database, NEWER, file=file)
    assert version(database) == KNOWN + 1
    assert database.execute("SELECT count(*) FROM added").fetchone() == (0,)
    assert database.execute("SELECT id FROM message").fetchall() == [("1",)]


async def test_a_file_from_before_there_were_records_keeps_its_messages_and_takes_records(
    file: Path, database: sqlite3.Connection
) -> None:
    migrate(database, MIGRATIONS[:1], file=file)
    database.execute(
        "INSERT INTO message (id, thread, person, channel, body, state, head, at, ready_at)"
        """ VALUES ('1', 't', 'ann', 'web', '{"id": "1", "person": "ann", "thread": "t", "text": "gutters?"}',"""
        " 'waiting', 1, 0, 0)"
    )
    store = SqliteStore(file)
    await store.open()
    assert await store.records.write("r", "body", person="ann", expected=0, lasts=60)
    assert (await leased(store.inbox)).message == message("1", thread="t")
    await store.close()
    assert version(database) == KNOWN
    assert database.execute("SELECT id, person, revision, body FROM record").fetchall() == [("r", "ann", 1, b"body")]


async def test_a_file_from_before_there_were_turns_is_given_in_the_order_in_which_it_was_put(
    file: Path, database: sqlite3.Connection
) -> None:
    migrate(database, MIGRATIONS[:2], file=file)

    def put(id_: str, thread: str, at: float, *, state: str = "waiting", head: int = 1, ready_at: float = 0.0) -> None:
        body = f'{{"id": "{id_}", "person": "ann", "thread": "{thread}", "text": "gutters?"}}'
        database.execute(
            "INSERT INTO message (id, thread, person, channel, body, state, head, at, ready_at)"
            " VALUES (?, ?, 'ann', 'terminal', ?, ?, ?, ?, ?)",
            (id_, thread, body, state, head, at, ready_at),
        )

    put("fails", "a", 1.0, ready_at=500.0)
    put("leased", "b", 2.0, state="leased", ready_at=400.0)
    put("behind", "b", 3.0, head=0)
    put("first", "c", 4.0)
    now = 300.0
    store = SqliteStore(file, clock=lambda: now)
    assert await drained(store.inbox) == ["first"]
    await put_all(store.inbox, message("new", thread="d", person="bob"), message("late", thread="e"))
    assert await store.inbox.place("late") == 4
    now = 500.0
    assert await drained(store.inbox) == ["fails", "leased", "behind", "new", "late"]
    await store.close()


@pytest.mark.parametrize(
    ("statement", "values", "last"),
    [
        # It ends at the first row.
        (TO_LEASE, (0,), "SCAN message USING INDEX message_to_lease"),
        (FALL_DUE, (0, 100), "SEARCH message USING INDEX message_to_fall_due (ready_at<?)"),
        (LAST_TURN, ("ann", 0), "SEARCH message USING INDEX message_of_person (person=? AND turn>?)"),
        (PLACE, ("1",), "SEARCH message USING COVERING INDEX message_waiting (turn<?)"),
    ],
    ids=["lease", "fall due", "last turn", "place"],
)
def test_no_lease_put_or_place_looks_at_more_messages_than_it_must(
    file: Path, database: sqlite3.Connection, statement: str, values: tuple[object, ...], last: str
) -> None:
    migrate(database, MIGRATIONS, file=file)
    plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert plan[-1] == last
    assert not any("TEMP B-TREE" in line for line in plan), plan


def test_a_migration_that_fails_half_way_leaves_the_file_as_it_was(file: Path, database: sqlite3.Connection) -> None:
    migrate(database, MIGRATIONS, file=file)
    broken = (*MIGRATIONS, ("CREATE TABLE half (one TEXT)", "no statement"))
    with pytest.raises(sqlite3.OperationalError):
        migrate(database, broken, file=file)
    assert version(database) == KNOWN
    migrate(database, NEWER, file=file)
    assert database.execute("SELECT name FROM sqlite_schema WHERE name = 'half'").fetchall() == []


async def test_a_file_of_a_newer_program_is_refused_and_left_alone(file: Path, database: sqlite3.Connection) -> None:
    migrate(database, NEWER, file=file)
    assert await refusal(file) == (
        f"{file} was written by a newer Field Coach (schema {KNOWN + 1}, this one knows {KNOWN}): "
        "upgrade the program, or name another COACH_DATA_DIR"
    )
    assert version(database) == KNOWN + 1


@pytest.mark.parametrize(
    "made_by",
    ["CREATE TABLE songs (title TEXT)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"],
)
async def test_another_programs_database_is_refused_and_left_alone(
    file: Path, database: sqlite3.Connection, made_by: str
) -> None:
    database.execute(made_by)
    before = file.read_bytes()
    assert await refusal(file) == (
        f"{file} is another program's database: move it away, or name another COACH_DATA_DIR"
    )
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


async def test_an_empty_file_is_taken_for_no_file(file: Path) -> None:
    file.touch()
    store = SqliteStore(file)
    await store.open()
    await store.check()
    await store.close()
