"""Walks through an Adaptive Card's JSON and notes what is wrong in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[["Walk", object, str], None]


@dataclass(slots=True)
class Walk:
    """One pass over a card: the faults that were found, the ids and what they are wanted for."""

    found: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    targets: list[tuple[str, str]] = field(default_factory=list)
    cards: int = 0

    def fault(self, at: str, words: str) -> None:
        self.found.append(f"{at}: {words}")


@dataclass(frozen=True, slots=True)
class Shape:
    """What an object may hold: `needed` properties and `allowed` ones."""

    needed: Mapping[str, Check] = field(default_factory=dict)
    allowed: Mapping[str, Check] = field(default_factory=dict)

    def __call__(self, walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, dict):
            walk.fault(at, "must be an object")
            return
        for name in self.needed:
            if name not in value:
                walk.fault(at, f"{name} is missing")
        for name, each in value.items():
            check = self.needed.get(name) or self.allowed.get(name)
            if check is not None:
                check(walk, each, f"{at}/{name}")
            elif name != "type":
                walk.fault(at, f"{name} is not known")


def typed(shapes: Mapping[str, Check]) -> Check:
    """An object whose `type` says what it is."""

    def check(walk: Walk, value: object, at: str) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in shapes:
            walk.fault(at, f"type {kind!r} is not known here")
        else:
            shapes[kind](walk, value, at)

    return check


def string(walk: Walk, value: object, at: str) -> None:
    if not isinstance(value, str):
        walk.fault(at, "must be a string")


def words(walk: Walk, value: object, at: str) -> None:
    if not isinstance(value, str) or not value:
        walk.fault(at, "must be a string with something in it")


def boolean(walk: Walk, value: object, at: str) -> None:
    if not isinstance(value, bool):
        walk.fault(at, "must be true or false")


def number(walk: Walk, value: object, at: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        walk.fault(at, "must be a number")


def url(walk: Walk, value: object, at: str) -> None:
    if not isinstance(value, str) or not value.startswith(("https://", "http://", "mailto:", "data:image/")):
        walk.fault(at, "must be a URL")


def unique_id(walk: Walk, value: object, at: str) -> None:
    words(walk, value, at)
    if str(value) in walk.ids:
        walk.fault(at, f"{value!r} is there already")
    walk.ids.add(str(value))


def one_of(*values: str) -> Check:
    """One of these, whatever the case, as Adaptive Cards takes them."""
    known = {each.casefold() for each in values}

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, str) or value.casefold() not in known:
            walk.fault(at, f"must be one of {', '.join(values)}, not {value!r}")

    return check


def items(check_item: Check, *, most: int | None = None, least: int = 0) -> Check:
    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, list):
            walk.fault(at, "must be an array")
            return
        if len(value) < least:
            walk.fault(at, f"must hold {least} at least")
        if most is not None and len(value) > most:
            walk.fault(at, f"no more than {most} are shown, not {len(value)}")
        for place, each in enumerate(value):
            check_item(walk, each, f"{at}/{place}")

    return check


def anything(_walk: Walk, _value: object, _at: str) -> None:
    """What nobody looks into."""
