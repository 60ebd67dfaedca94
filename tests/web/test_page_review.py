"""Reviewing on the page, in a real Chromium."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.web.conftest import Site, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

DRAFT = "👋🏽 Hi Dana,\n\n\tFine.We can move you tomorrow. 🚚\n  Nothing ever breaks.\n\nBest \n"


async def review(page: Page, draft: str) -> None:
    await page.get_by_label("Your draft").fill(draft)
    await page.get_by_role("button", name="Review draft").click()
    await expect(page.get_by_role("button", name="Edit draft")).to_be_visible()


async def paste(page: Page, text: str) -> None:
    await page.evaluate("text => navigator.clipboard.writeText(text)", text)
    await page.get_by_label("Your draft").focus()
    await page.keyboard.press("ControlOrMeta+V")


async def copied(page: Page) -> str:
    await page.get_by_role("button", name="Copy draft").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    return str(await page.evaluate("navigator.clipboard.readText()"))


async def test_findings_are_marked_in_place_with_what_to_say_and_why(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await review(page, DRAFT)
    await expect(page.get_by_role("heading", name="2 sentences to change")).to_be_focused()
    marks = page.get_by_role("region", name="Your draft").locator("mark")
    await expect(marks).to_have_text(["We can move you tomorrow.1", "Nothing ever breaks.2"])
    card = page.get_by_role("listitem", name="Change 1")
    await expect(card).to_contain_text("We book a van a week ahead")
    await expect(card).to_contain_text("Keeps the promise that can be kept")


async def test_a_mark_leads_to_its_card_and_the_card_back(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await review(page, DRAFT)
    mark = page.get_by_role("button", name="Change 2", exact=True)
    await mark.click()
    card = page.get_by_role("listitem", name="Change 2")
    await expect(card).to_be_focused()
    await card.get_by_role("button", name="Show 2 in the draft").click()
    await expect(mark).to_be_focused()


async def test_the_copy_follows_the_choices_and_keeps_the_rest_to_the_character(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await review(page, DRAFT)
    rewritten = DRAFT.replace("We can move you tomorrow", "We book a van a week ahead").replace(
        "Nothing ever breaks", "What breaks is <b>insured</b>"
    )
    assert await copied(page) == rewritten
    first = page.get_by_role("listitem", name="Change 1")
    await first.get_by_role("radio", name="Keep mine").check()
    await expect(first).to_contain_text("Kept as written")
    region = page.get_by_role("region", name="Rewritten draft")
    await expect(region).to_contain_text("We can move you tomorrow. 🚚")
    await expect(region.get_by_role("insertion")).to_have_count(1)
    assert await copied(page) == DRAFT.replace("Nothing ever breaks", "What breaks is <b>insured</b>")
    await first.get_by_role("radio", name="Use this").check()
    assert await copied(page) == rewritten


@pytest.mark.parametrize(
    "draft",
    [
        "👋,\r\n\r\nNothing ever breaks.\r\nBye\r\n",
        "👋,\r\nNothing ever breaks.\n\rBye\r",
        "Hi\nNothing ever breaks.\n",
    ],
)
async def test_a_pasted_drafts_line_endings_come_back(visitor: Visitor, draft: str) -> None:
    page = await visitor.open("#review")
    await paste(page, draft)
    await page.keyboard.press("ControlOrMeta+Enter")
    assert await copied(page) == draft.replace("Nothing ever breaks", "What breaks is <b>insured</b>")


async def test_a_windows_draft_that_is_edited_keeps_its_kind_of_line_ending(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await paste(page, "Hi,\r\nNothing ever breaks.\r\n")
    await page.keyboard.type("Bye\n")
    await page.keyboard.press("ControlOrMeta+Enter")
    assert await copied(page) == "Hi,\r\nWhat breaks is <b>insured</b>.\r\nBye\r\n"


async def test_copying_works_where_the_browser_has_no_clipboard_interface(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    await review(page, DRAFT)
    await page.get_by_role("button", name="Copy draft").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    await page.get_by_role("button", name="Edit draft").click()
    await page.get_by_label("Your draft").fill("")
    await page.keyboard.press("ControlOrMeta+V")
    await expect(page.get_by_label("Your draft")).to_have_value(re.compile("^👋🏽 Hi Dana,\n\n\tFine.We book a van"))


async def test_what_is_not_sure_stands_apart_and_changes_nothing(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await review(page, "Nothing ever breaks?\nWe can move you tomorrow.\n")
    await expect(page.get_by_role("heading", name="1 sentence to change, 1 worth a look")).to_be_visible()
    notes = page.get_by_role("region", name="Worth a look")
    await expect(notes.get_by_role("listitem")).to_contain_text("Not changed")
    await expect(notes.get_by_role("radio")).to_have_count(0)
    assert await copied(page) == "Nothing ever breaks?\nWe book a van a week ahead.\n"


async def test_a_clean_draft_is_said_to_be_clean(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await review(page, "Hi Dana,\n\nSee you on Monday.\n")
    await expect(page.get_by_role("heading", name="Nothing to change")).to_be_focused()
    await expect(page.get_by_text("The draft can go out as it is.")).to_be_visible()
    await expect(page.get_by_role("button", name="Copy draft")).to_have_count(0)


async def test_the_draft_is_still_there_to_edit(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await review(page, DRAFT)
    await page.get_by_role("button", name="Edit draft").click()
    await expect(page.get_by_label("Your draft")).to_be_focused()
    await expect(page.get_by_label("Your draft")).to_have_value(DRAFT)


async def test_a_sample_is_made_of_the_loaded_guide_and_never_replaces_a_draft(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await page.get_by_role("button", name="Use a sample").click()
    await expect(page.get_by_label("Your draft")).to_be_focused()
    await expect(page.get_by_role("button", name="Use a sample")).to_be_hidden()
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(page.get_by_role("heading", name="2 sentences to change")).to_be_visible()


async def test_the_guide_beside_the_draft_can_be_searched(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    rows = page.get_by_role("list", name="Field language guide").get_by_role("listitem")
    await expect(rows).to_have_count(2)
    await page.get_by_role("searchbox", name="Search the guide").fill("breaks")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("What breaks is <b>insured</b>")


async def test_markup_in_a_draft_stays_text(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    attack = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"
    await review(page, f"{attack}\n{attack} nothing ever breaks.\n{attack} nothing ever breaks?\n")
    await expect(page.locator("mark")).to_have_count(2)
    await expect(page.locator("main img, main script, main b")).to_have_count(0)
    await expect(page).to_have_title("Review · Field Coach")


async def test_right_to_left_and_lone_surrogates_are_shown_and_kept(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await review(page, "שלום \ufeffדנה\nNothing ever breaks.\n")
    assert await copied(page) == "שלום \ufeffדנה\nWhat breaks is <b>insured</b>.\n"
    await page.get_by_role("button", name="Edit draft").click()
    await page.evaluate("document.getElementById('draft').value = 'a\\ud83d Nothing ever breaks.'")
    await page.get_by_role("button", name="Review draft").click()
    await expect(page.get_by_role("heading", name="1 sentence to change")).to_be_visible()


async def test_an_empty_draft_or_a_lost_server_gets_one_line_and_keeps_it(visitor: Visitor, site: Site) -> None:
    page = await visitor.open("#review")
    await page.get_by_role("button", name="Review draft").click()
    await expect(page.get_by_role("alert")).to_have_text("Paste a draft first.")
    await page.get_by_label("Your draft").fill(DRAFT)
    await site.stop()
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    await expect(page.get_by_label("Your draft")).to_have_value(DRAFT)
    await site.start()
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(page.get_by_role("heading", name="2 sentences to change")).to_be_visible()
    visitor.complaints.clear()  # Chromium reports the refused connection itself
