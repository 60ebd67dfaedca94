"""Fixtures: a loopback Slack, and a small coach that is served in it over HTTP and over a socket."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes import LESSON, small_app
from tests.slack.loopback.server import Slack
from tests.slack.moving import WAYS, Way
from tests.slack.serving import MODES, Served, served


@pytest.fixture(autouse=True)
def nobody_is_told_how_long_they_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine they would be, and tests count calls; `test_waiting.py` has looks of its own."""
    monkeypatch.setattr("bot.channels.waiting.PAUSES", ())


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        yield slack


@pytest.fixture(params=MODES)
async def coached(request: pytest.FixtureRequest, slack: Slack, tmp_path: Path) -> AsyncIterator[Served]:
    """The small coach, whose only admin is UADMIN."""
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "roofs.md").write_text(LESSON, encoding="utf-8")
    async with served(slack, small_app(folder, admins=frozenset({"slack:T1/UADMIN"})), request.param) as coached:
        yield coached


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    """How an admin asks for a move and confirms it."""
    found: Way = request.param
    return found
