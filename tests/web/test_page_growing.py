"""An answer that grows on the page while it is made, in a real Chromium."""

from collections.abc import Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, Route, expect

from bot.core.ports import Made
from bot.core.replies import EngineName, Fallback
from tests.web.composing import ADVICE, MODEL, TO_SAY, PiecewiseEngine
from tests.web.conftest import Site, Visitor
from tests.web.test_page_reach import LOW_CONTRAST
from tests.web.test_page_review import DRAFT, review
from tests.web.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = "When is a van booked?"
AHEAD = "A van is booked a week ahead. [1]"
FORTY = " It holds forty boxes. [2]"
LONG = "\n\n".join(f"Line {number} of many. [1]" for number in range(1, 41))
TOP = "one => one.getBoundingClientRect().top"
BROKEN_OFF = Made(EngineName.LESSONS, model=MODEL, fallback=Fallback.CUT_OFF)


@pytest_asyncio.fixture(loop_scope="session")
async def engine(site: Site) -> PiecewiseEngine:
    """The engine that the site answers with: one that is told what to say."""
    await site.stop()
    site.engine = engine = PiecewiseEngine()
    await site.start()
    return engine


async def asked(page: Page) -> Locator:
    """Asks, and gives the turn that waits."""
    await page.get_by_label("Your question").fill(QUESTION)
    await page.keyboard.press("Enter")
    turn = page.get_by_role("article").last
    await expect(turn.get_by_text("Reading Vans …")).to_be_visible()
    return turn


async def is_whole(turn: Locator) -> None:
    await expect(turn.get_by_role("button", name="Copy answer")).to_be_visible()


def watched(page: Page, path: str) -> list[str]:
    """The requests to a path from now on, as a list that grows."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url) if path in request.url else None)
    return seen


async def test_an_answer_grows_plainly_and_ends_with_all_that_belongs_to_it(
    visitor: Visitor, engine: PiecewiseEngine
) -> None:
    page = await visitor.open()
    turn = await asked(page)
    first, rest = ADVICE[:40], ADVICE[40:]
    engine.say(first)
    await expect(turn.locator(".prose")).to_have_text(first)
    await expect(turn.get_by_text("Reading Vans …")).to_be_visible()
    engine.say(rest)
    await expect(turn).to_contain_text('Say: "We book a van a week ahead. [1] A van holds forty boxes." [1]')
    await expect(turn.locator(".prose > p")).to_have_count(3)
    await expect(turn.get_by_role("button")).to_have_count(0)
    engine.end()
    await is_whole(turn)
    await expect(turn.get_by_role("figure", name="Say this")).to_contain_text(TO_SAY.partition(".")[0])
    await expect(turn.get_by_role("button", name="Source 1: Vans").first).to_be_visible()
    await expect(turn.get_by_text(f"Claude · {MODEL} · prompt 1")).to_be_visible()
    await expect(turn.get_by_text("Reading Vans …")).to_have_count(0)
    await expect(turn).not_to_contain_text("[1]")


async def test_an_answer_that_broke_off_is_replaced_and_the_reply_says_why(
    visitor: Visitor, engine: PiecewiseEngine
) -> None:
    page = await visitor.open()
    turn = await asked(page)
    engine.say("A move can be had by")
    await expect(turn).to_contain_text("A move can be had by")
    engine.end(BROKEN_OFF)
    await is_whole(turn)
    await expect(turn).not_to_contain_text("A move can be had by")
    await expect(turn).to_contain_text("A van is booked a week ahead.")
    await expect(turn).to_contain_text("Claude's reply was not complete")


async def test_an_attempt_that_starts_over_takes_back_what_was_shown(visitor: Visitor, engine: PiecewiseEngine) -> None:
    page = await visitor.open()
    turn = await asked(page)
    engine.say("A move can be had by")
    await expect(turn).to_contain_text("A move can be had by")
    engine.fail()
    engine.say(AHEAD)
    await expect(turn.locator(".prose")).to_have_text(AHEAD)
    engine.end()
    await is_whole(turn)


async def test_markup_in_what_is_streamed_stays_text(visitor: Visitor, engine: PiecewiseEngine) -> None:
    page = await visitor.open()
    turn = await asked(page)
    engine.say("<img src=x onerror=\"document.title='pwned'\">", "<b>bold</b>")
    await expect(turn.locator(".prose")).to_contain_text("<b>bold</b>")
    await expect(page.locator("main img, main b")).to_have_count(0)
    await expect(page).to_have_title("Ask · Field Coach")
    engine.end()
    await is_whole(turn)


async def test_a_screen_reader_reads_each_sentence_as_it_comes_and_none_twice(
    visitor: Visitor, engine: PiecewiseEngine
) -> None:
    page = await visitor.open()
    turn = await asked(page)
    engine.say(AHEAD)
    await expect(turn).to_contain_text(AHEAD)
    first = await turn.locator(".prose span").first.element_handle()
    engine.say(FORTY)
    await expect(turn.locator(".prose span")).to_have_text([AHEAD, FORTY.strip()])
    assert await page.evaluate("one => one.isConnected", first)  # what is left in place is not read again
    assert await page.evaluate("one => one.closest('[aria-live]').ariaLive", first) == "polite"
    engine.end()
    await is_whole(turn)
    await expect(turn.locator(".answer")).to_have_attribute("aria-live", "off")
    await expect(page.get_by_role("status").filter(has_text="the whole answer, with")).to_have_count(1)


async def test_a_screen_reader_reads_a_reply_that_is_not_what_was_streamed(
    visitor: Visitor, engine: PiecewiseEngine
) -> None:
    page = await visitor.open()
    turn = await asked(page)
    engine.say("A move can be had by")
    await expect(turn).to_contain_text("A move can be had by")
    engine.end(BROKEN_OFF)
    await is_whole(turn)
    assert await turn.locator(".answer").evaluate("one => one.closest('[aria-live]').ariaLive") == "polite"


async def test_a_growing_answer_keeps_its_question_in_view(visitor: Visitor, engine: PiecewiseEngine) -> None:
    page = await visitor.open()
    turn = await asked(page)
    engine.say(LONG)
    await expect(turn).to_contain_text("Line 40 of many.")
    await expect(turn.get_by_role("heading", name=QUESTION)).to_be_in_viewport()
    top = await turn.evaluate(TOP)
    assert 0 <= top <= 24
    engine.end()
    await is_whole(turn)
    assert await turn.evaluate(TOP) == top


@pytest.mark.parametrize("to", ["0", "document.documentElement.scrollHeight"])
async def test_who_scrolls_while_an_answer_grows_stays_there(
    visitor: Visitor, engine: PiecewiseEngine, to: str
) -> None:
    page = await visitor.open()
    turn = await asked(page)
    engine.say(LONG)
    await expect(turn).to_contain_text("Line 40 of many.")
    place = await page.evaluate(f"new Promise(done => {{ onscrollend = () => done(scrollY); scrollTo(0, {to}); }})")
    engine.say("\n\nAnd one more. [1]")
    await expect(turn).to_contain_text("And one more.")
    assert await page.evaluate("scrollY") == place
    engine.end()
    await is_whole(turn)
    assert await page.evaluate("scrollY") == place


async def test_one_question_is_answered_at_a_time(visitor: Visitor, engine: PiecewiseEngine) -> None:
    page = await visitor.open()
    turn = await asked(page)
    field = page.get_by_label("Your question")
    await field.fill("And then?")
    await field.press("Enter")
    await page.get_by_role("button", name="New conversation").click(force=True)
    await expect(field).to_have_value("And then?")
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(page.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    engine.say(AHEAD)
    engine.end()
    await is_whole(turn)
    await expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()


@pytest.mark.parametrize(
    "breaking",
    [
        lambda body: body[: len(body) // 2],
        lambda body: body.replace(b"event: reply", b"event: other"),
        lambda body: body.replace(b'"text"', b"text"),
        lambda body: body[:0],
    ],
    ids=["cut", "no reply", "no JSON", "empty"],
)
async def test_where_the_stream_cannot_be_read_to_its_end_the_page_asks_for_the_reply(
    visitor: Visitor, engine: PiecewiseEngine, breaking: Callable[[bytes], bytes]
) -> None:
    page = await visitor.open()

    async def break_off(route: Route) -> None:
        response = await route.fetch()
        await route.fulfill(response=response, body=breaking(await response.body()))

    await page.route("**/api/ask", break_off)
    looks = watched(page, "/api/replies/")
    engine.say(AHEAD)
    engine.end()
    await page.get_by_label("Your question").fill(QUESTION)
    await page.keyboard.press("Enter")
    turn = page.get_by_role("article")
    await is_whole(turn)
    await expect(turn.locator(".prose")).to_have_text("A van is booked a week ahead. 1")
    assert len(looks) == 1


async def test_a_connection_that_breaks_in_mid_stream_costs_nothing(
    visitor: Visitor, site: Site, engine: PiecewiseEngine, caplog: pytest.LogCaptureFixture
) -> None:
    page = await visitor.open()
    posts, looks = watched(page, "/api/ask"), watched(page, "/api/replies/")
    turn = await asked(page)
    engine.say(AHEAD)
    await expect(turn).to_contain_text(AHEAD)
    site.cut_connections()
    await until(lambda: bool(looks))
    await expect(turn).to_contain_text(AHEAD)
    engine.end()
    await is_whole(turn)
    assert (len(posts), engine.asked, caplog.text) == (1, 1, "")  # the stream that nobody reads is no error
    visitor.complaints.clear()  # Chromium reports the broken connection itself


async def test_where_no_stream_comes_the_page_takes_the_json(visitor: Visitor, engine: PiecewiseEngine) -> None:
    page = await visitor.open()

    async def plainly(route: Route) -> None:
        await route.continue_(headers={**route.request.headers, "accept": "application/json"})

    await page.route("**/api/ask", plainly)
    engine.say(AHEAD)
    engine.end()
    await page.get_by_label("Your question").fill(QUESTION)
    await page.keyboard.press("Enter")
    turn = page.get_by_role("article")
    await is_whole(turn)
    await expect(turn).to_contain_text("A van is booked a week ahead.")
    assert await turn.locator(".answer").evaluate("one => one.closest('[aria-live]').ariaLive") == "polite"


async def test_a_review_is_announced_once_and_comes_by_a_stream(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    kinds: list[Any] = []
    page.on("response", lambda response: kinds.append(response.headers.get("content-type")))
    await page.evaluate(
        """() => {
          window.said = [];
          const status = document.getElementById("status");
          new MutationObserver(() => window.said.push(status.textContent)).observe(status, { childList: true });
        }"""
    )
    await review(page, DRAFT)
    assert "text/event-stream; charset=utf-8" in kinds
    assert await page.evaluate("window.said") == ["Reading the draft …"]


async def test_nothing_moves_where_motion_is_not_wanted(visitor: Visitor, engine: PiecewiseEngine) -> None:
    page = await visitor.open()
    turn = await asked(page)
    engine.say(AHEAD)
    await expect(turn).to_contain_text(AHEAD)
    assert await page.evaluate("document.getAnimations().length") == 0
    await page.emulate_media(reduced_motion="no-preference")
    assert await page.evaluate("document.getAnimations().length") > 0
    engine.end()
    await is_whole(turn)


@pytest.mark.parametrize("is_dark", [False, True])
async def test_a_growing_answer_can_be_read_on_a_narrow_screen(
    visitor: Visitor, engine: PiecewiseEngine, is_dark: bool
) -> None:
    page = await visitor.open(width=360, is_dark=is_dark)
    turn = await asked(page)
    engine.say(ADVICE, "x" * 200)
    await expect(turn).to_contain_text("x" * 200)
    assert await page.evaluate(LOW_CONTRAST) == []
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    engine.end()
    await is_whole(turn)
