"""The embedded store as the doctor sees it: told, and left exactly as it is."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.state import StoreAwayError
from bot.doctor import inbox, sqlite_file
from bot.doctor.examining import Once
from bot.doctor.finding import State
from bot.doctor.kept import FRESH, Kept, read_kept
from bot.settings import Settings
from bot.stores.opening import FILE
from bot.stores.sqlite.looking import KNOWN, SqliteLook
from bot.stores.sqlite.schema import MIGRATIONS, migrate
from bot.stores.sqlite.store import SqliteStore
from tests.doctor.keeping import everything, give_up
from tests.doctor.saying import only, told, worst


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings.model_validate({"coach_data_dir": folder})


async def filled(folder: Path) -> SqliteStore:
    store = SqliteStore(folder / FILE)
    await store.open()
    await give_up(store, dead=2, waiting=1)
    return store


async def test_before_the_first_start_nothing_is_made(folder: Path, settings: Settings) -> None:
    findings = await sqlite_file.check(settings)
    assert not worst(findings)
    assert findings[0].says.endswith("the first start makes it")
    assert await read_kept(settings) == FRESH
    assert not folder.exists()
    folder.mkdir()
    assert (await sqlite_file.check(settings))[0].says == f"SQLite; {FILE} is not there yet, the first start makes it"
    assert everything(folder) == {}


@pytest.mark.parametrize("is_open", [True, False])
async def test_a_store_is_read_and_nothing_of_it_changes_whether_a_server_runs_or_not(
    folder: Path, settings: Settings, is_open: bool
) -> None:
    store = await filled(folder)
    if not is_open:
        await store.close()
    before = everything(folder)
    findings = await sqlite_file.check(settings)
    kept = await read_kept(settings)
    # A reader's mark in the shared memory of the log is no change of what is kept.
    after = everything(folder)
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name] and not name.endswith("-shm")] == []
    await store.close()
    assert told(findings)[0] == (
        State.OK,
        f"SQLite; {FILE} can be written to, schema {KNOWN}, with a write-ahead log",
    )
    assert kept
    assert (kept.depth.dead, kept.depth.waiting) == (2, 1)


async def test_a_server_goes_on_writing_while_the_doctor_looks(folder: Path) -> None:
    store = await filled(folder)
    look = SqliteLook(folder / FILE)
    assert (await look.inbox.depth()).dead == 2
    await store.log.append("s", "entry", expected=0)
    await store.check()
    assert await look.log.read("s", limit=9) == ("entry",)
    with pytest.raises(StoreAwayError):
        await look.log.append("s", "another", expected=1)
    await look.close()
    await store.close()


async def test_a_store_that_a_writer_holds_is_read_all_the_same(folder: Path, settings: Settings) -> None:
    store = await filled(folder)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not worst(await sqlite_file.check(settings))
        other.execute("ROLLBACK")
    await store.close()


async def test_an_older_schema_is_told_and_not_migrated(folder: Path, settings: Settings) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1], file=folder / FILE)
    before = everything(folder)
    (finding, _) = await sqlite_file.check(settings)
    assert finding.state is State.UNSURE
    assert f"schema 1 of {KNOWN}, which the next start brings it to" in finding.says
    kept = await read_kept(settings)
    assert kept == FRESH
    assert everything(folder) == before


def no_database(file: Path) -> None:
    file.write_bytes(b"no database" * 1_000)


def another_programs(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE theirs (a)")


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migrate(connection, [*MIGRATIONS, ("CREATE TABLE more (a)",)], file=file)


@pytest.mark.parametrize(
    ("make", "says", "mend"),
    [
        (no_database, "is no database", "restore it from a backup"),
        (another_programs, "is another program's database", "move it away"),
        (newer, f"was written by a newer Field Coach (schema {KNOWN + 1}, this one knows {KNOWN})", "upgrade"),
        (Path.mkdir, "is no file", "name another COACH_DATA_DIR"),
    ],
)
async def test_a_file_that_cannot_be_used_is_told_without_its_place(
    folder: Path, settings: Settings, make: Callable[[Path], None], says: str, mend: str
) -> None:
    folder.mkdir()
    make(folder / FILE)
    before = everything(folder)
    problem = only(await sqlite_file.check(settings))
    assert says in problem.says
    assert problem.mend.startswith(mend)
    assert str(folder) not in problem.says + problem.mend
    kept = Once[Kept | None](lambda: read_kept(settings))
    (finding,) = await inbox.check(kept)
    assert finding.says == "not counted: the store cannot be read"
    assert everything(folder) == before


async def test_a_folder_that_is_a_file_is_told(folder: Path, settings: Settings) -> None:
    folder.write_text("not a folder")
    assert only(await sqlite_file.check(settings)).says == "COACH_DATA_DIR is no folder"


async def test_a_folder_that_cannot_be_written_to_is_told(folder: Path, settings: Settings) -> None:
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("root writes anywhere")
    assert "cannot be written to" in only(await sqlite_file.check(settings)).says


async def test_little_room_on_the_disk_is_a_problem(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "LEAST_ROOM", 1 << 60)
    assert only(await sqlite_file.check(settings)).mend == "make room on the disk"


async def test_what_was_given_up_is_a_problem_and_nobodys_name_is_told(folder: Path, settings: Settings) -> None:
    await (await filled(folder)).close()
    waits, given_up = await inbox.check(Once[Kept | None](lambda: read_kept(settings)))
    assert (waits.state, waits.says) == (State.OK, "1 waiting, 0 being answered")
    assert (given_up.state, given_up.says) == (State.PROBLEM, "2 given up, unanswered")
    assert "coach inbox" in given_up.mend
    assert "DANA" not in f"{waits}{given_up}"


async def test_a_message_that_nobody_answers_is_a_problem(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await filled(folder)).close()
    monkeypatch.setattr(inbox, "LONG", -1.0)
    waits, _ = await inbox.check(Once[Kept | None](lambda: read_kept(settings)))
    assert waits.state is State.PROBLEM
    assert "coach serve" in waits.mend
