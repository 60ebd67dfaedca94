"""What people write about answers is kept in the order it came, without who wrote it."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bot.core.comments import COMMENTS, MAX_TEXT, Comments, read_comment
from bot.core.log_entries import entries_of
from bot.core.state import ConflictError
from bot.stores.sqlite.store import SqliteStore

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


async def test_comments_are_kept_in_order_and_bounded(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "coach.sqlite3")
    await store.open()
    ids = map(str, count(1))
    first, second = (Comments(store.log, now=lambda: NOW, new_id=lambda: next(ids)) for _ in range(2))
    await first.add("up", "  right to\nthe point ")
    await second.add("down", "x" * (MAX_TEXT + 1))
    await first.add("up", "again")
    kept = [read_comment(entry) async for entry in entries_of(store.log, COMMENTS)]
    await store.close()
    assert [(each.id, each.reaction, each.text, each.at) for each in kept if each] == [
        ("1", "up", "right to the point", NOW),
        ("2", "down", "x" * MAX_TEXT, NOW),
        ("3", "up", "again", NOW),
    ]


async def test_a_comment_that_others_overtake_again_and_again_is_given_up_with_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore(tmp_path / "coach.sqlite3")
    await store.open()
    monkeypatch.setattr(store.log, "append", overtaken)
    await Comments(store.log, now=lambda: NOW, new_id=lambda: "1").add("up", "Secret words.")
    await store.close()
    assert caplog.messages == ["a comment could not be kept: others were first again and again"]


async def overtaken(*_: object, **__: object) -> None:
    raise ConflictError(1)


def test_a_comment_of_a_newer_program_is_passed_over() -> None:
    assert read_comment('{"id": "1", "mood": "gentle"}') is None
