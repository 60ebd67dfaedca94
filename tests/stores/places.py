"""Where a store's state lives, by kind of store: what the contract suite runs on."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot.core.state import Store
from bot.stores.sqlite.store import SqliteStore
from tests.stores import redis_places

POLL = 0.02
"""Seconds between two looks for what another replica did, in tests."""


class Place(Protocol):
    """State that any number of store objects share; empty at first."""

    @property
    def spec(self) -> str:
        """What `store_at` takes, in another process, for a store on the same state."""
        ...

    async def open(
        self, *, lease_seconds: float = 15.0, reply_seconds: float = 600.0, thread_seconds: float = 3600.0
    ) -> Store:
        """Gives one more store, opened; the place closes it in the end."""
        ...

    async def everything(self) -> bytes:
        """Gives all bytes that are stored, in any order."""
        ...


class SqlitePlace:
    def __init__(self, file: Path) -> None:
        self.spec = f"sqlite:{file}"
        self._file = file
        self._opened: list[Store] = []

    async def open(
        self, *, lease_seconds: float = 15.0, reply_seconds: float = 600.0, thread_seconds: float = 3600.0
    ) -> Store:
        store = SqliteStore(
            self._file,
            lease_seconds=lease_seconds,
            reply_seconds=reply_seconds,
            thread_seconds=thread_seconds,
            # A slow disk under a hundred writers is no failure here.
            busy_seconds=20.0,
            poll_seconds=POLL,
        )
        self._opened.append(store)
        await store.open()
        return store

    async def everything(self) -> bytes:
        return b"".join(file.read_bytes() for file in self._file.parent.iterdir())

    async def close(self) -> None:
        for store in self._opened:
            await store.close()


@asynccontextmanager
async def sqlite_place(folder: Path) -> AsyncIterator[Place]:
    place = SqlitePlace(folder / "data" / "coach.sqlite3")
    try:
        yield place
    finally:
        await place.close()


STORES: dict[str, Callable[[str], Store]] = {
    "sqlite": lambda rest: SqliteStore(Path(rest), busy_seconds=20.0),
    "redis": redis_places.store_at,
}
"""Makes a store, not opened, from what follows the colon in a place's spec."""


def store_at(spec: str) -> Store:
    kind, _, rest = spec.partition(":")
    return STORES[kind](rest)
