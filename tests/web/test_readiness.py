"""Whether the coach says truly that it can answer."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.channels.web.readiness import RECHECK_SECONDS, RECHECK_SOON_SECONDS
from bot.core.lessons import Knowledge
from bot.core.messages import Turn
from bot.core.ports import Evidence
from bot.core.replies import EngineName, Fallback
from bot.core.state import StoreAwayError
from bot.stores.sqlite.store import SqliteStore
from tests.prompts.replicas import Clock
from tests.web.calling import MakeClient, connected, get
from tests.web.parts import FailingRetriever, QuotingEngine, WordingRetriever, page_app, readiness_of, state_file

WELL = {"store": "ok", "prompt": "ok", "knowledge": "ok", "model": "lessons"}
LOGGER = "bot.channels.web.readiness"


class ModelEngine(QuotingEngine):
    """An engine that asks a model, or leaves it alone."""

    def __init__(self, left_alone: Fallback | None) -> None:
        self._left_alone = left_alone

    @property
    def name(self) -> EngineName:
        return EngineName.CLAUDE

    @property
    def left_alone(self) -> Fallback | None:
        return self._left_alone


class BreakingRetriever(WordingRetriever):
    """A retriever whose model runs, or does not."""

    is_broken = False

    async def search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn] = ()) -> Evidence:
        if self.is_broken:
            raise OSError
        return await super().search(question, knowledge, thread)


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records if record.name == LOGGER]


async def test_a_coach_that_can_answer_is_ready_and_no_reply_is_counted(
    folder: Path, aiohttp_client: MakeClient
) -> None:
    app = page_app(folder)
    client = await connected(app, aiohttp_client)
    assert await get(client, "/readyz") == (200, {"ready": True, "reason": None, "parts": WELL})
    assert await app.store.counters.read(["version:1"]) == ({},)


@pytest.mark.parametrize(
    ("left_alone", "model"),
    [(None, "claude"), (Fallback.BUSY, "lessons, claude left alone: busy")],
)
async def test_a_model_that_is_left_alone_is_said_and_the_coach_ready(
    folder: Path, aiohttp_client: MakeClient, left_alone: Fallback | None, model: str
) -> None:
    client = await connected(page_app(folder, engine=ModelEngine(left_alone)), aiohttp_client)
    assert await get(client, "/readyz") == (200, {"ready": True, "reason": None, "parts": WELL | {"model": model}})


async def test_without_lessons_it_is_up_but_not_ready(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder, lesson=""), aiohttp_client)
    assert (await client.get("/healthz")).status == 200
    parts = WELL | {"knowledge": "no lessons", "model": "unknown"}
    assert await get(client, "/readyz") == (503, {"ready": False, "reason": "no lessons are loaded", "parts": parts})


async def test_a_model_that_does_not_run_is_named_by_its_fault_alone_and_the_log_has_its_words(
    folder: Path, aiohttp_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = await connected(page_app(folder, retriever=FailingRetriever()), aiohttp_client)
    fault = "a model cannot be loaded: OSError"
    for _ in range(2):
        assert await get(client, "/readyz") == (
            503,
            {"ready": False, "reason": fault, "parts": WELL | {"model": fault}},
        )
    ((level, message),) = logged(caplog)
    assert level == "WARNING"
    assert message.startswith(f"not ready: {fault}: no weights for 1 lessons")
    assert "\n" not in message


async def test_without_a_live_version_it_is_not_ready(folder: Path, aiohttp_client: MakeClient) -> None:
    app = page_app(folder)
    shutil.rmtree(app.prompts_dir)
    app.prompts_dir.mkdir()
    client = await connected(app, aiohttp_client)
    reason = "no version of the system prompt is live"
    assert await get(client, "/readyz") == (
        503,
        {"ready": False, "reason": reason, "parts": WELL | {"prompt": "none is live"}},
    )


async def test_it_is_tried_again_only_after_a_while_and_sooner_when_something_is_wrong(folder: Path) -> None:
    clock, retriever = Clock(), BreakingRetriever()
    app = page_app(folder, retriever=retriever)
    await app.open()
    readiness = readiness_of(app, clock=clock)
    for stands, breaks in ((RECHECK_SECONDS, True), (RECHECK_SOON_SECONDS, False)):
        before = await readiness.fault()
        retriever.is_broken = breaks
        clock.seconds += stands / 2
        assert await readiness.fault() == before
        clock.seconds += stands / 2
        assert await readiness.fault() != before
    await app.close()


async def test_a_store_that_is_away_is_said_as_soon_as_anybody_has_seen_it_and_heals_by_itself(
    folder: Path, aiohttp_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", LOGGER)
    clock = Clock()
    app = page_app(folder, store=SqliteStore(state_file(folder), busy_seconds=0.05))
    client = await connected(app, aiohttp_client, clock=clock, works=False)
    assert (await get(client, "/readyz"))[0] == 200
    with closing(sqlite3.connect(state_file(folder), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        clock.seconds += RECHECK_SOON_SECONDS
        assert (await get(client, "/readyz"))[0] == 200  # nobody has seen it yet
        with pytest.raises(StoreAwayError):
            await app.store.counters.add("group", {"one": 1})
        parts = WELL | {"store": "away", "prompt": "unknown"}
        for _ in range(2):
            assert await get(client, "/readyz") == (
                503,
                {"ready": False, "reason": "the store is away", "parts": parts},
            )
        assert (await client.get("/healthz")).status == 200
    clock.seconds += RECHECK_SOON_SECONDS
    assert (await get(client, "/readyz"))[0] == 200
    (away, again) = logged(caplog)
    assert away[0] == "WARNING"
    assert "not ready: the store is away: " in away[1]
    assert "locked" in away[1]
    assert again == ("INFO", "ready again")
