"""A store for the coaches of a test, and the lessons that they speak from."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.stores.sqlite.store import SqliteStore
from tests.injection.asking import knowing
from tests.injection.coaches import Known
from tests.injection.requests import HARMLESS
from tests.injection.styles import styles


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "coach.sqlite3")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    return asyncio.run(knowing((HARMLESS, *styles()), tmp_path_factory.mktemp("lessons")))
