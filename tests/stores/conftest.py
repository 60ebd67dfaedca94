"""Fixtures of the contract suite: each test runs on every kind of store."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.core.state import Store
from tests.stores.places import Place, sqlite_place
from tests.stores.redis_places import redis_place
from tests.stores.redis_server import Server, running, running_cluster


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that is left running: tests begin their keys with something of their own."""
    with running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def redis_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Server]]:
    """Three servers that are a cluster, left running like the one."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as servers:
        yield servers


@pytest.fixture(params=["sqlite", "redis", "cluster"])
def placing(request: pytest.FixtureRequest, tmp_path: Path) -> AbstractAsyncContextManager[Place]:
    """What makes a place, once for each kind of store."""
    match request.param:
        case "redis":
            return redis_place([request.getfixturevalue("redis_server")])
        case "cluster":
            return redis_place(request.getfixturevalue("redis_cluster"))
        case _:
            return sqlite_place(tmp_path)


@pytest.fixture
async def place(placing: AbstractAsyncContextManager[Place]) -> AsyncIterator[Place]:
    """State that several stores share."""
    async with placing as place:
        yield place


@pytest.fixture
async def store(place: Place) -> Store:
    """One store on empty state, with the usual times."""
    return await place.open()
