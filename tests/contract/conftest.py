"""Fixtures: the coach, served in each channel in turn."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.contract.channel import Coached, Serving
from tests.contract.differences import CHANNELS
from tests.contract.page import on_pages
from tests.contract.slack import in_slack
from tests.contract.teams import in_teams
from tests.contract.terminal import in_terminals
from tests.web.conftest import chromium as chromium

WIDTH = "1000"
"""Columns of the terminal: lines of these conversations are not wrapped."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A window whose tabs are opened for one conversation each."""
    context = await chromium.new_context(permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce")
    context.set_default_timeout(5_000)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session", params=CHANNELS)
async def coached(
    request: pytest.FixtureRequest, tmp_path: Path, browser: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Coached]:
    """The coach in one channel; all its persons share its state."""
    monkeypatch.setenv("COLUMNS", WIDTH)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("bot.channels.teams.stream.EVERY_SECONDS", 0.0)
    monkeypatch.setattr("bot.channels.teams.stream.BEFORE_FINAL_SECONDS", 0.0)
    servings: dict[str, Serving] = {
        "slack": in_slack,
        "teams": in_teams,
        "terminal": in_terminals,
        "page": on_pages(browser),
    }
    async with servings[request.param](tmp_path) as coached:
        yield coached


@pytest.fixture(autouse=True)
def nobody_is_told_how_long_they_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine they would be, on some channels sooner than on others."""
    monkeypatch.setattr("bot.channels.waiting.PAUSES", ())
    monkeypatch.setattr("bot.channels.teams.channel.TELL_AFTER_SECONDS", 3_600.0)
