"""The prompts folder: what is new in it is published at a start, and what must not be is refused with the mend."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.core.state import Store
from bot.prompts.document import MAX_CHARACTERS
from bot.prompts.folder import MAX_FILES, PromptFolderError, publish_folder
from bot.prompts.standing import Standing
from tests.prompts.replicas import Replica, prompt_file, replica, trail

FIRST, SECOND = prompt_file("First."), prompt_file("Second.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    folder.mkdir()
    return folder


@pytest.fixture
def one(store: Store) -> Replica:
    return replica(store.log, store.counters)


def fill(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


async def started(folder: Path, at: Replica) -> Standing:
    await publish_folder(folder, at.registry)
    return await at.history.standing()


async def refusal(folder: Path, at: Replica) -> str:
    with pytest.raises(PromptFolderError) as caught:
        await publish_folder(folder, at.registry)
    return str(caught.value)


async def test_the_first_start_publishes_the_files_and_makes_the_lowest_live(folder: Path, one: Replica) -> None:
    fill(folder, {"0002.md": SECOND, "0001.md": FIRST, "README.md": "no prompt", "1.md": "nor this", "0003.md~": ""})
    standing = await started(folder, one)
    assert {number: version.file for number, version in standing.versions.items()} == {1: "0001.md", 2: "0002.md"}
    assert (standing.live, standing.previous) == (1, None)
    assert {version.by for version in standing.versions.values()} == {"start"}


async def test_a_start_with_nothing_new_appends_nothing(folder: Path, one: Replica, store: Store) -> None:
    fill(folder, {"0001.md": FIRST})
    before = (await started(folder, one)).length
    fill(folder, {"0001.md": FIRST.replace("\n", "\r\n")})
    assert (await started(folder, replica(store.log, store.counters))).length == before


async def test_a_new_file_is_published_and_does_not_become_live(folder: Path, one: Replica) -> None:
    fill(folder, {"0001.md": FIRST})
    await started(folder, one)
    fill(folder, {"0002.md": SECOND})
    standing = await started(folder, one)
    assert sorted(standing.versions) == [1, 2]
    assert standing.live == 1


async def test_a_published_file_that_was_changed_is_refused_and_the_mend_is_named(folder: Path, one: Replica) -> None:
    fill(folder, {"0001.md": FIRST})
    before = await started(folder, one)
    fill(folder, {"0001.md": SECOND, "0002.md": prompt_file("Third.")})
    assert await refusal(folder, one) == (
        f"{folder / '0001.md'}: 0001.md differs from version 1, which was published from it and never changes: put it "
        "back as it was, and save the new words in a file of the next free number"
    )
    assert await one.history.standing() == before


async def test_a_file_whose_number_an_admin_has_taken_gets_the_next_one(folder: Path, one: Replica) -> None:
    fill(folder, {"0001.md": FIRST})
    await started(folder, one)
    await one.registry.publish("ann", prompt_file("From chat."), "shorter")
    fill(folder, {"0002.md": SECOND})
    standing = await started(folder, one)
    assert {number: version.file for number, version in standing.versions.items()} == {
        1: "0001.md",
        2: None,
        3: "0002.md",
    }
    assert (await started(folder, one)).length == standing.length, "it is known by its name from then on"


async def test_a_file_that_an_admin_published_under_its_number_is_that_version(folder: Path, one: Replica) -> None:
    fill(folder, {"0001.md": FIRST})
    await started(folder, one)
    await one.registry.publish("ann", SECOND, "from chat, then saved")
    before = await one.history.standing()
    fill(folder, {"0002.md": SECOND})
    assert await started(folder, one) == before


async def test_numbers_may_have_gaps_and_the_lowest_there_is_becomes_live(folder: Path, one: Replica) -> None:
    fill(folder, {"0002.md": FIRST, "0007.md": SECOND})
    standing = await started(folder, one)
    assert (sorted(standing.versions), standing.live) == ([2, 7], 2)
    published, _ = await one.registry.publish("ann", prompt_file("Third."), "next")
    assert published.version == 8


async def test_a_lower_number_that_comes_later_gets_the_next_one(folder: Path, one: Replica) -> None:
    fill(folder, {"0002.md": SECOND})
    await started(folder, one)
    fill(folder, {"0001.md": FIRST})
    standing = await started(folder, one)
    assert standing.versions[3].file == "0001.md"
    assert standing.live == 2


async def test_without_a_folder_or_files_nothing_is_published(folder: Path, one: Replica) -> None:
    assert (await started(folder / "none", one)).length == 0
    assert (await started(folder, one)).length == 0


async def test_two_replicas_that_start_at_once_publish_once(folder: Path, store: Store) -> None:
    fill(folder, {"0001.md": FIRST, "0002.md": SECOND})
    replicas = [replica(store.log, store.counters) for _ in range(5)]
    await asyncio.gather(*(publish_folder(folder, each.registry) for each in replicas))
    assert [entry.kind for entry in await trail(store.log)].count("published") == 2
    assert [entry.kind for entry in await trail(store.log)].count("activated") == 1


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"Answer.", "it does not begin with front matter"),
        (FIRST.encode("utf-16"), "is not UTF-8 text: save it as UTF-8"),
        (b"x" * (MAX_CHARACTERS + 1), "it has 100,001 characters; at most 100,000 are taken"),
        (FIRST.encode() + "€".encode() * 140_000, "it is too long: at most 100,000 characters are taken"),
    ],
)
async def test_a_file_that_is_no_prompt_is_named_and_nothing_is_published(
    folder: Path, one: Replica, content: bytes, line: str
) -> None:
    fill(folder, {"0001.md": SECOND})
    (folder / "0002.md").write_bytes(content)
    said = await refusal(folder, one)
    assert said.startswith(f"{folder / '0002.md'}")
    assert line in said
    assert (await one.history.standing()).length == 0


async def test_what_cannot_be_read_is_named_with_the_reason(folder: Path, one: Replica) -> None:
    (folder / "0001.md").mkdir()
    assert re.fullmatch(r"cannot read .*0001\.md: Is a directory", await refusal(folder, one))
    (folder / "file").touch()
    assert await refusal(folder / "file", one) == f"cannot read {folder / 'file'}: Not a directory"


async def test_a_folder_of_too_many_files_is_refused(folder: Path, one: Replica) -> None:
    fill(folder, {f"{number:04}.md": "" for number in range(MAX_FILES + 1)})
    assert await refusal(folder, one) == f"{folder} holds 2,001 prompt files; at most 2,000 are published"
