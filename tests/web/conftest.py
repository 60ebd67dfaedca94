"""A real Chromium on the real page, served on loopback."""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from bot.app import App
from bot.core.ports import Engine
from tests.web.parts import page_app, served

ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
MEND = "no Chromium: `apt-get install chromium`, or `python -m playwright install chromium`"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await _launched(playwright)
        yield browser
        await browser.close()


async def _launched(playwright: Playwright) -> Browser:
    names = ("chromium", "chromium-browser", "google-chrome")
    installed = next((path for name in names if (path := shutil.which(name))), None)
    try:
        return await playwright.chromium.launch(executable_path=installed, args=ARGUMENTS)
    except PlaywrightError as error:
        if installed or os.environ.get("CI"):
            pytest.fail(f"{MEND}\n{error}")
        pytest.skip(MEND)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the lessons lie; the state of the apps over it lies beside."""
    return tmp_path / "knowledge"


@dataclass(slots=True)
class Site:
    """The page as served; it can be stopped and started again, as another app, at its address."""

    folder: Path
    token: str | None = None
    engine: Engine | None = None
    works: bool = True
    port: int = 0
    _app: App | None = None
    _runner: web.AppRunner | None = None

    @property
    def app(self) -> App:
        """The app that is served."""
        assert self._app
        return self._app

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        """Serves at the address of last time, at first on a free port."""
        self._app = page_app(self.folder, engine=self.engine)
        page = served(self._app, token=self.token, works=self.works)
        self._runner = web.AppRunner(page, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self, *, abruptly: bool = False) -> None:
        """Stops serving; when it happens abruptly, requests under way are not answered."""
        if self._runner:
            if abruptly:
                self.cut_connections()
            await self._runner.cleanup()
            self._runner = None

    def cut_connections(self) -> None:
        """Breaks every connection off; what is sent from here on gets a new one."""
        assert self._runner
        assert self._runner.server
        for connection in self._runner.server.connections:
            connection.force_close()


@pytest_asyncio.fixture(loop_scope="session")
async def site(folder: Path) -> AsyncIterator[Site]:
    site = Site(folder)
    await site.start()
    yield site
    await site.stop()


@dataclass(slots=True)
class Visitor:
    """A browser that opens the page and notes what it complains of."""

    browser: Browser
    site: Site
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def open(self, view: str = "", *, width: int = 1280, height: int = 800, is_dark: bool = False) -> Page:
        """Opens the page, `view` being "#ask", "#review" or nothing."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if is_dark else "light",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        self.contexts.append(context)
        context.set_default_timeout(5_000)
        page = await context.new_page()
        page.on("console", lambda said: self._note(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("request", lambda request: None if request.url.startswith(self.site.url) else self._note(request.url))
        await page.goto(self.site.url + view)
        return page

    def _note(self, complaint: str) -> None:
        self.complaints.append(complaint)


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(chromium: Browser, site: Site) -> AsyncIterator[Visitor]:
    """A visitor whose visit fails the test when the browser's console complains or another address is asked for."""
    visitor = Visitor(chromium, site)
    yield visitor
    for context in visitor.contexts:
        await context.close()
    assert visitor.complaints == []
