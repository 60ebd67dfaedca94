import asyncio
import json
import re
from pathlib import Path

import pytest

from bot.core.messages import Incoming
from bot.core.state import Store
from tests.commands.conftest import Coach
from tests.fakes import small_app

WORDS = "our offer is 4 million"


def fill(folder: Path, *, dead: int = 0, waiting: int = 0) -> None:
    """Puts messages into the inbox and gives the first of them up."""

    async def put(store: Store) -> None:
        await store.open()
        try:
            for number in range(dead + waiting):
                message = Incoming(id=f"slack:Ev{number}", person="slack:T1/U1", thread=f"{number}", text=WORDS)
                await store.inbox.put(message)
            for _ in range(dead):
                leased = await store.inbox.lease(wait=0)
                assert leased
                await store.inbox.bury(leased, "ValueError in ask.py:71")
        finally:
            await store.close()

    asyncio.run(put(small_app(folder).store))


def depths(coach: Coach) -> tuple[int, int]:
    told = json.loads(coach("inbox", "--json").out)
    return told["waiting"], told["dead"]


def test_an_empty_inbox_is_one_line(coach: Coach) -> None:
    result = coach("inbox")
    assert (result.status, result.out, result.err) == (0, "0 waiting, 0 being answered, 0 given up.\n", "")


def test_what_was_given_up_is_shown_with_its_reason_and_without_its_text(coach: Coach, folder: Path) -> None:
    fill(folder, dead=2, waiting=1)
    shown = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", coach("inbox").out)
    assert shown.splitlines() == [
        "1 waiting, 0 being answered, 2 given up; the oldest came just now.",
        "",
        "slack:Ev0",
        "  ValueError in ask.py:71",
        "  1 attempt, given up just now, TIME UTC, slack:T1/U1",
        "",
        "slack:Ev1",
        "  ValueError in ask.py:71",
        "  1 attempt, given up just now, TIME UTC, slack:T1/U1",
    ]
    told = coach("inbox", "--json").out
    assert WORDS not in shown + told
    assert json.loads(told)["letters"][0] | {"at": ""} == {
        "id": "slack:Ev0",
        "person": "slack:T1/U1",
        "channel": "terminal",
        "attempts": 1,
        "reason": "ValueError in ask.py:71",
        "at": "",
    }


def test_a_flood_is_cut_short(coach: Coach, folder: Path) -> None:
    fill(folder, dead=101)
    shown = coach("inbox").out
    assert "101 given up" in shown
    assert "slack:Ev100\n" not in shown
    assert shown.endswith("Shown are the 100 oldest.\n")


def test_a_message_is_put_back_by_its_id(coach: Coach, folder: Path) -> None:
    fill(folder, dead=3)
    assert coach("inbox", "retry", "slack:Ev1").out == "1 message put back.\n"
    assert depths(coach) == (1, 2)


def test_every_message_is_put_back(coach: Coach, folder: Path) -> None:
    fill(folder, dead=3)
    assert coach("inbox", "retry", "--all").out == "3 messages put back.\n"
    assert depths(coach) == (3, 0)
    assert coach("inbox", "retry", "--all").out == "0 messages put back.\n"


def test_an_id_that_is_unknown_is_one_line_and_the_others_are_put_back(coach: Coach, folder: Path) -> None:
    fill(folder, dead=1, waiting=1)
    told = "no message of this id was given up: slack:Ev1, x\\x1b; `coach inbox` shows those there are"
    assert coach("inbox", "retry", "slack:Ev1", "x\x1b").refused == told
    result = coach("inbox", "retry", "slack:Ev0", "slack:Ev1", "x\x1b")
    assert (result.status, result.out, result.err) == (2, "1 message put back.\n", f"coach: {told}\n")


def test_messages_are_erased_by_their_ids_and_one_that_is_unknown_is_one_line(coach: Coach, folder: Path) -> None:
    fill(folder, dead=4, waiting=1)
    assert coach("inbox", "discard", "slack:Ev1", "slack:Ev2", "slack:Ev1").out == "2 messages erased.\n"
    assert depths(coach) == (1, 2)
    told = "no message of this id was given up: slack:Ev4, slack:Ev1; `coach inbox` shows those there are"
    result = coach("inbox", "discard", "slack:Ev0", "slack:Ev4", "slack:Ev1")
    assert (result.status, result.out, result.err) == (2, "1 message erased.\n", f"coach: {told}\n")
    assert depths(coach) == (1, 1)
    assert "Missing argument 'ID...'" in coach("inbox", "discard").refused


@pytest.mark.parametrize("arguments", [[], ["a", "--all"]])
def test_ids_or_all_must_be_given_and_not_both(coach: Coach, arguments: list[str]) -> None:
    assert "give the ids of messages, or --all" in coach("inbox", "retry", *arguments).refused


def test_neither_lessons_nor_prompt_files_are_needed(coach: Coach, folder: Path) -> None:
    (folder / "roof-care.md").unlink()
    (small_app(folder).prompts_dir / "0001.md").write_text("broken")
    assert coach("inbox").status == 0
