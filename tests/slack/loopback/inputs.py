"""What a person does with one element: clicks it, or fills it in."""

from collections.abc import Iterator, Mapping, Sequence

from tests.slack.loopback.files import store
from tests.slack.loopback.seen import interactive
from tests.slack.loopback.state import State
from tests.slack.loopback.workspace import Json, Upload, View

_SELECTS = ("static_select", "radio_buttons", "overflow")
_INPUT_MOST = 3_000


def action_of(blocks: Sequence[Json], action_id: str, value: object, index: int) -> Json:
    """Gives the action that a click on an element makes.

    Args:
        blocks: what is before the person.
        action_id: of the element.
        value: which of several: a button's value, one of two feedback buttons, an option; None takes the first.
        index: which of those that fit.

    Raises:
        LookupError: there is nothing such to click.
    """
    found = [
        action
        for block in blocks
        for element in interactive([block])
        if element["action_id"] == action_id
        for action in _clicks(element, block["block_id"], value)
    ]
    if index >= len(found):
        there = [(each["action_id"], each.get("value")) for each in interactive(list(blocks))]
        raise LookupError(f"no {action_id} with value {value!r} (number {index}) to click; there are {there}")
    return found[index]


def _clicks(element: Json, block_id: str, value: object) -> Iterator[Json]:
    kind = element["type"]
    base: Json = {"type": kind, "action_id": element["action_id"], "block_id": block_id}
    if kind == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            button = element[side]
            if value in (None, button["value"]):
                yield {**base, "text": button["text"], "value": button["value"]}
    elif kind in ("button", "icon_button"):
        if value is None or value == element.get("value"):
            shown: Json = {key: element[key] for key in ("text", "value", "style", "url") if key in element}
            yield base | shown
    elif kind in _SELECTS:
        for option in _options(element):
            if value in (None, option["value"]):
                yield {**base, "selected_option": option}
    elif kind == "checkboxes":
        chosen = value if isinstance(value, list) else [value]
        yield {**base, "selected_options": [each for each in _options(element) if each["value"] in chosen]}
    else:
        yield {**base, "value": value}


def _options(element: Json) -> list[Json]:
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(each for group in groups for each in group["options"])]


def values_of(state: State, view: View, filled: Mapping[str, object]) -> Json:
    """Gives `view.state.values`: what `filled` says by action_id or block_id, else what fields start with.

    Raises:
        ValueError: a person could not send this: a field that has to be filled is not, or holds too much.
    """
    values: Json = {}
    used = set()
    for block in view.blocks:
        for element in interactive([block]):
            if block["type"] == "input" or element["type"] in (*_SELECTS, "checkboxes"):
                key = element["action_id"] if element["action_id"] in filled else block["block_id"]
                used.add(key)
                entered = _entered(state, view.user, element, filled.get(key))
                if block["type"] == "input" and not block.get("optional") and _is_empty(entered):
                    raise ValueError(f"{key} has to be filled in")
                values.setdefault(block["block_id"], {})[element["action_id"]] = entered
    unknown = set(filled) - used
    if unknown:
        raise ValueError(f"the view has no {sorted(unknown)}, but {sorted(used)}")
    return values


def _entered(state: State, user: str, element: Json, given: object) -> Json:
    kind = element["type"]
    if kind in _SELECTS:
        chosen = next((each for each in _options(element) if each["value"] == given), element.get("initial_option"))
        return {"type": kind, "selected_option": chosen}
    if kind == "checkboxes":
        wanted = given if isinstance(given, list) else []
        some = [each for each in _options(element) if each["value"] in wanted]
        return {"type": kind, "selected_options": some if given is not None else element.get("initial_options", [])}
    if kind == "file_input":
        uploads = given if isinstance(given, list | tuple) else []
        stored = [store(state, each, user).info for each in uploads if isinstance(each, Upload)]
        return {"type": kind, "files": stored}
    text = element.get("initial_value") if given is None else given
    most = element.get("max_length", _INPUT_MOST)
    if text is not None and len(str(text)) > most:
        raise ValueError(f"{element['action_id']} holds {most} characters, not {len(str(text))}")
    if text and len(str(text)) < element.get("min_length", 0):
        raise ValueError(f"{element['action_id']} needs {element['min_length']} characters")
    return {"type": kind, "value": text or None}


def _is_empty(entered: Json) -> bool:
    return not any(value for key, value in entered.items() if key != "type")
