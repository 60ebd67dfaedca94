"""What decisions come to: by row, each finding once, the newest first."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.choices import Choice
from bot.core.decisions import DECISIONS, Decision, Feedback, RowFeedback, read_decision
from bot.core.log_entries import PAGE, entries_of
from bot.core.recorded import recorded
from bot.core.state import Log
from bot.stores.sqlite.store import SqliteStore
from tests.prompts.logs import PassingLog

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
TILES = "Our tiles last forever"


def decision(
    number: int,
    choice: Choice = Choice.KEEP,
    *,
    finding: str = "",
    lesson: str = "roofs",
    row: int = 2,
    dont_say: str = TILES,
    reason: str = "",
    text: str | None = None,
) -> Decision:
    return Decision(
        id=f"d{number}",
        at=MORNING + timedelta(minutes=number),
        finding=finding or f"f{number}",
        lesson=lesson,
        row=row,
        dont_say=dont_say,
        choice=choice,
        reason=reason,
        text=text,
    )


def folded(*decisions: Decision) -> Sequence[RowFeedback]:
    feedback = Feedback()
    for each in decisions:
        feedback.add(each)
    return feedback.rows()


def counts(row: RowFeedback) -> tuple[int, ...]:
    return tuple(row.counts[choice] for choice in Choice)


def test_each_row_has_what_was_decided_about_it_in_the_guides_order() -> None:
    rows = folded(
        decision(1, Choice.USE, lesson="tiles", row=1, dont_say="Cheap"),
        decision(2, Choice.KEEP, row=10, dont_say="Tight"),
        decision(3, Choice.USE),
        decision(4, Choice.USE),
        decision(5, Choice.NOT_MEANT),
    )
    assert [(row.lesson, row.row, row.dont_say, counts(row)) for row in rows] == [
        ("roofs", 2, TILES, (2, 0, 1)),
        ("roofs", 10, "Tight", (0, 1, 0)),
        ("tiles", 1, "Cheap", (1, 0, 0)),
    ]


def test_of_several_decisions_about_one_finding_the_last_one_counts() -> None:
    (row,) = folded(
        decision(1, Choice.KEEP, finding="a", reason="It is true.", text="Our tiles last forever."),
        decision(2, Choice.NOT_MEANT, finding="b"),
        decision(3, Choice.USE, finding="a"),
    )
    assert (counts(row), row.said) == ((1, 0, 1), ())


def test_what_was_said_is_the_newest_first_and_a_decision_without_a_word_is_only_counted() -> None:
    first, second, third = (
        decision(1, finding="a", reason="One."),
        decision(2, finding="b", text="Our tiles last forever."),
        decision(4, finding="a", reason="Three."),
    )
    (row,) = folded(first, second, decision(3), third)
    assert (row.said, counts(row)) == ((third, second), (0, 3, 0))


def test_a_row_that_has_moved_in_the_guide_is_one_row_and_stands_where_it_stood_last() -> None:
    (row,) = folded(decision(1, row=2), decision(2, row=5))
    assert (row.row, counts(row)) == (5, (0, 2, 0))


def test_another_row_in_the_place_of_an_older_one_is_another_row() -> None:
    assert [row.dont_say for row in folded(decision(1, dont_say="Z"), decision(2, dont_say="A"))] == ["A", "Z"]


def test_an_entry_comes_back_whatever_else_a_newer_program_keeps_in_it() -> None:
    kept = decision(1, reason="\ud800 one", text="Two.")
    assert read_decision(json.dumps({**json.loads(recorded(kept)), "mood": "gentle"})) == kept


def test_an_entry_of_an_older_program_counts_by_itself() -> None:
    older = {
        "at": "2026-03-02T08:00:00+00:00",
        "lesson": "roofs",
        "row": 2,
        "choice": "keep",
        "reason": "",
        "text": None,
    }
    read = [read_decision(json.dumps({"id": id_, **older})) for id_ in ("d1", "d2")]
    (row,) = folded(*filter(None, read))
    assert (row.dont_say, counts(row)) == ("", (0, 2, 0))


@pytest.mark.parametrize("entry", ["", "x", "[]", "{}", "null"])
def test_what_is_no_decision_is_none(entry: str) -> None:
    assert read_decision(entry) is None


def test_a_choice_that_only_a_newer_program_knows_is_none() -> None:
    assert read_decision(json.dumps({**json.loads(recorded(decision(1))), "choice": "ask me later"})) is None


class PagesCounted(PassingLog):
    """Notes how much is asked for at once."""

    def __init__(self, log: Log) -> None:
        super().__init__(log)
        self.limits: list[int] = []

    async def read(self, stream: str, *, after: int = 0, limit: int) -> tuple[str, ...]:
        self.limits.append(limit)
        return await super().read(stream, after=after, limit=limit)


async def test_the_log_is_read_page_by_page_and_whole(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "coach.sqlite3")
    await store.open()
    entries = [str(number) for number in range(2 * PAGE + 1)]
    await store.log.restore(DECISIONS, entries)
    log = PagesCounted(store.log)
    assert [entry async for entry in entries_of(log, DECISIONS)] == entries
    assert log.limits == [PAGE] * 4
    await store.close()
