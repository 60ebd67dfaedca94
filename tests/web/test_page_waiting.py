"""What the page shows to who cannot be answered at once, in a real Chromium."""

import pytest
from playwright.async_api import expect

from tests.web.conftest import Site, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUSY = "The coach is busy: you are number 1."


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.web.messages.PLACE_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("view", "field", "button"), [("#ask", "Your question", "Ask"), ("#review", "Your draft", "Review draft")]
)
async def test_who_waits_reads_their_number(site: Site, visitor: Visitor, view: str, field: str, button: str) -> None:
    await site.stop()
    site.works = False
    await site.start()
    page = await visitor.open(view)
    await page.get_by_label(field).fill("When is a van booked?")
    await page.get_by_role("button", name=button, exact=True).click()
    await expect(page.locator("main").get_by_text(BUSY)).to_be_visible()
