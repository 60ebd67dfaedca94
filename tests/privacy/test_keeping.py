"""What people wrote is in the raw store for as long as the settings say, and then no more."""

import random
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from bot.app import App, build
from bot.core.open_reviews import OpenReviews
from bot.core.replies import EngineName, Review
from bot.settings import Settings
from bot.stores.opening import FILE
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import LESSON, small_app
from tests.privacy.conftest import opened
from tests.privacy.living import WILHELMINA, WORDS, asked_and_reviewed
from tests.privacy.raw import RawRedis, RawSqlite
from tests.stores.redis_places import stored
from tests.stores.redis_server import Server
from tests.stores.saying import leased, message, put_all, turn, until

HOUR = 3600.0
NOW = datetime(2026, 11, 30, tzinfo=UTC)
WRITTEN = (b"zinnia", b"mallow", b"petunia")
"""Words of a question, of a follow-up, and of a draft, which are in its rewritten text too."""


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def found(raw: bytes) -> list[bytes]:
    return [word for word in WRITTEN if word in raw]


async def idle(app: App) -> None:
    """Has an inbox without messages tidied for as long as it takes."""
    for _ in range(20):
        assert await app.store.inbox.lease(wait=0) is None


async def test_in_the_file_they_go_when_their_time_is_over(tmp_path: Path) -> None:
    (tmp_path / "roof-care.md").write_text(LESSON)
    clock, file = Clock(), tmp_path / "data" / "coach.sqlite3"
    store = SqliteStore(file, clock=clock, reply_seconds=600, thread_seconds=24 * HOUR)
    async with opened(small_app(tmp_path, store=store)) as app:
        await asked_and_reviewed(app)
        assert found(await RawSqlite(file).everything()) == list(WRITTEN), "or there is nothing to see here"
        clock.now += 23 * HOUR
        await idle(app)
        assert await app.reviews.find("slack:T77/D1/4")
        assert len(await app.store.threads.recent("slack:T77/D1/1")) == 2
        clock.now += HOUR + 60
        await idle(app)
        left = await RawSqlite(file).everything()
    assert [word for word in WORDS if word in left] == []


async def test_in_the_file_they_go_from_where_rows_were_moved_from_too(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "data" / "coach.sqlite3"
    store = SqliteStore(file, clock=clock)
    await store.open()
    dice = random.Random(9)  # noqa: S311 - a draw with which SQLite leaves copies behind, which few do
    for _ in range(150):
        word, lasts = ("petunia", HOUR) if dice.random() < 0.5 else ("gutters", 1e9)
        text = f"{word} " * dice.choice([1, 5, 50, 200, 900])
        await store.records.write(f"{dice.random()}", text, person="ann", expected=0, lasts=lasts)
    assert b"petunia" in await RawSqlite(file).everything()
    clock.now += 2 * HOUR
    for _ in range(5):
        clock.now += 15
        assert await store.inbox.lease(wait=0) is None
    assert b"petunia" not in await RawSqlite(file).everything()
    await store.close()


async def test_in_redis_every_key_that_holds_them_expires_in_time(server: Server, tmp_path: Path) -> None:
    (tmp_path / "roof-care.md").write_text(LESSON)
    await server.say("FLUSHALL")
    store = RawRedis(server).store(thread_seconds=24 * HOUR, reply_seconds=600)
    async with opened(small_app(tmp_path, store=store)) as app:
        await asked_and_reviewed(app)
    lasting = {key: [word for word in WRITTEN if word in held] for key, held in await holding(server)}
    kept = {key: words for key, words in lasting.items() if words}
    assert {word for words in kept.values() for word in words} == set(WRITTEN)
    for key in kept:
        longest = 600 if ":reply:" in key else 24 * HOUR
        assert 0 < await server.say("PTTL", key) <= longest * 1000


async def holding(server: Server) -> list[tuple[str, bytes]]:
    """Gives every key with what it holds."""
    parts = await stored(server, "*")
    return [(key.decode(), held) for key, held in zip(parts[::2], parts[1::2], strict=True)]


async def test_in_redis_they_go_when_their_time_is_over_from_its_files_too(server: Server, tmp_path: Path) -> None:
    (tmp_path / "roof-care.md").write_text(LESSON)
    await server.say("FLUSHALL")
    raw = RawRedis(server)
    store = raw.store(thread_seconds=0.5, reply_seconds=0.5)
    reviews = OpenReviews(store.records, store.log, now=lambda: NOW, new_id=lambda: "mark", keeps=0.5)
    async with opened(small_app(tmp_path, store=store)) as app:
        await asked_and_reviewed(app, reviews=reviews)

        async def is_gone() -> bool:
            return not found(await raw.everything())

        await until(is_gone)


async def test_a_turn_that_expired_goes_with_the_next_one_where_no_inbox_is_served(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "coach.sqlite3"
    store = SqliteStore(file, clock=clock, thread_seconds=60)
    await store.open()
    await store.threads.append("a", turn("1", question="zinnia?"))
    clock.now += 60
    await store.threads.append("b", turn("2", question="gutters?"))
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT id FROM turn").fetchall() == [("2",)]
    await store.close()


def settings(folder: Path, *, redis_url: str | None = None) -> Settings:
    return Settings(
        _env_file=None,
        coach_data_dir=folder,
        redis_url=SecretStr(redis_url) if redis_url else None,
        coach_keep_threads_hours=2,
        coach_keep_reviews_hours=3,
        coach_keep_replies_minutes=6,
    )


async def test_the_settings_say_how_long_in_the_file(tmp_path: Path) -> None:
    app = build(settings(tmp_path))
    await kept_one_of_each(app)
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        for table, seconds in {"turn": 2 * HOUR, "record": 3 * HOUR, "reply": 360}.items():
            (till,) = database.execute(f"SELECT expires_at FROM {table}").fetchone()  # noqa: S608 - a name of ours
            assert 0.9 * seconds < till - time.time() <= seconds
    await app.close()


async def test_the_settings_say_how_long_in_redis(server: Server, tmp_path: Path) -> None:
    await server.say("FLUSHALL")
    app = build(settings(tmp_path, redis_url=server.url))
    await kept_one_of_each(app)
    kept = {
        "coach:{thread:t}:said": 2 * HOUR,
        "coach:{record:review%3Ar}:kept": 3 * HOUR,
        "coach:{inbox}:reply:1": 360,
    }
    for key, seconds in kept.items():
        assert 0.9 * seconds < await server.say("PTTL", key) / 1000 <= seconds
    await app.close()


async def kept_one_of_each(app: App) -> None:
    """A turn, a review and a reply."""
    await app.store.open()
    await app.store.threads.append("t", turn("1"))
    review = Review(
        draft="",
        findings=(),
        notes=(),
        edits=(),
        rewritten="",
        engine=EngineName.LESSONS,
        latency_ms=0,
        prompt_version=1,
        prompt_stale=False,
    )
    await app.reviews.keep(review, "r", person=WILHELMINA)
    await put_all(app.store.inbox, message("1"))
    await app.store.inbox.done(await leased(app.store.inbox), "the reply")
