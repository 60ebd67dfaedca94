"""What Slack would refuse in a view."""

from tests.slack.loopback.block_rules import faults
from tests.slack.loopback.composition_rules import plain
from tests.slack.loopback.rule_walk import Check, Shape, Surface, Walk, anything, boolean, string

_ANY: dict[str, Check] = {
    "private_metadata": string(3_000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_MODAL = Shape(
    {"title": plain(24), "blocks": anything},
    {
        **_ANY,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = Shape({"blocks": anything}, _ANY)


def view_faults(view: object, surface: Surface) -> list[str]:
    """Gives Slack's complaints about a view that is to be shown on `surface`."""
    walk = Walk(surface)
    if not isinstance(view, dict):
        walk.fault("/view", "must provide an object")
        return walk.found
    if view.get("type") != surface:
        walk.fault("/view/type", f"must be `{surface}`")
    (_MODAL if surface == "modal" else _HOME)(walk, view, "/view")
    blocks = view.get("blocks", [])
    walk.found.extend(faults(blocks, surface, "/view/blocks"))
    for number, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if surface == "modal" and isinstance(block, dict) and block.get("type") == "input" and "submit" not in view:
            walk.fault(f"/view/blocks/{number}/input", "must define `submit` to use an `input` block in modals")
    return walk.found
