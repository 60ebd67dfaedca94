"""Rules of Block Kit's layout blocks, and which surface takes which."""

from collections.abc import Mapping

from tests.slack.loopback.composition_rules import ID, SLACK_FILE, plain, text
from tests.slack.loopback.element_rules import (
    FEEDBACK_BUTTONS,
    ICON_BUTTON,
    IMAGE,
    INPUTS,
    INTERACTIVE,
)
from tests.slack.loopback.rich_text_rules import RICH_TEXT
from tests.slack.loopback.rule_walk import (
    Check,
    Shape,
    Surface,
    Walk,
    anything,
    boolean,
    items,
    string,
    typed,
    url,
)

MARKDOWN_MOST = 12_000
_BLOCK: dict[str, Check] = {"block_id": ID}


def _text_or_fields(walk: Walk, block: Mapping[str, object], at: str) -> None:
    if "text" not in block and "fields" not in block:
        walk.fault(at, "must define either `text` or `fields`")


def _one_source(walk: Walk, block: Mapping[str, object], at: str) -> None:
    if ("image_url" in block) == ("slack_file" in block):
        walk.fault(at, "must define either `image_url` or `slack_file`")


def _files_come_in_modals(walk: Walk, block: Mapping[str, object], at: str) -> None:
    element = block.get("element")
    if walk.surface != "modal" and isinstance(element, dict) and element.get("type") == "file_input":
        walk.fault(f"{at}/element/type", "unsupported type: file_input")


def _ids_differ(walk: Walk, block: Mapping[str, object], at: str) -> None:
    elements, seen = block.get("elements"), set()
    for number, each in enumerate(elements if isinstance(elements, list) else ()):
        action = each.get("action_id") if isinstance(each, dict) else None
        if isinstance(action, str) and action in seen:
            walk.fault(f"{at}/elements/{number}/action_id", f'`action_id` "{action}" already exists')
        seen.add(action)


_CONTEXT_ELEMENT = typed(
    {
        "image": IMAGE,
        "plain_text": plain(3_000),
        "mrkdwn": text(3_000),
    }
)
_CELL = typed({"raw_text": Shape({"text": string(3_000)}), "rich_text": RICH_TEXT})
_COMMON: dict[str, Check] = {
    "section": Shape(
        {},
        {
            **_BLOCK,
            "text": text(3_000),
            "fields": items(text(2_000), 10),
            "accessory": typed({**INTERACTIVE, "image": IMAGE}),
            "expand": boolean,
        },
        (_text_or_fields,),
    ),
    "header": Shape({"text": plain(150)}, _BLOCK),
    "divider": Shape({}, _BLOCK),
    "context": Shape({"elements": items(_CONTEXT_ELEMENT, 10)}, _BLOCK),
    "actions": Shape({"elements": items(typed(INTERACTIVE), 25)}, _BLOCK, (_ids_differ,)),
    "image": Shape(
        {"alt_text": string(2_000)},
        {**_BLOCK, "image_url": url(), "slack_file": SLACK_FILE, "title": plain(2_000)},
        (_one_source,),
    ),
    "input": Shape(
        {"label": plain(2_000), "element": typed(INPUTS)},
        {**_BLOCK, "hint": plain(2_000), "optional": boolean, "dispatch_action": boolean},
        (_files_come_in_modals,),
    ),
    "rich_text": RICH_TEXT,
}
_IN_MESSAGES: dict[str, Check] = {
    **_COMMON,
    "markdown": Shape({"text": string(MARKDOWN_MOST)}, _BLOCK),
    "context_actions": Shape(
        {"elements": items(typed({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}), 5)},
        _BLOCK,
        (_ids_differ,),
    ),
    "table": Shape({"rows": items(items(_CELL, 20), 100)}, {**_BLOCK, "column_settings": anything}),
}
BLOCKS: dict[Surface, Check] = {
    "message": typed(_IN_MESSAGES),
    "modal": typed(_COMMON),
    "home": typed(_COMMON),
}
