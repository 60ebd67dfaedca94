"""Walks through Block Kit JSON and notes what Slack would refuse, in its own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Surface = Literal["message", "modal", "home"]
Check = Callable[["Walk", object, str], None]


@dataclass(slots=True)
class Walk:
    """One pass over a payload; `found` has the faults, each with its place."""

    surface: Surface
    found: list[str] = field(default_factory=list)

    def fault(self, at: str, words: str) -> None:
        self.found.append(f"[ERROR] {words} [json-pointer:{at}]")


@dataclass(frozen=True, slots=True)
class Shape:
    """What an object may hold: `needed` fields, `allowed` ones, and checks of the object as a whole."""

    needed: Mapping[str, Check] = field(default_factory=dict)
    allowed: Mapping[str, Check] = field(default_factory=dict)
    whole: tuple[Callable[[Walk, Mapping[str, object], str], None], ...] = ()

    def __call__(self, walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, dict):
            walk.fault(at, "must provide an object")
            return
        for name in self.needed:
            if name not in value:
                walk.fault(at, f"missing required field: {name}")
        for name, each in value.items():
            check = self.needed.get(name) or self.allowed.get(name)
            if check is None:
                if name != "type":
                    walk.fault(at, f"invalid additional property: {name}")
            else:
                check(walk, each, f"{at}/{name}")
        for check_whole in self.whole:
            check_whole(walk, value, at)


def typed(shapes: Mapping[str, Check]) -> Check:
    """An object whose `type` says what it is."""

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, dict):
            walk.fault(at, "must provide an object")
        elif "type" not in value:
            walk.fault(at, "missing required field: type")
        elif not isinstance(value["type"], str) or value["type"] not in shapes:
            walk.fault(f"{at}/type", f"unsupported type: {value['type']}")
        else:
            shapes[value["type"]](walk, value, at)

    return check


def string(most: int, least: int = 1) -> Check:
    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, str):
            walk.fault(at, "must be a string")
        elif len(value) > most:
            walk.fault(at, f"must be less than {most + 1} characters")
        elif len(value) < least or (least and not value.strip()):
            walk.fault(at, f"must be more than {max(least - 1, 0)} characters")

    return check


def url(most: int = 3_000) -> Check:
    length = string(most)

    def check(walk: Walk, value: object, at: str) -> None:
        before = len(walk.found)
        length(walk, value, at)
        if len(walk.found) == before and not str(value).startswith(("https://", "http://", "mailto:", "slack://")):
            walk.fault(at, "must be a valid URL")

    return check


def whole(least: int, most: int) -> Check:
    def check(walk: Walk, value: object, at: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            walk.fault(at, "must be an integer")
        elif value < least:
            walk.fault(at, f"must be greater than {least - 1}")
        elif value > most:
            walk.fault(at, f"must be less than {most + 1}")

    return check


def boolean(walk: Walk, value: object, at: str) -> None:
    if not isinstance(value, bool):
        walk.fault(at, "must be a boolean")


def one_of(*values: str) -> Check:
    def check(walk: Walk, value: object, at: str) -> None:
        if value not in values:
            walk.fault(at, "must be a valid enum value")

    return check


def items(check_item: Check, most: int, least: int = 1) -> Check:
    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, list):
            walk.fault(at, "must provide an array")
            return
        if len(value) < least:
            walk.fault(at, f"must provide at least {least} items")
        if len(value) > most:
            walk.fault(at, f"no more than {most} items allowed")
        for number, each in enumerate(value):
            check_item(walk, each, f"{at}/{number}")

    return check


def anything(walk: Walk, value: object, at: str) -> None:
    """What Slack does not look into."""
