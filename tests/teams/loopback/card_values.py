"""The values that properties of Adaptive Cards take."""

from tests.teams.loopback.card_walk import Check, Walk, boolean, one_of

SPACING = one_of("default", "none", "small", "medium", "large", "extraLarge", "padding")
COLOR = one_of("default", "dark", "light", "accent", "good", "warning", "attention")
SIZE = one_of("default", "small", "medium", "large", "extraLarge")
WEIGHT = one_of("default", "lighter", "bolder")
FONT = one_of("default", "monospace")
LEFT = one_of("left", "center", "right")
TOP = one_of("top", "center", "bottom")
STYLE = one_of("default", "emphasis", "good", "attention", "warning", "accent")

TEXT: dict[str, Check] = {
    "color": COLOR,
    "size": SIZE,
    "weight": WEIGHT,
    "fontType": FONT,
    "isSubtle": boolean,
}


def block(walk: Walk, value: object, at: str) -> None:
    one_of("auto", "stretch")(walk, value, at)


def width(walk: Walk, value: object, at: str) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number and not (isinstance(value, str) and (value in ("auto", "stretch") or value[:1].isdigit())):
        walk.fault(at, "must be auto, stretch, a weight or pixels")


def targets(walk: Walk, value: object, at: str) -> None:
    for place, each in enumerate(value if isinstance(value, list) else ()):
        named = each.get("elementId") if isinstance(each, dict) else each
        walk.targets.append((str(named), f"{at}/{place}"))
    if not isinstance(value, list) or not value:
        walk.fault(at, "must be an array with something in it")


def data(walk: Walk, value: object, at: str) -> None:
    if not isinstance(value, dict | str):
        walk.fault(at, "must be an object or a string")
