"""After a person is forgotten nothing of them is left in the raw store: no word, no id."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path

from bot.app import App
from bot.core.decisions import DECISIONS
from bot.core.ports import AnswerTask, Composed
from bot.core.prompts import Prompt
from bot.core.replies import Delta, Forgotten
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import LESSON, FirstLineEngine, small_app
from tests.privacy.conftest import opened
from tests.privacy.living import OTHERS, WILHELMINA, WORDS, answered, at_work, lived, said
from tests.privacy.raw import RawState


def found(raw: bytes) -> list[bytes]:
    return [word for word in WORDS if word in raw]


async def test_nothing_is_left_of_a_life_with_the_coach(app: App, raw: RawState) -> None:
    await lived(app)
    assert await app.store.inbox.put(said("7", f"{OTHERS.decode()}?", person="slack:T77/UBOB", thread="b"))
    assert found(await raw.everything()) == list(WORDS), "or there is nothing to see here"
    assert await app.forgetting.forget(WILHELMINA) == Forgotten(turns=2, messages=2, records=1)
    left = await raw.everything()
    assert found(left) == []
    assert OTHERS in left
    assert b"It is so" in left
    assert await app.store.log.length(DECISIONS) == 1
    assert await app.forgetting.forget(WILHELMINA) == Forgotten(turns=0)


class HeldEngine(FirstLineEngine):
    """Answers once it is let."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.let = asyncio.Event()

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        self.begun.set()
        await self.let.wait()
        async for piece in super().answer(task, prompt, person=person):
            yield piece


async def test_what_is_being_answered_meanwhile_is_erased_when_it_has_ended(raw: RawState, tmp_path: Path) -> None:
    (tmp_path / "roof-care.md").write_text(LESSON)
    engine = HeldEngine()
    held = small_app(tmp_path, store=raw.store(), engine=engine)
    elsewhere = small_app(tmp_path, store=raw.store())
    async with opened(held), opened(elsewhere):
        async with at_work(held):
            await held.store.inbox.put(said("1", "gutters, zinnia?"))
            await engine.begun.wait()
            assert await elsewhere.forgetting.forget(WILHELMINA) == Forgotten(turns=0)
            engine.let.set()
        assert (await held.store.inbox.outcome("slack:T77/D1/1")) is not None
        assert found(await raw.everything()) == []


async def test_what_is_asked_after_being_forgotten_is_remembered(app: App) -> None:
    await app.forgetting.forget(WILHELMINA)
    async with at_work(app):
        await answered(app, said("1", "gutters?"))
    assert len(await app.store.threads.recent("slack:T77/D1/1")) == 1


async def test_who_asks_to_be_forgotten_gets_the_answer_to_that(app: App) -> None:
    async with at_work(app):
        await answered(app, said("1", "forget me"))
    outcome = await app.store.inbox.outcome("slack:T77/D1/1")
    assert outcome
    assert outcome.reply == "Forgotten(turns=0, messages=0, records=0)"


async def test_the_file_is_rewritten_once_for_all_that_is_erased(tmp_path: Path) -> None:
    (tmp_path / "roof-care.md").write_text(LESSON)
    app = small_app(tmp_path, store=SqliteStore(tmp_path / "data" / "coach.sqlite3"))
    async with opened(app):
        await lived(app)
        before = rewritings(tmp_path)
        await app.forgetting.forget(WILHELMINA)
        assert rewritings(tmp_path) - before == 1


def rewritings(folder: Path) -> int:
    """How often SQLite has written the file anew, as it counts that in the file itself, with changes of the schema."""
    with closing(sqlite3.connect(folder / "data" / "coach.sqlite3")) as database:
        (version,) = database.execute("PRAGMA schema_version").fetchone()
        return int(version)
