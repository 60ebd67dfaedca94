"""What the page shows of who replied, and what it sets apart to be copied, in a real Chromium."""

import pytest
from playwright.async_api import Page, expect

from bot.core.ports import Engine
from bot.core.replies import Fallback
from tests.web.composing import TO_SAY, AbsentModel, AdvisingEngine
from tests.web.conftest import Site, Visitor
from tests.web.test_page_ask import ask
from tests.web.test_page_review import DRAFT, review

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = "When is a van booked?"


async def opened(visitor: Visitor, site: Site, engine: Engine, view: str = "", *, width: int = 1280) -> Page:
    """The page before this engine."""
    await site.stop()
    site.engine = engine
    await site.start()
    return await visitor.open(view, width=width)


async def test_what_to_say_is_a_card_whose_words_are_copied_without_quotation_marks_and_sources(
    visitor: Visitor, site: Site
) -> None:
    page = await opened(visitor, site, AdvisingEngine())
    await ask(page, QUESTION)
    card = page.get_by_role("figure", name="Say this")
    await expect(card.get_by_role("blockquote")).to_have_text(
        "We book a van a week ahead. 1 A van holds forty boxes. 1"
    )
    await card.get_by_role("button", name="Copy wording").press("Enter")
    await expect(card.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == TO_SAY


async def test_the_sources_of_what_to_say_can_be_opened(visitor: Visitor, site: Site) -> None:
    page = await opened(visitor, site, AdvisingEngine())
    await ask(page, QUESTION)
    await page.get_by_role("figure", name="Say this").get_by_role("button", name="Source 1: Vans").last.click()
    await expect(page.get_by_role("figure").filter(has_text="A van is booked a week ahead.")).to_be_focused()


async def test_prose_around_what_to_say_stays_prose_in_its_order_and_its_lines(visitor: Visitor, site: Site) -> None:
    page = await opened(visitor, site, AdvisingEngine())
    await ask(page, QUESTION)
    prose = page.locator(".prose > *")
    await expect(prose).to_have_count(4)
    assert (await prose.first.inner_text()).split("\n")[1:] == ["- Boxes come first.", "- The van comes second. 1"]
    await expect(prose.nth(2).get_by_role("term")).to_have_text(["Not that"])
    await expect(prose.last).to_have_text("That is how they know what to expect. 1")


async def test_on_a_narrow_screen_nothing_runs_over_the_edge(visitor: Visitor, site: Site) -> None:
    page = await opened(visitor, site, AdvisingEngine(), width=360)
    await ask(page, QUESTION)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    card = await page.get_by_role("figure", name="Say this").bounding_box()
    assert card
    assert card["x"] + card["width"] <= 360


async def test_an_answer_and_a_review_name_the_engine_its_model_and_the_version(visitor: Visitor, site: Site) -> None:
    page = await opened(visitor, site, AdvisingEngine())
    await ask(page, QUESTION)
    await expect(page.get_by_text("Claude · claude-sonnet-5-5 · prompt 1", exact=True)).to_be_visible()
    await page.get_by_role("link", name="Review").click()
    await review(page, DRAFT)
    reviewed = page.locator("#result")
    await expect(reviewed.get_by_text("Claude · claude-sonnet-5-5 · prompt 1", exact=True)).to_be_visible()
    await expect(page.get_by_text("Claude took")).to_have_count(0)


async def test_a_reply_of_the_lessons_in_a_models_place_names_the_lessons_and_says_why(
    visitor: Visitor, site: Site
) -> None:
    page = await opened(visitor, site, AbsentModel(Fallback.SLOW))
    await ask(page, QUESTION)
    answer = page.get_by_role("article")
    await expect(answer.get_by_text("Lessons · prompt 1", exact=True)).to_be_visible()
    await expect(
        answer.get_by_text("Claude took too long, so this is in the lessons' own words.", exact=True)
    ).to_be_visible()
    await page.get_by_role("link", name="Review").click()
    await review(page, DRAFT)
    reviewed = page.locator("#result")
    await expect(reviewed.get_by_text("Lessons · prompt 1", exact=True)).to_be_visible()
    await expect(
        reviewed.get_by_text("Claude took too long, so the approved wording stands as it is.", exact=True)
    ).to_be_visible()
