"""Adaptive Cards as a person has them before them: their text, their inputs, and what can be pressed.

Which inputs a button sends along, and that they are strings, is as in the npm package adaptivecards 3.0.6.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.teams.loopback.markdown import plain
from tests.teams.loopback.workspace import Json

_INSIDE = ("items", "columns", "body", "images")
_PRESSED = ("Action.Execute", "Action.Submit")


@dataclass(frozen=True, slots=True)
class Button:
    """An action that sends something, with the inputs that it sends along."""

    action: Json
    inputs: dict[str, Json] = field(default_factory=dict)

    def data(self, given: Mapping[str, str] | None = None) -> Json:
        """What is sent: the action's data, and what was filled in or stood there; an empty input is left out.

        Raises:
            LookupError: there is no such input.
            ValueError: the client does not send what stands in an input.
        """
        given = given or {}
        unknown = set(given) - set(self.inputs)
        if unknown:
            raise LookupError(f"there is no input {', '.join(sorted(unknown))}, only {', '.join(self.inputs)}")
        values = {name: given.get(name, value_of(each)) for name, each in self.inputs.items()}
        for name, each in self.inputs.items():
            check(each, values[name])
        return {**data_of(self.action), **{name: value for name, value in values.items() if value}}


def data_of(action: Json) -> Json:
    """What an action carries; none if it is no object."""
    data = action.get("data")
    return data if isinstance(data, dict) else {}


def value_of(input_: Json) -> str:
    """What stands in an input that nobody touched."""
    if input_["type"] == "Input.Toggle":
        return str(input_.get("value", input_.get("valueOff", "false")))
    return str(input_.get("value", ""))


def check(input_: Json, value: str) -> None:
    """What the client looks at before it sends anything.

    Raises:
        ValueError: it shows the input as wrong.
    """
    name, kind = input_["id"], input_["type"]
    is_off = kind == "Input.Toggle" and value != input_.get("valueOn", "true")
    if input_.get("isRequired") and (not value or is_off):
        raise ValueError(f"the input {name} is required")
    if len(value) > input_.get("maxLength", len(value)):
        raise ValueError(f"the input {name} takes {input_['maxLength']} characters")
    if kind == "Input.Number" and value:
        number = float(value)
        if not input_.get("min", number) <= number <= input_.get("max", number):
            raise ValueError(f"the input {name} takes {input_.get('min')} to {input_.get('max')}")


def buttons(card: Json) -> Iterator[Button]:
    """Everything in a card that sends something, those that another button unfolds included."""
    yield from _buttons(card, {})


def _buttons(card: Json, above: dict[str, Json]) -> Iterator[Button]:
    inputs = {**above, **{str(each["id"]): each for each in _inputs(card)}}
    for action in _actions(card):
        if action["type"] in _PRESSED:
            yield Button(action, {} if action.get("associatedInputs") == "none" else inputs)
        elif action["type"] == "Action.ShowCard":
            yield from _buttons(action["card"], inputs)


def find(cards: list[Json], wanted: str, data: Mapping[str, object] | None = None) -> tuple[int, Button]:
    """Which card has the button with this verb or title, and the button; `data` is what its data has to hold.

    Raises:
        LookupError: there is none.
    """
    there = [(number, each) for number, card in enumerate(cards) for each in buttons(card)]
    for number, button in there:
        action = button.action
        named = wanted in (action.get("verb"), action.get("title"), "")
        held = data_of(action)
        if named and all(held.get(name) == value for name, value in (data or {}).items()):
            return number, button
    known = [(each.action.get("verb"), each.action.get("title"), each.action.get("data")) for _, each in there]
    raise LookupError(f"there is no button {wanted!r} with {dict(data or {})}, only {known}")


def text(card: Json) -> str:
    """All that a card says, what its buttons unfold included: texts, what stands in inputs, titles of buttons."""
    return "\n".join(_lines(card))


def _lines(element: Json) -> Iterator[str]:
    yield from _own_lines(element)
    for name in _INSIDE:
        for each in element.get(name) or ():
            yield from _lines(each)
    for action in element.get("actions") or ():
        yield f"[{action.get('title', '')}]"
        if action["type"] == "Action.ShowCard":
            yield from _lines(action["card"])


def _own_lines(element: Json) -> Iterator[str]:
    kind = str(element.get("type"))
    if kind == "TextBlock":
        yield plain(element["text"], in_card=True)
    elif kind == "RichTextBlock":
        yield "".join(each if isinstance(each, str) else each["text"] for each in element["inlines"])
    elif kind == "Image":
        yield f"[{element.get('altText', '')}]"
    elif kind == "FactSet":
        for fact in element["facts"]:
            yield f"{plain(fact['title'], in_card=True)} {plain(fact['value'], in_card=True)}"
    elif kind.startswith("Input."):
        yield from _input_lines(element)


def _input_lines(element: Json) -> Iterator[str]:
    if element.get("label"):
        yield str(element["label"])
    if element["type"] == "Input.Toggle":
        yield f"{'☑' if _on(element) else '☐'} {element['title']}"
    elif element["type"] == "Input.ChoiceSet":
        chosen = str(element.get("value", "")).split(",")
        yield from (f"{'◉' if each['value'] in chosen else '○'} {each['title']}" for each in element["choices"])
    elif value_of(element):
        yield value_of(element)


def _on(toggle: Json) -> bool:
    return bool(value_of(toggle) == toggle.get("valueOn", "true"))


def _inputs(element: Json) -> Iterator[Json]:
    """The inputs in a card, those that its buttons unfold not among them."""
    if str(element.get("type")).startswith("Input."):
        yield element
    for name in _INSIDE:
        for each in element.get(name) or ():
            yield from _inputs(each)


def _actions(element: Json) -> Iterator[Json]:
    for name in _INSIDE:
        for each in element.get(name) or ():
            yield from _actions(each)
    yield from element.get("actions") or ()
    for name in ("selectAction", "inlineAction"):
        single: Any = element.get(name)
        if single is not None:
            yield single
