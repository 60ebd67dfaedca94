"""A real coach over each kind of store, whose state can be read byte by byte."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import App
from tests.fakes import LESSON, small_app
from tests.privacy.raw import RawRedis, RawSqlite, RawState
from tests.stores.redis_server import Server, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose files are plain text: nothing in them is compressed."""
    folder = tmp_path_factory.mktemp("redis")
    with running(folder, rdbcompression="no", aof_use_rdb_preamble="no") as server:
        yield server


@pytest.fixture(params=["sqlite", "redis"])
async def raw(request: pytest.FixtureRequest, tmp_path: Path) -> RawState:
    """Empty state of each kind."""
    if request.param == "sqlite":
        return RawSqlite(tmp_path / "data" / "coach.sqlite3")
    server: Server = request.getfixturevalue("server")
    await server.say("FLUSHALL")
    return RawRedis(server)


@pytest.fixture
async def app(raw: RawState, tmp_path: Path) -> AsyncIterator[App]:
    """The small coach on it, with the usual times."""
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "roof-care.md").write_text(LESSON)
    async with opened(small_app(tmp_path / "knowledge", store=raw.store())) as app:
        yield app


@asynccontextmanager
async def opened(app: App) -> AsyncIterator[App]:
    """Opens a coach for a while."""
    await app.open()
    try:
        yield app
    finally:
        await app.close()
