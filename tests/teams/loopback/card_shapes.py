"""Adaptive Cards 1.4: its elements, inputs and actions, and what Teams makes of them.

The properties are those of https://adaptivecards.io/explorer up to version 1.4, compared with the npm package
adaptivecards 3.0.6; what came with 1.5 (`isEnabled`, `tooltip`, a TextBlock's `style`, tables) is not known here. More
than six actions in one place are not shown in Teams, nor by older clients an Action.ShowCard within another.
"""

from tests.teams.loopback.card_values import LEFT, SPACING, STYLE, TEXT, TOP, block, data, targets, width
from tests.teams.loopback.card_walk import (
    Check,
    Shape,
    Walk,
    anything,
    boolean,
    items,
    number,
    one_of,
    string,
    typed,
    unique_id,
    url,
    words,
)

ACTIONS_MOST = 6
"""More actions in one place are not shown in Teams."""
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4")

_REQUIRES: Check = anything


def _action(walk: Walk, value: object, at: str) -> None:
    typed(ACTIONS)(walk, value, at)


def _select_action(walk: Walk, value: object, at: str) -> None:
    typed({name: shape for name, shape in ACTIONS.items() if name != "Action.ShowCard"})(walk, value, at)


def _element(walk: Walk, value: object, at: str) -> None:
    typed(ELEMENTS)(walk, value, at)


def _inner_card(walk: Walk, value: object, at: str) -> None:
    """The card of an Action.ShowCard, in which there is no other Action.ShowCard."""
    walk.cards += 1
    if walk.cards > 1:
        walk.fault(at, "Action.ShowCard is not shown within another")
    Shape({"type": one_of("AdaptiveCard")}, _CARD_PROPERTIES)(walk, value, at)
    walk.cards -= 1


def _fallback(walk: Walk, value: object, at: str) -> None:
    if value != "drop":
        typed({**ELEMENTS, **ACTIONS})(walk, value, at)


_COMMON: dict[str, Check] = {
    "id": unique_id,
    "isVisible": boolean,
    "separator": boolean,
    "spacing": SPACING,
    "height": block,
    "fallback": _fallback,
    "requires": _REQUIRES,
}
_RUN = Shape(
    {"type": one_of("TextRun"), "text": string},
    {
        **TEXT,
        "highlight": boolean,
        "italic": boolean,
        "strikethrough": boolean,
        "underline": boolean,
        "selectAction": _select_action,
    },
)


def _run(walk: Walk, value: object, at: str) -> None:
    if not isinstance(value, str):
        _RUN(walk, value, at)


_BOX: dict[str, Check] = {
    **_COMMON,
    "style": STYLE,
    "bleed": boolean,
    "minHeight": string,
    "selectAction": _select_action,
    "verticalContentAlignment": TOP,
    "backgroundImage": anything,
}
_INPUT: dict[str, Check] = {
    **{name: check for name, check in _COMMON.items() if name != "id"},
    "label": words,
    "isRequired": boolean,
    "errorMessage": words,
}
_COLUMN = Shape({}, {**_BOX, "items": items(_element), "width": width, "type": one_of("Column")})
_FACT = Shape({"title": string, "value": string})
_CHOICE = Shape({"title": words, "value": string})

_IMAGE = Shape(
    {"url": url},
    {
        **_COMMON,
        "altText": string,
        "size": one_of("auto", "stretch", "small", "medium", "large"),
        "style": one_of("default", "person"),
        "width": string,
        "height": string,
        "backgroundColor": string,
        "horizontalAlignment": LEFT,
        "selectAction": _select_action,
        "msTeams": anything,
    },
)

ELEMENTS: dict[str, Check] = {
    "TextBlock": Shape(
        {"text": string},
        {
            **_COMMON,
            **TEXT,
            "wrap": boolean,
            "maxLines": number,
            "horizontalAlignment": LEFT,
        },
    ),
    "RichTextBlock": Shape({"inlines": items(_run, least=1)}, {**_COMMON, "horizontalAlignment": LEFT}),
    "Image": _IMAGE,
    "ImageSet": Shape({"images": items(_IMAGE, least=1)}, {**_COMMON, "imageSize": string}),
    "Media": Shape({"sources": items(anything, least=1)}, {**_COMMON, "poster": url, "altText": string}),
    "Container": Shape({"items": items(_element)}, _BOX),
    "ColumnSet": Shape({}, {**_BOX, "columns": items(_COLUMN), "horizontalAlignment": LEFT}),
    "FactSet": Shape({"facts": items(_FACT, least=1)}, _COMMON),
    "ActionSet": Shape(
        {"actions": items(_action, most=ACTIONS_MOST, least=1)}, {**_COMMON, "horizontalAlignment": LEFT}
    ),
    "Input.Text": Shape(
        {"id": unique_id},
        {
            **_INPUT,
            "isMultiline": boolean,
            "maxLength": number,
            "placeholder": string,
            "regex": string,
            "style": one_of("text", "tel", "url", "email"),
            "inlineAction": _select_action,
            "value": string,
        },
    ),
    "Input.Number": Shape(
        {"id": unique_id}, {**_INPUT, "max": number, "min": number, "placeholder": string, "value": number}
    ),
    "Input.Date": Shape({"id": unique_id}, {**_INPUT, "max": string, "min": string, "value": string}),
    "Input.Time": Shape({"id": unique_id}, {**_INPUT, "max": string, "min": string, "value": string}),
    "Input.Toggle": Shape(
        {"id": unique_id, "title": words},
        {**_INPUT, "value": string, "valueOff": string, "valueOn": string, "wrap": boolean},
    ),
    "Input.ChoiceSet": Shape(
        {"id": unique_id, "choices": items(_CHOICE, least=1)},
        {
            **_INPUT,
            "isMultiSelect": boolean,
            "style": one_of("compact", "expanded"),
            "value": string,
            "placeholder": string,
            "wrap": boolean,
        },
    ),
}

_BUTTON: dict[str, Check] = {
    "id": unique_id,
    "title": words,
    "iconUrl": url,
    "style": one_of("default", "positive", "destructive"),
    "fallback": _fallback,
    "requires": _REQUIRES,
}
_SENT: dict[str, Check] = {**_BUTTON, "data": data, "associatedInputs": one_of("auto", "none")}

ACTIONS: dict[str, Check] = {
    "Action.OpenUrl": Shape({"url": url}, _BUTTON),
    "Action.Submit": Shape({}, {**_SENT, "msteams": anything}),
    "Action.Execute": Shape({}, {**_SENT, "verb": words}),
    "Action.ShowCard": Shape({"card": _inner_card}, _BUTTON),
    "Action.ToggleVisibility": Shape({"targetElements": targets}, _BUTTON),
}
DIALOG_ACTIONS = frozenset(ACTIONS) - {"Action.Execute"}

_CARD_PROPERTIES: dict[str, Check] = {
    "version": one_of(*VERSIONS),
    "$schema": string,
    "body": items(_element),
    "actions": items(_action, most=ACTIONS_MOST),
    "selectAction": _select_action,
    "fallbackText": string,
    "backgroundImage": anything,
    "minHeight": string,
    "speak": string,
    "lang": string,
    "verticalContentAlignment": TOP,
    "refresh": anything,
    "msteams": anything,
}
CARD = Shape(
    {"type": one_of("AdaptiveCard"), "version": one_of(*VERSIONS)},
    {name: check for name, check in _CARD_PROPERTIES.items() if name != "version"},
)
