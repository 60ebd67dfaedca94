"""Whether the coach says truly that it can answer."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.channels.web.readiness import RECHECK_SECONDS
from bot.stores.sqlite.store import SqliteStore
from tests.web.calling import MakeClient, connected, get
from tests.web.parts import FailingRetriever, page_app, readiness_of, state_file


async def test_a_coach_that_can_answer_is_ready_and_no_reply_is_counted(
    folder: Path, aiohttp_client: MakeClient
) -> None:
    app = page_app(folder)
    client = await connected(app, aiohttp_client)
    assert await get(client, "/readyz") == (200, {"ready": True, "reason": None})
    assert await app.store.counters.read(["version:1"]) == ({},)


async def test_without_lessons_it_is_up_but_not_ready(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder, lesson=""), aiohttp_client)
    assert (await client.get("/healthz")).status == 200
    status, body = await get(client, "/readyz")
    assert status == 503
    assert "no lessons" in body["reason"]


async def test_a_model_that_does_not_run_is_reported_in_one_line(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder, retriever=FailingRetriever()), aiohttp_client)
    status, body = await get(client, "/readyz")
    assert status == 503
    assert body["reason"].startswith("OSError: no weights for 1 lessons")
    assert "\n" not in body["reason"]


async def test_without_a_live_version_it_is_not_ready(folder: Path, aiohttp_client: MakeClient) -> None:
    app = page_app(folder)
    shutil.rmtree(app.prompts_dir)
    app.prompts_dir.mkdir()
    client = await connected(app, aiohttp_client)
    assert await get(client, "/readyz") == (
        503,
        {"ready": False, "reason": "no version of the system prompt is live"},
    )


async def test_it_is_tried_again_only_after_a_while(folder: Path) -> None:
    now = 0.0
    app = page_app(folder, lesson="")
    await app.open()
    readiness = readiness_of(app, clock=lambda: now)
    assert "no lessons" in str(await readiness.fault())
    (folder / "new.md").write_text("# New\n\nA lesson.\n")
    now = RECHECK_SECONDS - 0.1
    assert "no lessons" in str(await readiness.fault())
    await app.close()


async def test_a_store_that_is_away_is_said_and_heals_by_itself(folder: Path, aiohttp_client: MakeClient) -> None:
    now = 0.0
    app = page_app(folder, store=SqliteStore(state_file(folder), busy_seconds=0.05))
    client = await connected(app, aiohttp_client, clock=lambda: now)
    assert (await get(client, "/readyz"))[0] == 200
    with closing(sqlite3.connect(state_file(folder), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        now += RECHECK_SECONDS
        status, body = await get(client, "/readyz")
        assert status == 503
        assert body["reason"].startswith("the store is away: ")
        assert (await client.get("/healthz")).status == 200
    now += RECHECK_SECONDS
    assert (await get(client, "/readyz"))[0] == 200
