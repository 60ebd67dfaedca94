"""A person at the page, in a real Chromium."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot.core.choices import Choice
from bot.core.messages import LOCAL, Reaction
from tests.claude.loopback import started
from tests.contract import reading
from tests.contract.channel import Channel, Served, Serving
from tests.contract.coach import coach
from tests.contract.page_screen import CARDS, PROSE, ROWS, change, stamp
from tests.contract.reading import OFFERS
from tests.contract.shown import Guided, Note, Reviewed, Row, Shown, Told
from tests.contract.terminal import CoachedInTerminals
from tests.web.parts import served

THUMBS = {"up": "Good answer", "down": "Not a good answer"}


@dataclass(slots=True)
class PageChannel:
    """One tab."""

    page: Page
    name: str = "page"
    _read: Callable[[], Awaitable[Shown]] = field(init=False)

    async def ask(self, question: str) -> None:
        await self._view("ask")
        answers = self.page.get_by_role("article")
        before = await answers.count()
        await self.page.get_by_label("Your question").fill(question)
        await self.page.get_by_role("button", name="Ask", exact=True).click()
        await expect(answers.nth(before).locator(".thumb").or_(self._alert).first).to_be_visible()
        self._read = self._told if await self._alert.count() else self._answered

    async def review(self, draft: str) -> None:
        await self._view("review")
        if await self._result.count():
            await self.page.get_by_role("button", name="Edit draft").click()
        await self.page.get_by_label("Your draft").fill(draft)
        await self.page.get_by_role("button", name="Review draft").click()
        await expect(self._result.or_(self._alert).first).to_be_visible()
        self._read = self._told if await self._alert.count() else self._reviewed

    async def choose(self, place: int, choice: Choice, reason: str = "") -> None:
        card = self.page.get_by_role("listitem", name=f"Change {place + 1}")
        await card.get_by_role("radio", name=OFFERS[choice]).check()
        if reason:
            await card.get_by_label("Why do they stay?").fill(reason)
            await card.get_by_role("button", name="Save").click()

    async def rate(self, reaction: Reaction) -> None:
        await self._last.get_by_role("button", name=THUMBS[reaction], exact=True).click()
        await expect(self.page.get_by_role("status").filter(has_text="Noted")).to_have_count(1)

    async def guide(self, words: str = "") -> None:
        await self._view("review")
        field_ = self.page.get_by_role("searchbox", name="Search the guide")
        if words != await field_.input_value():
            async with self.page.expect_response(lambda response: "/api/guide" in response.url):
                await field_.fill(words)
        self._read = self._guided

    async def say(self, text: str) -> None:
        """Where one writes to the coach is the question."""
        await self.ask(text)

    async def confirm(self) -> None:
        raise LookupError("the page proposes nothing")

    async def cancel(self) -> None:
        raise LookupError("the page proposes nothing")

    async def shown(self) -> Shown | None:
        return await self._read()

    @property
    def _alert(self) -> Locator:
        """The line that says what is wrong, if anything is."""
        return self.page.locator("section:not([hidden]) [role=alert]:not(:empty)")

    @property
    def _result(self) -> Locator:
        return self.page.locator("#result:not([hidden])")

    @property
    def _last(self) -> Locator:
        return self.page.get_by_role("article").last

    async def _view(self, name: str) -> None:
        if await self.page.locator(f"#view-{name}").is_hidden():
            await self.page.get_by_role("link", name=name.capitalize(), exact=True).click()

    async def _told(self) -> Shown:
        return Told(await self._alert.inner_text())

    async def _answered(self) -> Shown:
        closed = self._last.locator("details:not([open]) summary")
        while await closed.count():
            await closed.first.click()
        return reading.answered(
            await self._last.locator(".prose").evaluate(PROSE),
            quotes=await self._last.locator(".sources blockquote").all_inner_texts(),
            closest=await self._last.locator(".closest blockquote").all_inner_texts(),
            version=stamp(await self._last.locator(".meta").inner_text()),
        )

    async def _reviewed(self) -> Shown:
        changes = await self._result.locator(".changes .card").evaluate_all(CARDS)
        notes = await self._result.locator(".notes .card").evaluate_all(CARDS)
        count = re.match(r"(\d+|Nothing)", await self._result.locator(".summary").inner_text())
        assert count
        return Reviewed(
            count=0 if count[0] == "Nothing" else int(count[0]),
            changes=tuple(map(change, changes)),
            notes=tuple(Note(note["wrote"], note["instead"], tuple(note["why"])) for note in notes),
            draft=await self._copied() if changes else None,
            version=stamp(await self._result.locator(".summary-row").inner_text()),
        )

    async def _copied(self) -> str:
        """The rewritten draft as it gets into an e-mail."""
        await self.page.evaluate("navigator.clipboard.writeText('')")
        await self._result.locator(".after .panel-head button").click()
        await self.page.wait_for_function("async () => await navigator.clipboard.readText() !== ''")
        return str(await self.page.evaluate("navigator.clipboard.readText()"))

    async def _guided(self) -> Shown:
        rows = self.page.get_by_role("list", name="Field language guide").get_by_role("listitem")
        return Guided(tuple(Row(*row) for row in await rows.evaluate_all(ROWS)))


@dataclass(frozen=True, slots=True)
class CoachedOnPages:
    """The coach as it serves the page to whoever is on the machine, as an admin of it or not."""

    place: Path
    browser: BrowserContext
    pages: AsyncExitStack
    name: str = "page"

    async def person(self, *, is_admin: bool = False) -> Channel:
        admins = frozenset({LOCAL} if is_admin else ())
        url = await self.pages.enter_async_context(_site(served(coach(self.place / "knowledge", admins=admins))))
        page = await self.browser.new_page()
        self.pages.push_async_callback(page.close)
        await page.goto(url)
        return PageChannel(page)

    async def overseer(self) -> Channel:
        """The page has no versions: its admins are at a terminal of the same machine."""
        return await CoachedInTerminals(self.place, self.pages).person(is_admin=True)


def on_pages(browser: BrowserContext) -> Serving:
    @asynccontextmanager
    async def serving(place: Path) -> Served:
        async with AsyncExitStack() as pages:
            yield CoachedOnPages(place, browser, pages)

    return serving


@asynccontextmanager
async def _site(page: web.Application) -> AsyncGenerator[str]:
    runner, port = await started(page, 0)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        await runner.cleanup()
