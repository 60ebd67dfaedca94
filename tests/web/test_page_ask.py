"""Asking on the page, in a real Chromium."""

from typing import Any

import pytest
from playwright.async_api import Page, Request, expect

from tests.web.conftest import Site, Visitor
from tests.web.parts import HeldEngine
from tests.web.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def ask(page: Page, question: str) -> None:
    await page.get_by_label("Your question").fill(question)
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.locator(".pending")).to_have_count(0)


async def test_a_marker_opens_the_line_that_it_cites_and_takes_focus_there(visitor: Visitor) -> None:
    page = await visitor.open()
    await ask(page, "What does a box of books weigh?")
    turn = page.get_by_role("article", name="What does a box of books weigh?")
    quote = turn.get_by_role("figure").filter(has_text="A box of books weighs twenty kilos.")
    await expect(quote).to_have_count(0)
    await turn.get_by_role("button", name="Source 1: Packing").click()
    await expect(quote).to_be_visible()
    await expect(quote).to_be_focused()
    await expect(quote).to_contain_text("Moving house · Packing · line 9")


async def test_a_follow_up_uses_the_thread_until_the_conversation_is_new(visitor: Visitor) -> None:
    page = await visitor.open()
    await ask(page, "When is a van booked?")
    await ask(page, "Why is it so?")
    await expect(page.get_by_text("(question 2)")).to_be_visible()
    await page.get_by_role("button", name="New conversation").click()
    await expect(page.get_by_role("article")).to_have_count(0)
    await ask(page, "Why is it so?")
    await expect(page.get_by_text("Not in the lessons")).to_be_visible()


async def test_two_tabs_are_two_conversations(visitor: Visitor) -> None:
    first, second = await visitor.open(), await visitor.open()
    await ask(first, "When is a van booked?")
    await ask(second, "Why is it so?")
    await expect(second.get_by_text("Not in the lessons")).to_be_visible()


async def test_what_the_lessons_do_not_answer_looks_so_and_shows_the_closest_lines_as_such(visitor: Visitor) -> None:
    page = await visitor.open()
    await ask(page, "Which boxes travel abroad by ship?")
    turn = page.get_by_role("article")
    await expect(turn.get_by_text("Not in the lessons", exact=True)).to_be_visible()
    await expect(turn.get_by_role("heading", name="The closest lines")).to_be_visible()
    await expect(turn.get_by_role("figure").first).to_contain_text("line 9")
    await expect(turn.get_by_role("button", name="Source")).to_have_count(0)


async def test_approved_wording_is_one_click_to_copy(visitor: Visitor) -> None:
    page = await visitor.open()
    await ask(page, "Can I say that nothing ever breaks?")
    answer = page.get_by_role("article")
    await expect(answer.get_by_role("figure", name="Say this")).to_contain_text("What breaks is <b>insured</b>")
    await expect(answer.get_by_role("term")).to_have_text(["Not that", "Why"])
    await answer.get_by_role("button", name="Copy wording").click()
    await expect(answer.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "What breaks is <b>insured</b>"


async def test_an_example_of_the_loaded_lessons_is_asked_by_a_click(visitor: Visitor) -> None:
    page = await visitor.open()
    examples = page.get_by_role("list", name="Or start with one of these").get_by_role("button")
    await expect(examples).to_have_text(
        [
            "Tell me about Packing",
            "Tell me about Vans",
            "Can I say “We can move you tomorrow”?",
            "Can I say “Nothing ever breaks”?",
        ]
    )
    await examples.nth(2).click()
    await expect(page.get_by_role("figure", name="Say this")).to_be_visible()


async def test_an_example_leaves_what_is_being_written(visitor: Visitor) -> None:
    page = await visitor.open()
    await page.get_by_label("Your question").fill("Half a quest")
    await page.get_by_role("button", name="Can I say “Nothing ever breaks”?").click()
    await expect(page.get_by_role("figure", name="Say this")).to_be_visible()
    await expect(page.get_by_label("Your question")).to_have_value("Half a quest")


async def test_markup_in_a_lesson_or_a_question_stays_text(visitor: Visitor) -> None:
    page = await visitor.open()
    await ask(page, "Which van holds forty <img src=x onerror=\"document.title='pwned'\"> boxes?")
    await page.get_by_role("button", name="Source 1: Vans").click()
    await ask(page, "When is a van booked <script>document.title='pwned'</script>?")
    await expect(page.get_by_role("article")).to_have_count(2)
    await expect(page.get_by_text("<img src=x").first).to_be_visible()
    await expect(page.locator("main img, main script")).to_have_count(0)
    await expect(page).to_have_title("Ask · Field Coach")


async def test_an_empty_or_refused_question_gets_one_line_and_is_kept(visitor: Visitor) -> None:
    page = await visitor.open()
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.get_by_role("alert")).to_have_text("Write a question first.")
    await page.get_by_label("Your question").fill("why " * 600)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("at most 2,000")
    await expect(page.get_by_label("Your question")).to_have_value("why " * 600)
    visitor.complaints.clear()  # Chromium reports the 413 itself


async def test_a_server_that_went_away_costs_nothing_once_it_is_back(visitor: Visitor, site: Site) -> None:
    page = await visitor.open()
    await site.stop()
    await page.get_by_label("Your question").fill("When is a van booked?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    await expect(page.get_by_label("Your question")).to_have_value("When is a van booked?")
    await expect(page.get_by_role("article")).to_have_count(0)
    await site.start()
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.get_by_role("article")).to_contain_text("A van is booked a week ahead.")
    await expect(page.get_by_role("alert")).to_have_text("")
    visitor.complaints.clear()  # Chromium reports the refused connection itself


@pytest.mark.parametrize(("abruptly", "said"), [(True, "cannot be reached"), (False, "not done yet")])
async def test_a_question_whose_server_ends_in_the_middle_is_answered_once(
    visitor: Visitor, site: Site, abruptly: bool, said: str
) -> None:
    await site.stop()
    site.engine = engine = HeldEngine()
    await site.start()
    page = await visitor.open()
    sent: list[Any] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/ask"):
            sent.append(request.post_data_json)

    page.on("request", note)
    field = page.get_by_label("Your question")
    await field.fill("When is a van booked?")
    await page.keyboard.press("Enter")
    await engine.asked.wait()
    await site.stop(abruptly=abruptly)
    await expect(page.get_by_role("alert")).to_contain_text(said)
    await expect(field).to_have_value("When is a van booked?")
    engine.let.set()
    await site.start()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article")).to_contain_text("(question 1) A van is booked a week ahead.")
    assert sent[0] == sent[1]
    assert len(await site.app.store.threads.recent(f"web:{sent[0]['thread']}")) == 1
    await ask(page, "When is a van booked?")
    assert sent[2]["id"] != sent[1]["id"]
    await expect(page.get_by_text("(question 2)")).to_be_visible()
    visitor.complaints.clear()  # Chromium reports the broken connection itself


async def is_counted_as_bad(site: Site) -> bool:
    (sums,) = await site.app.store.counters.read(["version:1"])
    return (sums.get("up", 0), sums.get("down", 0)) == (0, 1)


async def test_a_thumb_is_pressed_noted_and_can_be_turned_without_anything_moving(visitor: Visitor, site: Site) -> None:
    page = await visitor.open()
    await ask(page, "What does a box of books weigh?")
    answer = page.get_by_role("article")
    good = answer.get_by_role("button", name="Good answer", exact=True)
    bad = answer.get_by_role("button", name="Not a good answer", exact=True)
    await expect(good).to_have_attribute("aria-pressed", "false")
    place = await answer.bounding_box()
    await good.click()
    await expect(good).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("status").filter(has_text="Noted")).to_have_count(1)
    await bad.focus()
    await page.keyboard.press("Space")
    await expect(bad).to_have_attribute("aria-pressed", "true")
    await expect(good).to_have_attribute("aria-pressed", "false")
    assert await answer.bounding_box() == place
    await until(lambda: is_counted_as_bad(site))


async def test_the_thumb_pressed_last_is_the_one_that_counts(visitor: Visitor, site: Site) -> None:
    page = await visitor.open()
    await ask(page, "What does a box of books weigh?")
    good = page.get_by_role("button", name="Good answer", exact=True)
    bad = page.get_by_role("button", name="Not a good answer", exact=True)
    await page.evaluate(
        "([one, other]) => { one.click(); other.click(); one.click(); other.click(); }",
        [await good.element_handle(), await bad.element_handle()],
    )
    await until(lambda: is_counted_as_bad(site))
    await expect(bad).to_have_attribute("aria-pressed", "true")


async def test_a_thumb_that_cannot_be_noted_springs_back(visitor: Visitor, site: Site) -> None:
    page = await visitor.open()
    await ask(page, "What does a box of books weigh?")
    await site.stop()
    good = page.get_by_role("button", name="Good answer", exact=True)
    await good.click()
    await expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    await expect(good).to_have_attribute("aria-pressed", "false")
    visitor.complaints.clear()  # Chromium reports the refused connection itself
