"""The server that plays the Messages API, the engine before it, and the stores under its budget."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.engines.claude.engine import ClaudeEngine
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import engine_of
from tests.stores.conftest import place, redis_server
from tests.stores.places import Place, sqlite_place
from tests.stores.redis_places import redis_place

__all__ = ["place", "redis_server"]


@pytest.fixture(params=["sqlite", "redis"])
def placing(request: pytest.FixtureRequest, tmp_path: Path) -> AbstractAsyncContextManager[Place]:
    """What makes a place, once for each kind of store."""
    if request.param == "redis":
        return redis_place([request.getfixturevalue("redis_server")])
    return sqlite_place(tmp_path)


@pytest.fixture
async def api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MessagesApi]:
    """The API itself: the SDK's own address leads to it."""
    async with MessagesApi() as served:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", served.url)
        yield served


@pytest.fixture
async def engine(api: MessagesApi) -> AsyncIterator[ClaudeEngine]:  # noqa: ARG001 - it must be there
    async with engine_of() as engine:
        yield engine
