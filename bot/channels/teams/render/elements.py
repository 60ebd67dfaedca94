"""What cards are built of. Every text given here is plain: it stands in runs, in which nothing is marked up.

Teams' clients draw a break within a run or leave it out: a line is a block of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from bot.channels.split import shortened, split
from bot.channels.teams.render.message import NOTHING, Card
from bot.channels.visible import visible

Element = Mapping[str, object]
"""A part of a card, or one of its buttons."""

VERSION = "1.4"
"""The first one with `Action.Execute`; phones draw it too."""
MAX_RUN = 2_000
"""Characters of a run: what is longer goes on in the next one, so that a long text can be parted."""

MAX_FOOTNOTE = 300
"""Characters of what is said of a reply itself."""

Style = Literal["default", "positive", "destructive"]
Color = Literal["good", "attention"]
Ground = Literal["emphasis", "good"]


def run(text: str, *, bold: bool = False, subtle: bool = False, color: Color | None = None) -> Element:
    """A run of text."""
    made: dict[str, object] = {"type": "TextRun", "text": visible(text)}
    return {
        **made,
        **({"weight": "bolder"} if bold else {}),
        **({"isSubtle": True} if subtle else {}),
        **({"color": color} if color else {}),
    }


def code(text: str, *, color: Color | None = None) -> tuple[Element, ...]:
    """A line of a file, its indentation kept."""
    kept = visible(text).replace("\t", "    ")
    indent = len(kept) - len(kept.lstrip(" "))
    shown = "\N{NO-BREAK SPACE}" * indent + kept[indent:]
    return tuple(
        line({**run(part, color=color), "fontType": "monospace"}, close=True) for part in split(shown or " ", MAX_RUN)
    )


def label(text: str) -> Element:
    """A line that says what follows."""
    return line(run(text, bold=True))


def line(*runs: Element, close: bool = False) -> Element:
    """Runs on a line of their own; `close` leaves no room above it."""
    inlines = [each for each in runs if each.get("text")] or [run(NOTHING)]
    made: dict[str, object] = {"type": "RichTextBlock", "inlines": inlines}
    return {**made, "spacing": "none"} if close else made


def footnote(text: str) -> Element:
    """A line in grey, shortened where it is long."""
    return line(run(shortened(text, MAX_FOOTNOTE), subtle=True))


def lines(
    text: str, *, lead: Element | None = None, bold: bool = False, subtle: bool = False, close: bool = False
) -> tuple[Element, ...]:
    """Text, its lines kept, in one block a line or several for a long line.

    `lead` stands before the first one; `close` leaves no room above it.
    """
    return tuple(_lines(text, lead, bold=bold, subtle=subtle, close=close))


def box(*items: Element, ground: Ground = "emphasis") -> Element:
    """Elements on a ground of their own."""
    return {"type": "Container", "style": ground, "spacing": "small", "items": list(items)}


def hidden(id_: str, items: Sequence[Element]) -> Element:
    """Elements that only a button shows."""
    return {"type": "Container", "id": id_, "isVisible": False, "items": list(items)}


def apart(element: Element) -> Element:
    """The element below a thin line."""
    return {**element, "separator": True, "spacing": "medium"}


def copied(id_: str, name: str, text: str) -> Element:
    """A field that holds text to be copied, every character kept."""
    return typed(id_, name, value=text, lines=True)


def typed(
    id_: str,
    name: str,
    *,
    value: str = "",
    lines: bool = False,
    most: int = 0,
    needed: str = "",
    placeholder: str = "",
) -> Element:
    """A field to type in; `needed` says what is missing where it is left empty."""
    made: dict[str, object] = {"type": "Input.Text", "id": id_, "label": name}
    return {
        **made,
        **({"isMultiline": True} if lines else {}),
        **({"value": visible(value)} if value else {}),
        **({"maxLength": most} if most else {}),
        **({"placeholder": placeholder} if placeholder else {}),
        **({"isRequired": True, "errorMessage": needed} if needed else {}),
    }


def whole_number(id_: str, name: str, least: int, most: int) -> Element:
    """A field for a number."""
    wrong = f"A whole number from {least} to {most}."
    return {"type": "Input.Number", "id": id_, "label": name, "min": least, "max": most, "errorMessage": wrong}


def ticked(id_: str, title: str) -> Element:
    """A box to tick: "true" or "false", which it is to begin with."""
    return {"type": "Input.Toggle", "id": id_, "title": title, "value": "false", "wrap": True}


def execute(
    title: str, verb: str, data: Mapping[str, object], *, style: Style = "default", typed: bool = False
) -> Element:
    """A button that tells the coach `verb` and `data`, and with `typed` what stands in the card's fields."""
    return {**_button("Action.Execute", title, data, style=style, typed=typed), "verb": verb}


def submit(title: str, data: Mapping[str, object], *, style: Style = "default", typed: bool = False) -> Element:
    """The same in a dialog."""
    return _button("Action.Submit", title, data, style=style, typed=typed)


def unfolds(title: str, body: Sequence[Element], actions: Sequence[Element], *, style: Style = "default") -> Element:
    """A button that opens a card below itself."""
    made: dict[str, object] = {"type": "Action.ShowCard", "title": title, "card": card(body, actions)}
    return made if style == "default" else {**made, "style": style}


def shows(title: str, ids: Sequence[str]) -> Element:
    """A button that shows elements of the card, or hides them again."""
    return {"type": "Action.ToggleVisibility", "title": title, "targetElements": list(ids)}


def actions(*buttons: Element) -> Element:
    """A row of buttons."""
    return {"type": "ActionSet", "actions": list(buttons)}


def card(body: Sequence[Element], actions: Sequence[Element] = ()) -> Card:
    """A card as wide as Teams lets it be."""
    made: dict[str, object] = {"type": "AdaptiveCard", "version": VERSION, "body": list(body)}
    return {**made, "actions": list(actions)} if actions else made


def wide(made: Card) -> Card:
    """The same card, for a message, as wide as the message."""
    return {**made, "msteams": {"width": "Full"}}


def _button(kind: str, title: str, data: Mapping[str, object], *, style: Style, typed: bool) -> dict[str, object]:
    made: dict[str, object] = {"type": kind, "title": title, "data": dict(data)}
    return {
        **made,
        **({} if style == "default" else {"style": style}),
        **({} if typed else {"associatedInputs": "none"}),
    }


def _lines(text: str, lead: Element | None, *, bold: bool, subtle: bool, close: bool) -> Iterator[Element]:
    is_first, after_blank = True, not close
    for each in visible(text).split("\n"):
        if not each.strip():
            after_blank = True
            continue
        for piece in split(each, MAX_RUN):
            words = run(piece, bold=bold, subtle=subtle)
            yield line(*((lead, words) if lead and is_first else (words,)), close=not after_blank)
            is_first = after_blank = False
    if is_first:
        yield line(*((lead,) if lead else ()), close=close)
