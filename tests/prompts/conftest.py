"""Fixtures: each test that needs a store runs on both kinds, SQLite in a file and a real server."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.core.state import Store
from tests.stores.places import Place, sqlite_place
from tests.stores.redis_places import redis_place
from tests.stores.redis_server import Server, running


@pytest.fixture(scope="session")
def prompts_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that is left running: whoever uses it begins the keys with something of their own."""
    with running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["sqlite", "redis"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store on empty state."""
    placing: AbstractAsyncContextManager[Place] = (
        redis_place([request.getfixturevalue("prompts_server")]) if request.param == "redis" else sqlite_place(tmp_path)
    )
    async with placing as place:
        yield await place.open()
