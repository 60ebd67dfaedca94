"""What Teams would refuse, or not show, in an Adaptive Card: `faults`."""

import json
from collections.abc import Mapping
from typing import Literal

from tests.teams.loopback.card_shapes import ACTIONS, CARD, DIALOG_ACTIONS
from tests.teams.loopback.card_walk import Walk

EXTENSION_BYTES_MOST = 28 * 1_024
"""The most of a card in a dialog or in the compose box."""

Surface = Literal["message", "dialog", "compose"]


def faults(card: object, surface: Surface = "message", at: str = "") -> list[str]:
    """Gives what is wrong with a card, each with its place; nothing if Teams shows it whole."""
    if isinstance(card, Mapping):
        card = dict(card)
    walk = Walk()
    CARD(walk, card, at)
    if not isinstance(card, dict):
        return walk.found
    for target, place in walk.targets:
        if target not in walk.ids:
            walk.fault(place, f"there is no element {target!r}")
    if surface != "message":
        _for_an_extension(walk, card, at)
    return walk.found


def _for_an_extension(walk: Walk, card: dict[str, object], at: str) -> None:
    bytes_ = len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())
    if bytes_ > EXTENSION_BYTES_MOST:
        walk.fault(at, f"{bytes_} bytes are more than {EXTENSION_BYTES_MOST}")
    _only(walk, card, at)


def _only(walk: Walk, value: object, at: str) -> None:
    """A dialog knows no Action.Execute."""
    if isinstance(value, list):
        for place, each in enumerate(value):
            _only(walk, each, f"{at}/{place}")
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind in ACTIONS and kind not in DIALOG_ACTIONS:
            walk.fault(at, f"{kind} does not work in a dialog")
        for name, each in value.items():
            if name != "data":
                _only(walk, each, f"{at}/{name}")
