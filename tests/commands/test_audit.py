import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import __version__
from bot.commands import audit_lines
from bot.core.choices import Choice
from bot.core.comments import COMMENTS, Comment
from bot.core.messages import Incoming
from bot.core.recorded import recorded
from bot.core.state import Store
from tests.commands.conftest import Coach, Result
from tests.commands.deciding import Said, append, decide
from tests.fakes import small_app

LETTER = "our offer is 4 million"


def lines(result: Result) -> list[dict[str, Any]]:
    """What lies between the first line and the last."""
    assert (result.status, result.err) == (0, "")
    _, *between, end = map(json.loads, result.out.splitlines())
    assert end == {"kind": "end", "lines": len(between), "unread": 0}
    return between


def given_up(folder: Path, count: int = 1) -> None:
    async def put(store: Store) -> None:
        await store.open()
        for number in range(count):
            message = Incoming(id=f"slack:Ev{number}", person="slack:T1/U1", thread=f"{number}", text=LETTER)
            await store.inbox.put(message)
            leased = await store.inbox.lease(wait=0)
            assert leased
            await store.inbox.bury(leased, "ValueError in ask.py:71", "the answer")
        await store.close()

    asyncio.run(put(small_app(folder).store))


def commented(folder: Path, comment: Comment) -> None:
    async def add(store: Store) -> None:
        await store.open()
        length = await store.log.length(COMMENTS)
        await store.log.append(COMMENTS, recorded(comment), expected=length)
        await store.close()

    asyncio.run(add(small_app(folder).store))


@pytest.fixture
def year(coach: Coach, folder: Path) -> None:
    """A move, a decision with its sentence, comments around midnight, a message given up."""
    coach("prompts", "activate", "2", "--note", "shorter answers")
    decide(small_app(folder), "r", [Said(0, Choice.KEEP, "It is so", may_show=True)])
    for second in (-1, 0, 24 * 3600 - 1, 24 * 3600):
        at = datetime(2026, 11, 30, tzinfo=UTC) + timedelta(seconds=second)
        commented(folder, Comment(id=f"{second}", at=at, reaction="down", text="leaves hold water, it said"))
    given_up(folder)


@pytest.mark.usefixtures("year")
def test_who_did_what_is_told_without_what_was_written(coach: Coach) -> None:
    result = coach("audit")
    header = json.loads(result.out.splitlines()[0])
    assert header | {"made_at": ""} == {
        "kind": "field-coach-audit",
        "version": 1,
        "program": __version__,
        "from": None,
        "to": None,
        "made_at": "",
    }
    told = lines(result)
    moved = next(line for line in told if line.get("did") == "activated" and line["version"] == 2)
    assert moved | {"at": ""} == {
        "kind": "version",
        "at": "",
        "by": "local",
        "did": "activated",
        "version": 2,
        "replaces": 1,
        "forced": False,
        "note": "shorter answers",
    }
    (decision,) = [line for line in told if line["kind"] == "decision"]
    assert decision | {"at": ""} == {
        "kind": "decision",
        "at": "",
        "lesson": "roof-care",
        "row": 1,
        "dont_say": "This roof never leaks",
        "choice": "keep",
        "reason": "It is so",
        "prompt_version": 2,
        "engine": "lessons",
    }
    comments = [line for line in told if line["kind"] == "comment"]
    assert comments[0] == {
        "kind": "comment",
        "at": "2026-11-29T23:59:59+00:00",
        "reaction": "down",
        "characters": 26,
    }
    (letter,) = [line for line in told if line["kind"] == "given up"]
    assert letter | {"at": ""} == {
        "kind": "given up",
        "at": "",
        "id": "slack:Ev0",
        "channel": "terminal",
        "reason": "ValueError in ask.py:71",
    }
    for words in (LETTER, "the answer", "leaves hold water", "slack:T1/U1", "never leaks.", "Give the best line"):
        assert words not in result.out


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("days", "count"),
    [
        (["--from", "2026-11-30", "--to", "2026-11-30"], 2),
        (["--from", "2026-11-29", "--to", "2026-11-30"], 3),
        (["--to", "2026-11-29"], 1),
        (["--from", "2026-12-01"], 1),
        (["--from", "0001-01-01", "--to", "9999-12-31"], 4),
    ],
)
def test_days_are_utc_and_both_ends_are_among_them(coach: Coach, days: list[str], count: int) -> None:
    assert [line["kind"] for line in lines(coach("audit", *days))].count("comment") == count


@pytest.mark.usefixtures("year")
def test_what_happened_on_other_days_is_left_out(coach: Coach) -> None:
    assert lines(coach("audit", "--to", "2020-01-01")) == []


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["--from", "2026-13-01"], "--from is '2026-13-01': write a day such as 2026-11-30"),
        (["--to", "20261101"], "--to is '20261101': write a day such as 2026-11-30"),
        (["--to", ""], "--to is '': write a day such as 2026-11-30"),
        (["--from", "2026-11-02", "--to", "2026-11-01"], "--from (2026-11-02) is after --to (2026-11-01)"),
    ],
)
def test_days_that_are_none_are_one_line(coach: Coach, days: list[str], told: str) -> None:
    assert told in coach("audit", *days).refused


@pytest.mark.usefixtures("year")
def test_a_file_holds_what_standard_output_would(coach: Coach, tmp_path: Path) -> None:
    printed = coach("audit").out.splitlines()
    result = coach("audit", "--out", "a.jsonl")
    assert (result.status, result.out) == (0, f"Wrote {len(printed) - 2} lines to a.jsonl\n")
    assert (tmp_path / "a.jsonl").read_text().splitlines()[1:] == printed[1:]
    assert "cannot write nowhere/a.jsonl" in coach("audit", "--out", "nowhere/a.jsonl").refused


def test_entries_of_a_newer_program_are_counted_and_told(coach: Coach, folder: Path) -> None:
    append(small_app(folder), "from the future")
    result = coach("audit")
    assert result.status == 0
    assert json.loads(result.out.splitlines()[-1])["unread"] == 1
    assert result.err == (
        "coach: left out, since only a newer Field Coach can read them: 1 record; upgrade the program\n"
    )


def test_messages_given_up_are_read_in_pieces(coach: Coach, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_lines, "PAGE", 2)
    given_up(folder, 5)
    told = [line["id"] for line in lines(coach("audit")) if line["kind"] == "given up"]
    assert told == [f"slack:Ev{number}" for number in range(5)]


def test_a_control_character_in_a_note_is_escaped(coach: Coach) -> None:
    coach("prompts", "activate", "2", "--note", "wipe \x1b[2J")
    assert "\x1b" not in coach("audit").out
