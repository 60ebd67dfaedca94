"""The stores of the contract suite, for the worker over them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores.conftest import place, placing, redis_cluster, redis_server, store
from tests.stores.redis_server import Server, running

__all__ = ["own_redis_server", "place", "placing", "redis_cluster", "redis_server", "store"]


@pytest.fixture
def own_redis_server(tmp_path: Path) -> Iterator[Server]:
    """A server that nobody else uses."""
    with running(tmp_path / "redis") as server:
        yield server
