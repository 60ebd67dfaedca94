"""Rules of Block Kit's composition objects: text, options, confirmations."""

from collections.abc import Mapping

from tests.slack.loopback.rule_walk import Check, Shape, Walk, boolean, items, one_of, string, typed, url

ID = string(255)


def plain(most: int) -> Check:
    """A text object that may only be plain text."""
    return typed({"plain_text": Shape({"text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """A text object of either kind."""
    return typed(
        {
            "plain_text": Shape({"text": string(most)}, {"emoji": boolean}),
            "mrkdwn": Shape({"text": string(most)}, {"verbatim": boolean}),
        }
    )


CONFIRM = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
RICH_OPTION = Shape({"text": text(75), "value": string(150)}, {"description": text(75)})
MENU_OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": url()})
OPTION_GROUP = Shape({"label": plain(75), "options": items(OPTION, 100)})
DISPATCH = Shape({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})
SLACK_FILE = Shape({}, {"id": string(255), "url": url()})


def _choices(element: Mapping[str, object]) -> list[object]:
    options = element.get("options")
    found = list(options) if isinstance(options, list) else []
    groups = element.get("option_groups")
    for group in groups if isinstance(groups, list) else ():
        inner = group.get("options") if isinstance(group, dict) else None
        found.extend(inner if isinstance(inner, list) else ())
    return found


def options_xor_groups(walk: Walk, element: Mapping[str, object], at: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        walk.fault(at, "must define either `options` or `option_groups`")


def initial_is_an_option(walk: Walk, element: Mapping[str, object], at: str) -> None:
    choices = _choices(element)
    if "initial_option" in element and element["initial_option"] not in choices:
        walk.fault(f"{at}/initial_option", "must match one of the options")
    initial = element.get("initial_options")
    for number, each in enumerate(initial if isinstance(initial, list) else ()):
        if each not in choices:
            walk.fault(f"{at}/initial_options/{number}", "must match one of the options")


def values_differ(walk: Walk, element: Mapping[str, object], at: str) -> None:
    """Two options of one element may not have the same value: an answer would not say which was meant."""
    values = [each.get("value") for each in _choices(element) if isinstance(each, dict)]
    if len(set(map(str, values))) < len(values):
        walk.fault(at, "option values must be unique")
