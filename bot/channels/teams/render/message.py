"""A message of Teams: Markdown, cards and what Teams shows around them, and all of it as JSON values."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.channels.split import shortened
from bot.channels.teams.render.markdown import escaped, parts, texts
from bot.channels.visible import visible
from bot.core.replies import Citation

Card = Mapping[str, object]
"""An Adaptive Card as plain JSON values."""

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
MAX_BYTES = 80_000
"""Of a whole message as JSON in UTF-16; Teams takes 100 KB."""
MAX_CARD_BYTES = 25_000
"""Of a card as JSON in UTF-8; Teams takes 28 KB of one in a dialog or a compose box."""
MAX_CITATIONS = 20
MAX_NAME = 80
MAX_ABSTRACT = 160
MAX_SUMMARY = 250
MAX_SUGGESTIONS = 6
"""Teams shows no more."""
SEPARATOR = " \N{MIDDLE DOT} "
NOTHING = "\N{EM DASH}"
"""Stands where Teams wants a text and there is none."""

_MARK = re.compile(r"(?<!\\)\[(\d{1,3})\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    `text` is Teams' Markdown, escaped, and `summary` the plain words of its notification where they differ.
    `citations` are shown where their marks stand in the text. `generated` puts Teams' AI label on it, `feedback` its
    two thumbs. `suggestions` are what a person may press to say; Teams shows them in a personal chat only.
    """

    text: str = ""
    cards: tuple[Card, ...] = ()
    citations: tuple[Citation, ...] = ()
    generated: bool = False
    feedback: bool = False
    suggestions: tuple[str, ...] = ()
    summary: str = ""


def activity(message: Message) -> dict[str, object]:
    """The message as Teams takes it; what is empty is left out, but the text."""
    made: dict[str, object] = {"type": "message", "text": message.text, "textFormat": "markdown"}
    if message.summary:
        made["summary"] = shortened(" ".join(visible(message.summary).split()), MAX_SUMMARY)
    if message.cards:
        made["attachmentLayout"] = "list"
        made["attachments"] = [attachment(card) for card in message.cards]
    if message.generated or message.citations:
        made["entities"] = [_entity(message)]
    if message.feedback:
        made["channelData"] = {"feedbackLoop": {"type": "default"}}
    if message.suggestions:
        said = [visible(each) for each in message.suggestions[:MAX_SUGGESTIONS]]
        made["suggestedActions"] = {"actions": [{"type": "imBack", "title": each, "value": each} for each in said]}
    return made


def attachment(card: Card) -> dict[str, object]:
    """A card as what is attached to a message."""
    return {"contentType": CARD_TYPE, "content": card}


def card_bytes(part: object) -> int:
    """The bytes that a card, or a part of one, adds to its message."""
    return len(json.dumps(part, ensure_ascii=False).encode())


def message_bytes(message: Message) -> int:
    """The size of a message as Teams counts it."""
    return len(json.dumps(activity(message), ensure_ascii=False).encode("utf-16-le"))


def text_messages(blocks: Iterable[str]) -> tuple[Message, ...]:
    """Messages of blocks of Markdown, none longer than a message's text."""
    return tuple(Message(text) for text in texts(iter(blocks)))


def said(text: str) -> tuple[Message, ...]:
    """Plain words, in as many messages as a long quotation in them needs."""
    return text_messages(escaped(part) for part in parts(text)) or (Message(NOTHING),)


def with_cards(messages: tuple[Message, ...], cards: Iterable[Card]) -> tuple[Message, ...]:
    """Attaches cards to the last message, and to further ones where they are too much for it."""
    made = list(messages)
    for card in cards:
        fuller = replace(made[-1], cards=(*made[-1].cards, card))
        if message_bytes(fuller) <= MAX_BYTES:
            made[-1] = fuller
        else:
            made.append(Message(cards=(card,), generated=made[-1].generated))
    return tuple(made)


def marks(text: str) -> frozenset[int]:
    """The numbers of the citations whose marks stand in Markdown."""
    return frozenset(int(number) for number in _MARK.findall(text))


def where(citation: Citation) -> str:
    """The lesson and the section of a line."""
    names = (visible(each).strip() for each in (citation.lesson, citation.section))
    return SEPARATOR.join(filter(None, names)) or NOTHING


def is_shown(citation: Citation) -> bool:
    """Whether Teams shows the line whole where its mark stands."""
    return len(citation.quote) <= MAX_ABSTRACT and len(where(citation)) <= MAX_NAME


def _entity(message: Message) -> dict[str, object]:
    made: dict[str, object] = {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "@id": "",
    }
    if message.generated:
        made["additionalType"] = ["AIGeneratedContent"]
    if message.citations:
        made["citation"] = [_claim(citation) for citation in message.citations[:MAX_CITATIONS]]
    return made


def _claim(citation: Citation) -> dict[str, object]:
    document = {
        "@type": "DigitalDocument",
        "name": shortened(where(citation), MAX_NAME),
        "abstract": shortened(visible(citation.quote), MAX_ABSTRACT).strip() or NOTHING,
    }
    return {"@type": "Claim", "position": citation.n, "appearance": document}
