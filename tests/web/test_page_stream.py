"""The page's reader of Server-Sent Events, in a real Chromium, whose own reader it has to agree with."""

import random

import pytest
from playwright.async_api import Page, Route

from tests.web.conftest import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAMES = ["message", "delta", "reply"]

READ = """async (texts) => {
  const { EventParser } = await import("/page/stream.js");
  return texts.map((pieces) => {
    const parser = new EventParser();
    return pieces.flatMap((piece) => parser.push(piece)).map(({ type, data }) => [type, data]);
  });
}"""

READ_BY_BROWSER = """([url, names]) => new Promise((resolve) => {
  const source = new EventSource(url);
  const read = [];
  for (const name of names) source.addEventListener(name, (event) => read.push([name, event.data]));
  source.addEventListener("error", (event) => {
    source.close();
    resolve(read);
  });
})"""


async def read(page: Page, *texts: list[str]) -> list[list[list[str]]]:
    """Gives the events of each text, which comes in pieces, as [name, data]."""
    events: list[list[list[str]]] = await page.evaluate(READ, texts)
    return events


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("data: a\n\n", [["message", "a"]]),
        ("event: delta\ndata: a\n\n", [["delta", "a"]]),
        ("data: a\nevent: delta\n\n", [["delta", "a"]]),
        ("event: delta\ndata: a\n\ndata: b\n\n", [["delta", "a"], ["message", "b"]]),
        ("data: a\ndata: b\n\n", [["message", "a\nb"]]),
        ("data:a\n\ndata:  b\n\n", [["message", "a"], ["message", " b"]]),
        ("data\n\ndata:\n\n", [["message", ""], ["message", ""]]),
        ("data: a: b\n\n", [["message", "a: b"]]),
        (": wait\n\ndata: a\n\n", [["message", "a"]]),
        ("data: a\n: wait\ndata: b\n\n", [["message", "a\nb"]]),
        ("event: delta\n\ndata: a\n\n", [["message", "a"]]),
        ("retry: 5\nid: 7\nother: x\ndata : x\n data: x\n\n", []),
        ("data: a\r\rdata: b\r\n\r\ndata: c\n\r\n", [["message", "a"], ["message", "b"], ["message", "c"]]),
        ("data: a", []),
        ("data: a\n", []),
        ("data: a\n\r", [["message", "a"]]),
        ("\n\n\n", []),
        ("data: שלום 👋\u2028b\x00\n\n", [["message", "שלום 👋\u2028b\x00"]]),
    ],
)
async def test_events_are_read_as_the_format_has_them_wherever_they_are_cut(
    visitor: Visitor, text: str, events: list[list[str]]
) -> None:
    page = await visitor.open()
    cut_once = [[text[:place], text[place:]] for place in range(len(text) + 1)]
    found = await read(page, [text], list(text), *cut_once)
    assert all(one == events for one in found)


async def test_any_stream_is_read_as_the_browser_reads_it(visitor: Visitor) -> None:
    page = await visitor.open()
    chance = random.Random(7)  # noqa: S311 - the same streams each time
    whole = ["data: x\n", "data:y\r\n", "data\r", "event: delta\n", "event:reply\r\n", ": wait\n", "\n", "\r\n", "\r"]
    parts = [*whole, *whole, *"data event : \n \r x 👋 id: 1".split(" "), " "]
    texts = ["".join(chance.choices(parts, k=chance.randint(1, 30))) for _ in range(80)]

    async def serve(route: Route) -> None:
        text = texts[int(route.request.url.rpartition("=")[2])]
        await route.fulfill(body=text.encode(), content_type="text/event-stream")

    await page.route("**/browser?*", serve)
    by_browser = [await page.evaluate(READ_BY_BROWSER, [f"/browser?text={n}", NAMES]) for n in range(len(texts))]
    found = await read(page, *(list(text) for text in texts))
    named = [[event for event in events if event[0] in NAMES] for events in found]
    assert named == by_browser
    assert sum(map(len, by_browser)) > len(texts) // 2
