"""Rules of rich text blocks."""

from tests.slack.loopback.composition_rules import ID
from tests.slack.loopback.rule_walk import (
    Check,
    Shape,
    Walk,
    anything,
    boolean,
    items,
    one_of,
    string,
    typed,
    url,
    whole,
)

_ANY = 10_000_000
"""What Slack sets no limit of its own to: the message's limit is the one that counts."""

_STYLE = Shape({}, {"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean})
_MENTION_STYLE = Shape(
    {},
    {
        "bold": boolean,
        "italic": boolean,
        "strike": boolean,
        "highlight": boolean,
        "client_highlight": boolean,
        "unlink": boolean,
    },
)


def _raw(most: int) -> Check:
    """A text element may be blank, but never empty."""

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, str):
            walk.fault(at, "must be a string")
        elif not value:
            walk.fault(at, "must be more than 0 characters")
        elif len(value) > most:
            walk.fault(at, f"must be less than {most + 1} characters")

    return check


_TEXT = Shape({"text": _raw(_ANY)}, {"style": _STYLE})
_LINK = Shape({"url": url()}, {"text": _raw(_ANY), "unsafe": boolean, "style": _STYLE})
INLINE: dict[str, Check] = {
    "text": _TEXT,
    "link": _LINK,
    "user": Shape({"user_id": ID}, {"style": _MENTION_STYLE}),
    "usergroup": Shape({"usergroup_id": ID}, {"style": _MENTION_STYLE}),
    "channel": Shape({"channel_id": ID}, {"style": _MENTION_STYLE}),
    "emoji": Shape({"name": string(255)}, {"unicode": string(255), "skin_tone": whole(1, 6), "style": _MENTION_STYLE}),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, {"style": _MENTION_STYLE}),
    "date": Shape(
        {"timestamp": whole(0, 1 << 40), "format": string(255)},
        {"url": url(), "fallback": string(255), "style": _STYLE},
    ),
    "color": Shape({"value": string(255)}, {"style": anything}),
}
_SECTION = Shape({"elements": items(typed(INLINE), _ANY)})
_BORDER: dict[str, Check] = {"border": whole(0, 1)}
ELEMENTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": Shape({"elements": items(typed(INLINE), _ANY)}, _BORDER),
    "rich_text_preformatted": Shape(
        {"elements": items(typed({"text": _TEXT, "link": _LINK}), _ANY)}, {**_BORDER, "language": string(255)}
    ),
    "rich_text_list": Shape(
        {"elements": items(typed({"rich_text_section": _SECTION}), _ANY), "style": one_of("bullet", "ordered")},
        {**_BORDER, "indent": whole(0, 8), "offset": whole(0, 1 << 31)},
    ),
}
RICH_TEXT = Shape({"elements": items(typed(ELEMENTS), _ANY)}, {"block_id": ID})
