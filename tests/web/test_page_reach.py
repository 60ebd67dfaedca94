"""Who can use the page: by keyboard, by screen reader, in the dark, on a phone, with a token."""

import pytest
from playwright.async_api import Page, expect

from bot.channels.web.attempts import MOST
from tests.web.conftest import Site, Visitor
from tests.web.test_page_ask import ask
from tests.web.test_page_review import review

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOW_CONTRAST = """() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((one, i) => one * a + under[i] * (1 - a));
  const ground = (element) => {
    const colour = parse(getComputedStyle(element).backgroundColor);
    if ((colour[3] ?? 1) === 1) return colour.slice(0, 3);
    return over(colour, element.parentElement ? ground(element.parentElement) : [255, 255, 255]);
  };
  const light = (colour) => colour.map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0);
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!hasText || !element.checkVisibility()) continue;
    const under = ground(element);
    const [one, other] = [light(over(parse(getComputedStyle(element).color), under)), light(under)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)} .${element.className} ${element.textContent.slice(0, 30)}`);
  }
  return low;
}"""


async def width_of(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth"))


async def ask_everything(page: Page) -> None:
    await ask(page, "What does a box of books weigh?")
    await ask(page, "Can I say that nothing ever breaks?")
    await ask(page, "Which boxes travel abroad by ship?")
    await page.get_by_role("button", name="Source 1: Packing").click()


async def test_the_whole_way_works_by_keyboard(visitor: Visitor) -> None:
    page = await visitor.open()
    await expect(page.get_by_role("list", name="Or start with one of these")).to_be_visible()
    for _ in range(3):
        await page.keyboard.press("Tab")
    await expect(page.get_by_label("Your question")).to_be_focused()
    await page.keyboard.type("What does a box of books weigh?")
    await page.keyboard.press("Enter")
    marker = page.get_by_role("button", name="Source 1: Packing")
    await expect(marker).to_be_visible()
    await expect(page.get_by_label("Your question")).to_be_focused()
    await marker.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("figure")).to_be_focused()

    await page.get_by_role("link", name="Review").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Review a draft")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Your draft")).to_be_focused()
    await page.keyboard.insert_text("We can move you tomorrow.")
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(page.get_by_role("heading", name="1 sentence to change")).to_be_focused()
    await page.get_by_role("radio", name="Use this").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="Keep mine")).to_be_checked()
    await expect(page.get_by_role("region", name="Rewritten draft")).to_have_text("We can move you tomorrow.")


async def test_focus_can_be_seen_on_everything_that_takes_it(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await review(page, "We can move you tomorrow.")
    seen = set()
    for _ in range(12):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            """() => {
              const one = document.activeElement;
              const shown = one.type === "radio" ? one.closest("label") : one;
              return [one.tagName + one.textContent.slice(0, 20), getComputedStyle(shown).outlineStyle];
            }"""
        )
        seen.add(tuple(focused))
    assert {outline for name, outline in seen if not name.startswith("BODY")} == {"solid"}
    assert len(seen) > 6


async def test_landmarks_headings_and_names_are_there_for_a_screen_reader(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await review(page, "We can move you tomorrow. Nothing ever breaks?")
    for role in ("banner", "navigation", "main", "contentinfo"):
        await expect(page.get_by_role(role)).to_have_count(1)
    await expect(page.get_by_role("heading", level=1)).to_have_text(["Review a draft"])
    await expect(page.get_by_role("link", name="Review")).to_have_attribute("aria-current", "page")
    await expect(page.get_by_role("group", name="Change 1").get_by_role("radio")).to_have_count(3)
    for control in await page.locator("button:visible, input:visible, textarea:visible, a:visible").all():
        snapshot = await control.aria_snapshot()
        assert '"' in snapshot, f"a control without a name: {snapshot}"
    await page.goto(f"{visitor.site.url}#ask")
    await expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "polite")


async def test_the_address_names_the_view(visitor: Visitor) -> None:
    page = await visitor.open("#review")
    await expect(page.get_by_label("Your draft")).to_be_visible()
    await page.get_by_role("link", name="Ask").click()
    await expect(page.get_by_label("Your question")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_label("Your draft")).to_be_visible()


@pytest.mark.parametrize("is_dark", [False, True])
async def test_every_text_has_contrast_enough(visitor: Visitor, is_dark: bool) -> None:
    page = await visitor.open("#ask", is_dark=is_dark)
    await ask_everything(page)
    assert await page.evaluate(LOW_CONTRAST) == []
    await page.get_by_role("link", name="Review").click()
    assert await page.evaluate(LOW_CONTRAST) == []
    await review(page, "We can move you tomorrow. Nothing ever breaks? Nothing ever breaks.")
    await page.get_by_role("listitem", name="Change 2").get_by_role("radio", name="Keep mine").check()
    assert await page.evaluate(LOW_CONTRAST) == []


async def test_the_dark_page_is_dark(visitor: Visitor) -> None:
    grounds = []
    for is_dark in (False, True):
        page = await visitor.open(is_dark=is_dark)
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
        grounds.append(sum(ground) / 3)
    assert grounds[0] > 200 > 60 > grounds[1]


@pytest.mark.parametrize("width", [320, 700, 1000, 1280, 2000])
async def test_nothing_is_wider_than_the_window(visitor: Visitor, width: int) -> None:
    page = await visitor.open("#ask", width=width)
    await ask_everything(page)
    await ask(page, f"When is a van booked {'x' * 300}?")
    assert await width_of(page) == width
    await page.get_by_role("link", name="Review").click()
    assert await width_of(page) == width
    await review(page, f"{'y' * 400}\nWe can move you tomorrow {'z' * 400}. Nothing ever breaks?")
    assert await width_of(page) == width


async def test_with_a_token_the_page_asks_for_it_once_and_loses_nothing(visitor: Visitor, site: Site) -> None:
    page = await visitor.open()
    await page.get_by_label("Your question").fill("When is a van booked?")
    await site.stop()
    site.token = "a-long-and-secret-token"  # noqa: S105 - a test's token
    await site.start()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Sign in to Field Coach")
    await dialog.get_by_label("Token").fill("wrong")
    await dialog.get_by_role("button", name="Sign in").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("not the coach's token")
    await dialog.get_by_label("Token").fill(site.token)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article")).to_contain_text("A van is booked a week ahead.")
    await page.reload()
    await expect(page.get_by_role("list", name="Or start with one of these")).to_be_visible()
    await expect(dialog).to_be_hidden()
    visitor.complaints.clear()  # Chromium reports the 401 and the 403 itself


async def test_after_too_many_wrong_tokens_the_page_says_when_to_try_again(visitor: Visitor, site: Site) -> None:
    await site.stop()
    site.token = "a-long-and-secret-token"  # noqa: S105 - a test's token
    await site.start()
    page = await visitor.open()
    for guess in range(MOST):
        await page.request.post(f"{site.url}api/signin", data={"token": f"guess {guess}"})
    dialog = page.get_by_role("dialog", name="Sign in to Field Coach")
    await dialog.get_by_label("Token").fill(site.token)
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("too many wrong tokens just now: try again in")
    visitor.complaints.clear()  # Chromium reports the 401 and the 429 itself


async def test_closing_the_sign_in_says_what_is_missing(visitor: Visitor, site: Site) -> None:
    await site.stop()
    site.token = "a-long-and-secret-token"  # noqa: S105 - a test's token
    await site.start()
    page = await visitor.open("#review")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alert")).to_have_text("Sign in to use the coach.")
    visitor.complaints.clear()  # Chromium reports the 401 itself
