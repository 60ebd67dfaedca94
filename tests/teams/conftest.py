"""Fixtures: a loopback Teams, and a small coach that is served in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.teams.coaching import coaching
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Settings
from tests.teams.serving import Served


@pytest.fixture(autouse=True)
def nobody_is_told_how_long_they_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine they would be, and tests count messages; `test_flow_waiting.py` has a time of its own."""
    monkeypatch.setattr("bot.channels.teams.channel.TELL_AFTER_SECONDS", 3_600.0)


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    """It takes pieces of a stream as they come."""
    async with Teams(settings=Settings(stream_interval=0.0)) as teams:
        yield teams


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The coach sends every piece of an answer as it comes."""
    monkeypatch.setattr("bot.channels.teams.stream.EVERY_SECONDS", 0.0)
    monkeypatch.setattr("bot.channels.teams.stream.BEFORE_FINAL_SECONDS", 0.0)


@pytest.fixture
async def coached(at_once: None, teams: Teams, tmp_path: Path) -> AsyncIterator[Served]:  # noqa: ARG001
    """The small coach, all signed; its admins are Ada and Olga."""
    async with coaching(teams, tmp_path) as coached:
        yield coached
