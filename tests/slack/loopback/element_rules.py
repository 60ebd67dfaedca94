"""Rules of Block Kit's elements: buttons, menus, inputs."""

from collections.abc import Mapping

from tests.slack.loopback.composition_rules import (
    CONFIRM,
    DISPATCH,
    ID,
    MENU_OPTION,
    OPTION,
    OPTION_GROUP,
    RICH_OPTION,
    SLACK_FILE,
    initial_is_an_option,
    options_xor_groups,
    plain,
    values_differ,
)
from tests.slack.loopback.rule_walk import Check, Shape, Walk, anything, boolean, items, one_of, string, url, whole

_INPUT_MOST = 3_000


def _text_fits(walk: Walk, element: Mapping[str, object], at: str) -> None:
    """What the field starts with has to be something that may be sent."""
    value, most, least = element.get("initial_value"), element.get("max_length"), element.get("min_length")
    limit = most if isinstance(most, int) else _INPUT_MOST
    if isinstance(value, str) and len(value) > limit:
        walk.fault(f"{at}/initial_value", f"must be less than {limit + 1} characters")
    if isinstance(least, int) and least > limit:
        walk.fault(f"{at}/min_length", "must be less than or equal to `max_length`")


def _one_source(walk: Walk, image: Mapping[str, object], at: str) -> None:
    if ("image_url" in image) == ("slack_file" in image):
        walk.fault(at, "must define either `image_url` or `slack_file`")


_FOCUS: dict[str, Check] = {"action_id": ID, "focus_on_load": boolean}
_MENU: dict[str, Check] = {**_FOCUS, "placeholder": plain(150), "confirm": CONFIRM}
_SELECT: dict[str, Check] = {**_MENU, "options": items(OPTION, 100), "option_groups": items(OPTION_GROUP, 100)}
_TYPED: dict[str, Check] = {**_FOCUS, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
_MANY: dict[str, Check] = {"max_selected_items": whole(1, 100)}
_CHOSEN = (options_xor_groups, initial_is_an_option)

BUTTON = Shape(
    {"text": plain(75)},
    {
        "action_id": ID,
        "url": url(),
        "value": string(2_000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
IMAGE = Shape(
    {"alt_text": string(2_000)},
    {"image_url": url(), "slack_file": SLACK_FILE},
    (_one_source,),
)
_FEEDBACK = Shape({"text": plain(75), "value": string(2_000)}, {"accessibility_label": string(75)})
FEEDBACK_BUTTONS = Shape({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ID})
ICON_BUTTON = Shape(
    {"icon": one_of("trash"), "text": plain(75)},
    {
        "action_id": ID,
        "value": string(2_000),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": items(ID, 100),
    },
)
OVERFLOW = Shape({"options": items(MENU_OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM}, (values_differ,))
RADIO = Shape(
    {"options": items(RICH_OPTION, 10)},
    {**_FOCUS, "initial_option": RICH_OPTION, "confirm": CONFIRM},
    (initial_is_an_option, values_differ),
)
CHECKBOXES = Shape(
    {"options": items(RICH_OPTION, 10)},
    {**_FOCUS, "initial_options": items(RICH_OPTION, 10), "confirm": CONFIRM},
    (initial_is_an_option, values_differ),
)
SELECTS: dict[str, Check] = {
    "static_select": Shape({}, {**_SELECT, "initial_option": OPTION}, _CHOSEN),
    "multi_static_select": Shape({}, {**_SELECT, **_MANY, "initial_options": items(OPTION, 100)}, _CHOSEN),
    "external_select": Shape({}, {**_MENU, "min_query_length": whole(0, 255), "initial_option": OPTION}),
    "users_select": Shape({}, {**_MENU, "initial_user": ID}),
    "multi_users_select": Shape({}, {**_MENU, **_MANY, "initial_users": items(ID, 100)}),
    "conversations_select": Shape(
        {},
        {
            **_MENU,
            "initial_conversation": ID,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": anything,
        },
    ),
    "channels_select": Shape({}, {**_MENU, "initial_channel": ID, "response_url_enabled": boolean}),
    "datepicker": Shape({}, {**_MENU, "initial_date": string(10)}),
    "timepicker": Shape({}, {**_MENU, "initial_time": string(5), "timezone": string(255)}),
}
INTERACTIVE: dict[str, Check] = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "radio_buttons": RADIO,
    "checkboxes": CHECKBOXES,
    **SELECTS,
}
INPUTS: dict[str, Check] = {
    "plain_text_input": Shape(
        {},
        {
            **_TYPED,
            "multiline": boolean,
            "min_length": whole(0, _INPUT_MOST),
            "max_length": whole(1, _INPUT_MOST),
            "initial_value": string(_INPUT_MOST, 0),
        },
        (_text_fits,),
    ),
    "number_input": Shape(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": string(255), "min_value": string(255), "max_value": string(255)},
    ),
    "email_text_input": Shape({}, {**_TYPED, "initial_value": string(255)}),
    "url_text_input": Shape({}, {**_TYPED, "initial_value": url()}),
    "file_input": Shape({}, {"action_id": ID, "filetypes": items(string(20), 100), "max_files": whole(1, 10)}),
    "radio_buttons": RADIO,
    "checkboxes": CHECKBOXES,
    **SELECTS,
}
