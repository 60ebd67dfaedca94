"""What messages, forms and the App Home are built of. Every text given here is plain: it is shown as it stands.

Text stands in `rich_text` and `plain_text`, in which nothing can be marked up, mentioned or linked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from bot.channels.slack.render.message import Block, characters
from bot.channels.split import shortened, split
from bot.channels.visible import visible

Element = Mapping[str, object]
"""A part of a block: a run of text, a paragraph, a button."""

MAX_TEXT = 3_000
"""Characters of a text object, and of all of a rich_text block."""
MAX_HEADER = 150
MAX_BUTTON = 75
MAX_CONTEXT = 10

NOTHING = "\N{EM DASH}"
"""Stands where there is no text."""

Style = Literal["bold", "italic", "strike", "code"]


def run(text: str, *styles: Style) -> Element:
    """A run of text in a paragraph."""
    plain: dict[str, object] = {"type": "text", "text": visible(text)}
    return {**plain, "style": dict.fromkeys(styles, True)} if styles else plain


def bold(text: str) -> Element:
    """A run that stands out, such as a label."""
    return run(text, "bold")


def paragraph(*runs: Element | str) -> Element:
    """Runs on a line of their own; what is only text is a run without style."""
    return _lines("rich_text_section", runs)


def quote(*runs: Element | str) -> Element:
    """Runs behind a bar."""
    return _lines("rich_text_quote", runs)


def preformatted(text: str) -> Element:
    """Text in a box, every space kept: what is to be copied."""
    return _lines("rich_text_preformatted", (text,))


def rich_text(*elements: Element) -> tuple[Block, ...]:
    """One block of paragraphs, quotes and boxes, or as many as their text needs."""
    pages: list[list[Element]] = [[]]
    room = MAX_TEXT
    for part in (part for element in elements for part in _parts(element)):
        size = characters(part)
        if pages[-1] and size > room:
            pages.append([])
            room = MAX_TEXT
        pages[-1].append(part)
        room -= size
    return tuple({"type": "rich_text", "elements": page} for page in pages if page)


def text_blocks(text: str) -> tuple[Block, ...]:
    """Plain text, its paragraphs and lines kept."""
    return rich_text(paragraph(text))


def context(*texts: str) -> Block:
    """Small grey print, at most 10 texts one after the other; texts that are too long for it are shortened."""
    shown = texts[:MAX_CONTEXT] or ("",)
    return {"type": "context", "elements": [plain_text(text, MAX_TEXT // len(shown)) for text in shown]}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain_text(text, MAX_HEADER)}


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def button(
    label: str,
    action_id: str,
    value: str = "",
    *,
    style: Literal["primary", "danger"] | None = None,
) -> Element:
    """A button; an empty `value` is left out, as Slack wants it."""
    made: dict[str, object] = {"type": "button", "text": plain_text(label, MAX_BUTTON), "action_id": action_id}
    return {
        **made,
        **({"value": value} if value else {}),
        **({"style": style} if style else {}),
    }


def actions(*elements: Element) -> Block:
    """A row of at most 25 buttons and menus."""
    return {"type": "actions", "elements": list(elements)}


def feedback(block_id: str) -> Block:
    """Two thumbs, for what a person thinks of an answer."""
    return {
        "type": "context_actions",
        "block_id": block_id,
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": plain_text("Good", MAX_BUTTON), "value": "good"},
                "negative_button": {"text": plain_text("Bad", MAX_BUTTON), "value": "bad"},
            }
        ],
    }


def plain_text(text: str, limit: int = MAX_TEXT) -> Element:
    """A text object in which nothing is marked up, shortened to `limit` characters; Slack takes no blank one."""
    return {"type": "plain_text", "text": shortened(visible(text), limit).strip() or NOTHING, "emoji": False}


def _lines(kind: str, runs: Sequence[Element | str]) -> Element:
    made = [run(each) if isinstance(each, str) else each for each in runs]
    return {"type": kind, "elements": [each for each in made if each.get("text") != ""] or [run(" ")]}


def _parts(element: Element) -> Iterator[Element]:
    """The element itself, or several of its kind that share its text, none longer than a block may be."""
    if characters(element) <= MAX_TEXT:
        yield element
        return
    part: list[Element] = []
    room = MAX_TEXT
    for piece in _pieces(element):
        size = characters(piece)
        if part and size > room:
            yield {**element, "elements": part}
            part, room = [], MAX_TEXT
        part.append(piece)
        room -= size
    yield {**element, "elements": part}


def _pieces(element: Element) -> Iterator[Element]:
    runs = element["elements"]
    assert isinstance(runs, Iterable)  # noqa: S101 - made by _lines
    for each in runs:
        for text in split(each["text"], MAX_TEXT):
            yield {**each, "text": text}
