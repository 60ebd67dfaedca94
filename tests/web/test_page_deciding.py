"""Deciding on the findings of a review on the page, in a real Chromium."""

import asyncio
from collections.abc import Sequence

import pytest
from playwright.async_api import Locator, Page, Route, expect

from bot.channels.review_words import KEEP_MINE, MAY_BE_SHOWN, NO_NAME, NOT_MEANT, USE_THIS, WHY_STAY
from bot.core.choices import Choice
from bot.core.messages import LOCAL
from bot.core.open_reviews import CLOSED, MAX_REASON
from tests.web.conftest import Site, Visitor
from tests.web.deciding import BREAKS, DRAFT, TOMORROW, counted, learnt
from tests.web.test_page_reach import LOW_CONTRAST, width_of
from tests.web.test_page_review import copied, review

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID, INSURED = "We book a van a week ahead.", "What breaks is <b>insured</b>."
KEPT = "You keep your words."


async def reviewed(visitor: Visitor, *, width: int = 1280, is_dark: bool = False) -> Page:
    page = await visitor.open("#review", width=width, is_dark=is_dark)
    await review(page, DRAFT)
    return page


def card(page: Page, number: int = 1) -> Locator:
    return page.get_by_role("listitem", name=f"Change {number}")


async def choose(page: Page, label: str, number: int = 1) -> Locator:
    """Gives the card on which something was chosen, once the coach has noted it."""
    one = card(page, number)
    async with page.expect_response("**/api/decide"):
        await one.get_by_role("radio", name=label, exact=True).check()
    return one


async def save(one: Locator) -> None:
    await one.get_by_role("button", name="Save", exact=True).click()
    await expect(one.get_by_role("button", name="Saved", exact=True)).to_be_visible()


async def texts(site: Site) -> Sequence[str | None]:
    return [entry["text"] for entry in await learnt(site.app)]


async def test_nothing_is_decided_until_its_writer_does(visitor: Visitor, site: Site) -> None:
    page = await reviewed(visitor)
    choices = card(page).get_by_role("radio")
    await expect(choices).to_have_count(3)
    for choice, label in zip(await choices.all(), (USE_THIS, KEEP_MINE, NOT_MEANT), strict=True):
        await expect(choice).to_have_accessible_name(label)
        await expect(choice).not_to_be_checked()
    await expect(card(page).get_by_role("textbox")).to_be_hidden()
    await expect(card(page).get_by_role("checkbox")).to_be_hidden()
    assert await copied(page) == DRAFT.replace(TOMORROW, SAID).replace(BREAKS, INSURED)
    assert await learnt(site.app) == []


async def test_the_replacement_that_is_used_is_noted(visitor: Visitor, site: Site) -> None:
    page = await reviewed(visitor)
    one = await choose(page, USE_THIS)
    await expect(one).to_contain_text("You use these words.")
    await expect(one.get_by_role("checkbox")).to_be_hidden()
    assert await counted(site.app, 1) == {Choice.USE: 1, Choice.KEEP: 0, Choice.NOT_MEANT: 0}


async def test_words_that_are_kept_stand_again_with_a_reason_without_the_sentence(visitor: Visitor, site: Site) -> None:
    page = await reviewed(visitor)
    one = await choose(page, KEEP_MINE, 2)
    await expect(one).to_contain_text("Kept as written")
    await expect(page.get_by_role("region", name="Rewritten draft")).to_contain_text(BREAKS)
    assert await copied(page) == DRAFT.replace(TOMORROW, SAID)
    why = one.get_by_role("textbox", name=WHY_STAY)
    await expect(why).to_have_accessible_description(NO_NAME)
    await expect(why).to_have_attribute("maxlength", str(MAX_REASON))
    await why.fill("Ours <b>don't</b>\n& never did")
    await save(one)
    await expect(one).to_contain_text("You keep your words: Ours <b>don't</b> & never did")
    await expect(page.locator("main b")).to_have_count(0)
    entries = await learnt(site.app)
    assert [(entry["choice"], entry["reason"], entry["text"]) for entry in entries] == [
        ("keep", "", None),
        ("keep", "Ours <b>don't</b> & never did", None),
    ]
    assert await counted(site.app, 2) == {Choice.USE: 0, Choice.KEEP: 1, Choice.NOT_MEANT: 0}


@pytest.mark.parametrize("label", [KEEP_MINE, NOT_MEANT])
async def test_the_guides_owner_sees_the_sentence_once_its_writer_agrees_and_saves(
    visitor: Visitor, site: Site, label: str
) -> None:
    page = await reviewed(visitor)
    one = await choose(page, label)
    consent = one.get_by_role("checkbox", name=MAY_BE_SHOWN)
    await expect(consent).not_to_be_checked()
    await consent.check()
    assert await texts(site) == [None]
    await save(one)
    assert await texts(site) == [None, TOMORROW]


async def test_agreement_is_taken_back_by_saving_without_it_and_does_not_outlive_its_choice(
    visitor: Visitor, site: Site
) -> None:
    page = await reviewed(visitor)
    one = await choose(page, KEEP_MINE)
    consent = one.get_by_role("checkbox")
    await consent.check()
    await save(one)
    await consent.uncheck()
    await save(one)
    await consent.check()
    await save(one)
    await choose(page, NOT_MEANT)
    await expect(consent).not_to_be_checked()
    assert await texts(site) == [None, TOMORROW, None, TOMORROW, None]


async def test_what_was_not_meant_stays_and_is_asked_no_reason(visitor: Visitor, site: Site) -> None:
    page = await reviewed(visitor)
    one = await choose(page, NOT_MEANT)
    await expect(one).to_contain_text("Not what you meant: your words stay.")
    await expect(one.get_by_role("textbox")).to_be_hidden()
    assert await copied(page) == DRAFT.replace(BREAKS, INSURED)
    assert await counted(site.app, 1) == {Choice.USE: 0, Choice.KEEP: 0, Choice.NOT_MEANT: 1}


async def test_a_decision_can_be_changed_and_the_draft_follows(visitor: Visitor, site: Site) -> None:
    page = await reviewed(visitor)
    one = await choose(page, KEEP_MINE)
    await one.get_by_role("textbox").fill("It is so")
    await save(one)
    await choose(page, USE_THIS)
    await expect(one.get_by_text("You use these words.")).to_be_visible()
    await expect(one.get_by_text("You keep your words")).to_have_count(0)
    assert await copied(page) == DRAFT.replace(TOMORROW, SAID).replace(BREAKS, INSURED)
    await choose(page, KEEP_MINE)
    await expect(one.get_by_text(KEPT, exact=True)).to_be_visible()
    await expect(one.get_by_role("button", name="Save", exact=True)).to_be_visible()
    await expect(one.get_by_role("textbox")).to_have_value("It is so")
    assert await copied(page) == DRAFT.replace(BREAKS, INSURED)
    assert await counted(site.app, 1) == {Choice.USE: 0, Choice.KEEP: 1, Choice.NOT_MEANT: 0}


async def test_of_choices_made_faster_than_they_are_noted_the_last_one_counts(visitor: Visitor, site: Site) -> None:
    page = await reviewed(visitor)
    asked, let = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await let.wait()
        await route.continue_()

    await page.route("**/api/decide", hold)
    one = card(page)
    await one.get_by_role("radio", name=KEEP_MINE).check()
    await asked.wait()
    for label in (USE_THIS, KEEP_MINE, NOT_MEANT):
        await one.get_by_role("radio", name=label).check()
    let.set()
    await expect(one).to_contain_text("Not what you meant")
    assert [entry["choice"] for entry in await learnt(site.app)] == ["keep", "not meant"]


async def test_a_decision_is_made_by_keyboard_alone_and_told_to_a_screen_reader(visitor: Visitor, site: Site) -> None:
    page = await reviewed(visitor)
    one, status = card(page), page.get_by_role("status")
    await one.get_by_role("button", name="Show 1 in the draft").focus()
    await page.keyboard.press("Tab")
    await expect(one.get_by_role("radio", name=USE_THIS)).to_be_focused()
    await page.keyboard.press("Space")
    await expect(status.filter(has_text="Change 1: You use these words.")).to_have_count(1)
    await page.keyboard.press("ArrowRight")
    await expect(status.filter(has_text=f"Change 1: {KEPT}")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(one.get_by_role("textbox", name=WHY_STAY)).to_be_focused()
    await page.keyboard.type("It is so")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(one.get_by_role("checkbox", name=MAY_BE_SHOWN)).to_be_checked()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(status.filter(has_text="Change 1, saved: You keep your words: It is so")).to_have_count(1)
    await expect(one.get_by_role("button", name="Saved")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    await expect(one.get_by_role("button", name="Save", exact=True)).to_be_visible()
    last = (await learnt(site.app))[-1]
    assert (last["choice"], last["reason"], last["text"]) == ("keep", "It is so", TOMORROW)


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize("width", [320, 360, 1000, 1280])
async def test_all_of_it_fits_and_can_be_read(visitor: Visitor, width: int, is_dark: bool) -> None:
    page = await reviewed(visitor, width=width, is_dark=is_dark)
    one = await choose(page, KEEP_MINE)
    await one.get_by_role("textbox").fill("x" * MAX_REASON)
    await one.get_by_role("checkbox").check()
    await save(one)
    await choose(page, NOT_MEANT, 2)
    await page.context.set_offline(True)
    await card(page, 2).get_by_role("radio", name=USE_THIS).check()
    await expect(card(page, 2).get_by_role("alert")).to_be_visible()
    assert await width_of(page) == width
    assert await page.evaluate(LOW_CONTRAST) == []
    for control in await page.locator(".card").locator("input, textarea, button").all():
        box = await control.bounding_box()
        assert box is None or (box["x"] >= 0 and box["x"] + box["width"] <= width)
    visitor.complaints.clear()  # Chromium reports the lost connection itself


async def test_a_review_that_is_not_kept_any_more_says_what_to_do_and_the_draft_follows_all_the_same(
    visitor: Visitor, site: Site
) -> None:
    page = await reviewed(visitor)
    await site.app.store.records.forget(LOCAL)
    one = await choose(page, KEEP_MINE)
    await expect(one.get_by_role("alert")).to_have_text(CLOSED.reason)
    await expect(one.get_by_text(KEPT)).to_have_count(0)
    await expect(one.get_by_role("button", name="Try again")).to_be_hidden()
    assert await copied(page) == DRAFT.replace(BREAKS, INSURED)
    await page.get_by_role("button", name="Edit draft").click()
    await page.get_by_role("button", name="Review draft").click()
    await choose(page, KEEP_MINE)
    await expect(one.get_by_text(KEPT)).to_be_visible()
    visitor.complaints.clear()  # Chromium reports the 410 itself


async def test_a_decision_that_does_not_get_through_is_tried_again_by_its_button(visitor: Visitor, site: Site) -> None:
    page = await reviewed(visitor)
    one = card(page)
    await site.stop()
    await one.get_by_role("radio", name=KEEP_MINE).check()
    await expect(one.get_by_role("alert")).to_contain_text("cannot be reached")
    await expect(one.get_by_text(KEPT)).to_have_count(0)
    await expect(page.get_by_role("region", name="Rewritten draft")).to_contain_text(TOMORROW)
    await site.start()
    again = one.get_by_role("button", name="Try again")
    await again.press("Enter")
    await expect(one.get_by_text(KEPT)).to_be_visible()
    await expect(again).to_be_hidden()
    await expect(one.get_by_role("alert")).to_be_empty()
    await expect(one.get_by_role("radio", name=KEEP_MINE)).to_be_focused()
    assert [entry["choice"] for entry in await learnt(site.app)] == ["keep"]
    visitor.complaints.clear()  # Chromium reports the refused connection itself
