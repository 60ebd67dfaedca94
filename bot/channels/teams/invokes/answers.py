"""What Teams is told at once: a card in the place of the one that was acted on, a line, or nothing."""

from collections.abc import Mapping

Card = Mapping[str, object]
Body = Mapping[str, object]

NOTHING: Body = {}


def card(content: Card) -> Body:
    """Has the card shown in the place of the one whose button was pressed."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": content}


def line(text: str) -> Body:
    """Has a line shown to who pressed the button; the card stays."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text}
