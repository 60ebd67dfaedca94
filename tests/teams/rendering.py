"""What a person sees of messages that were never sent, and whether Teams would take them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.channels.teams.render.message import MAX_CARD_BYTES, Message, activity
from bot.channels.visible import visible
from tests.teams.loopback import card_rules, cards, entity_rules
from tests.teams.loopback.markdown import links, plain

Json = dict[str, Any]

MAX_TEAMS_BYTES = 100_000
"""Of a message in UTF-16."""
MAX_SAFE_BYTES = 80_000
MAX_TEXT = 16_000


def sent(message: Message) -> Json:
    """A message as it is on the wire."""
    made: Json = json.loads(json.dumps(activity(message)))
    return made


def cards_of(messages: Iterable[Message]) -> list[Json]:
    return [each["content"] for message in messages for each in sent(message).get("attachments", ())]


def seen(message: Message) -> str:
    """What a person sees of one message, what its buttons unfold and its citations say included."""
    return "\n".join(
        [
            plain(message.text),
            *(cards.text(card) for card in cards_of([message])),
            *(f"{each['name']}\n{each['abstract']}" for each in documents(message)),
        ]
    ).strip("\n")


def seen_of(messages: Iterable[Message]) -> str:
    return "\n".join(map(seen, messages))


def documents(message: Message) -> list[Json]:
    """What Teams shows of the citations of a message."""
    return [claim["appearance"] for entity in sent(message).get("entities", ()) for claim in entity.get("citation", ())]


def contains(shown: str, *texts: str) -> bool:
    """Whether all texts are there whole, in one piece or over several, whatever the spaces between their words."""
    words = joined(shown)
    return all(joined(text) in words for text in texts)


def joined(text: str) -> str:
    return "".join(visible(text).split())


def check(messages: Sequence[Message]) -> None:
    """Teams takes the messages as they are, and nobody is mentioned or led anywhere by them."""
    assert messages
    for message in messages:
        made = sent(message)
        assert len(json.dumps(made, ensure_ascii=False).encode("utf-16-le")) <= MAX_SAFE_BYTES < MAX_TEAMS_BYTES
        assert len(message.text) <= MAX_TEXT
        assert message.text.strip() or message.cards
        assert links(message.text) == []
        assert entity_rules.faults(made) == []
        assert "<" not in message.text
        for card in cards_of([message]):
            check_card(card)


def check_card(card: Mapping[str, object], surface: card_rules.Surface = "message") -> None:
    """Teams shows the card whole."""
    assert card_rules.faults(json.loads(json.dumps(card)), surface) == []
    assert len(json.dumps(card, ensure_ascii=False).encode()) <= MAX_CARD_BYTES


def parts_of(value: object, kind: str) -> Iterator[Mapping[str, Any]]:
    """Every part of that kind, in order."""
    if isinstance(value, Mapping):
        if value.get("type") == kind:
            yield value
        for each in value.values():
            yield from parts_of(each, kind)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from parts_of(each, kind)


def pressed(messages: Iterable[Message]) -> list[tuple[str, Json]]:
    """The verb and the data of every button, in order."""
    return [
        (str(each.action["verb"]), each.action["data"]) for card in cards_of(messages) for each in cards.buttons(card)
    ]


def titles(messages: Iterable[Message]) -> list[str]:
    """The buttons as they read, in order, those that others unfold not among them."""
    rows = (row for card in cards_of(messages) for row in parts_of(card, "ActionSet"))
    return [str(each["title"]) for row in rows for each in row["actions"]]
