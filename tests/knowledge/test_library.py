import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.library import RESCAN_SECONDS, FolderLibrary

Write = Callable[[str, str], None]


class Clock:
    """A clock and a calendar that tests turn."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.day = date(2026, 6, 1)

    def past_the_next_scan(self) -> None:
        self.seconds += RESCAN_SECONDS


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "knowledge").mkdir()
    return tmp_path / "knowledge"


@pytest.fixture
def library(folder: Path, clock: Clock) -> FolderLibrary:
    return FolderLibrary(folder, today=lambda: clock.day, clock=lambda: clock.seconds)


@pytest.fixture
def write(folder: Path, clock: Clock) -> Write:
    def write(name: str, text: str) -> None:
        (folder / name).write_text(text)
        clock.past_the_next_scan()

    return write


async def ids(library: FolderLibrary) -> list[str]:
    return [lesson.id for lesson in (await library.current()).lessons]


async def text_of(library: FolderLibrary) -> str:
    return " ".join(passage.text for passage in (await library.current()).passages)


async def test_lessons_come_by_order_then_name(library: FolderLibrary, write: Write) -> None:
    write("b.md", "B.")
    write("c.md", "---\norder: -1\n---\n\nC.")
    write("a.md", "A.")
    write("README.md", "Not a lesson.")
    write("_draft.md", "Not yet.")
    write(".hidden.md", "Not at all.")
    write("notes.txt", "Not Markdown.")
    assert await ids(library) == ["c", "a", "b"]


async def test_a_change_is_in_force_after_the_rescan_time_and_not_before(
    library: FolderLibrary, folder: Path, clock: Clock
) -> None:
    (folder / "a.md").write_text("Old words.")
    assert await text_of(library) == "Old words."
    (folder / "a.md").write_text("New words.")
    clock.seconds += RESCAN_SECONDS / 2
    assert await text_of(library) == "Old words."
    clock.seconds += RESCAN_SECONDS / 2
    assert await text_of(library) == "New words."


async def test_a_file_replaced_by_one_of_the_same_size_and_time_is_seen(
    library: FolderLibrary, folder: Path, write: Write, clock: Clock
) -> None:
    write("a.md", "Old words.")
    assert await text_of(library) == "Old words."
    status = (folder / "a.md").stat()
    (folder / "a.md").write_text("New words.")
    os.utime(folder / "a.md", ns=(status.st_atime_ns, status.st_mtime_ns))
    clock.past_the_next_scan()
    assert await text_of(library) == "New words."


async def test_the_same_snapshot_comes_back_until_something_changes(library: FolderLibrary, write: Write) -> None:
    write("a.md", "Words.")
    first = await library.current()
    write("a.md", "Words.")
    assert await library.current() is first
    write("a.md", "Other words.")
    assert await library.current() is not first


async def test_a_broken_file_keeps_its_last_good_version_and_tells_its_fault(
    library: FolderLibrary, write: Write
) -> None:
    write("a.md", "Good words.")
    write("b.md", "Other words.")
    before = await library.current()
    write("a.md", "---\norder: x\n---\n\nBroken.")
    assert await library.current() is before
    (fault,) = await library.faults()
    assert (Path(fault.file).name, fault.line) == ("a.md", 1)
    write("a.md", "Mended words.")
    assert await library.faults() == ()
    assert await text_of(library) == "Mended words. Other words."


async def test_a_file_broken_from_the_start_leaves_the_others_in_force(library: FolderLibrary, write: Write) -> None:
    write("a.md", "")
    write("b.md", "Words.")
    assert await ids(library) == ["b"]
    assert len(await library.faults()) == 1


async def test_a_deleted_file_goes_out_of_force(
    library: FolderLibrary, folder: Path, write: Write, clock: Clock
) -> None:
    write("a.md", "A.")
    write("b.md", "B.")
    assert await ids(library) == ["a", "b"]
    (folder / "a.md").unlink()
    clock.past_the_next_scan()
    assert await ids(library) == ["b"]


async def test_the_day_takes_a_lesson_in_and_out_of_force_without_a_change_of_files(
    library: FolderLibrary, write: Write, clock: Clock
) -> None:
    write("a.md", "---\neffective_from: 2026-06-02\neffective_to: 2026-06-03\n---\n\nA.")
    seen = []
    for day in (1, 2, 3, 4):
        clock.day = date(2026, 6, day)
        seen.append(await ids(library))
    assert seen == [[], ["a"], ["a"], []]
    assert [lesson.id for lesson in await library.lessons()] == ["a"]


async def test_what_is_no_file_is_a_fault_and_never_waited_for(
    library: FolderLibrary, folder: Path, write: Write
) -> None:
    (folder / "folder.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    write("a.md", "A.")
    assert await ids(library) == ["a"]
    assert {Path(fault.file).stem: fault.message for fault in await library.faults()} == {
        "folder": "cannot be read: not a regular file",
        "gone": "cannot be read: No such file or directory",
        "pipe": "cannot be read: not a regular file",
    }


async def test_a_missing_folder_is_a_fault_that_names_the_setting(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path / "nowhere")
    assert (await library.current()).lessons == ()
    (fault,) = await library.faults()
    assert str(fault).endswith("nowhere:1: No such file or directory: mend it or set COACH_KNOWLEDGE_DIR")


async def test_a_folder_that_goes_away_leaves_what_was_loaded(
    library: FolderLibrary, folder: Path, write: Write, clock: Clock
) -> None:
    write("a.md", "A.")
    assert await ids(library) == ["a"]
    folder.rename(folder.with_name("moved"))
    clock.past_the_next_scan()
    assert await ids(library) == ["a"]
    assert len(await library.faults()) == 1
