"""A small coach in local mode, the real Agents Playground before it, and a real Chromium that shows it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.app import App
from tests.fakes import LESSON, small_app
from tests.playground.installed import MissingError
from tests.playground.person import Robin
from tests.playground.server import ROBIN, playground
from tests.playground.serving import served_locally
from tests.web.conftest import chromium as chromium

TIMEOUT_MS = 20_000
"""A reply comes in two or three seconds; the machine may be busy."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Robin before the page, and the coach that answers."""

    app: App
    robin: Robin


@pytest_asyncio.fixture(loop_scope="session")
async def stage(chromium: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "roofs.md").write_text(LESSON, encoding="utf-8")
    app = small_app(folder, admins=frozenset({ROBIN}))
    try:
        async with served_locally(app) as endpoint, playground(endpoint, log=tmp_path / "playground.log") as url:
            context = await chromium.new_context(viewport={"width": 1280, "height": 1000})
            context.set_default_timeout(TIMEOUT_MS)
            expect.set_options(timeout=TIMEOUT_MS)
            # Its fonts are asked for from elsewhere.
            await context.route(lambda address: not address.startswith(url), lambda route: route.abort())
            robin = Robin(await context.new_page())
            await robin.arrive(url)
            yield Stage(app, robin)
            expect.set_options(timeout=None)
            await context.close()
    except MissingError as error:
        pytest.fail(str(error))
