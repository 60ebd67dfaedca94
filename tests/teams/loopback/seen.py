"""A message as the person before it sees it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.teams.loopback import cards
from tests.teams.loopback.entity_rules import MESSAGE
from tests.teams.loopback.markdown import links, plain
from tests.teams.loopback.workspace import BOT, Conversation, Json, Message, Upload


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of a message, shown where its text says `[position]`."""

    position: int
    name: str
    abstract: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message on the screen.

    `plain` is all that is to be read in it: the text with the marks of formatting gone, then what the cards say.
    `author` is a person's name or BOT. `streaming` is set while it still grows, `stopped` where its reader stopped it.
    `links` is where its text leads, `thread` the conversation that it is in.
    """

    id: str
    author: str
    text: str
    plain: str
    cards: list[Json]
    citations: tuple[Cited, ...]
    generated: bool
    feedback: bool
    suggestions: tuple[str, ...]
    streaming: bool
    stopped: bool
    edited: bool
    ts: float
    thread: str = ""
    links: tuple[str, ...] = ()
    files: tuple[Upload, ...] = ()
    summary: str = ""

    @property
    def buttons(self) -> list[Json]:
        """Everything that can be pressed and sends something, in order."""
        return [each.action for card in self.cards for each in cards.buttons(card)]


@dataclass(slots=True)
class Eyes:
    """Sees messages; what has not changed is not read anew."""

    _known: dict[tuple[str, str], tuple[int, Seen]] = field(default_factory=dict)

    def see(self, message: Message, user: str, there: Conversation) -> Seen:
        reader = user if user in message.cards_of else ""
        known = self._known.get((message.id, reader))
        if known is None or known[0] != message.revision:
            known = (message.revision, _read(message, cards_for(message, user), there))
            self._known[message.id, reader] = known
        return known[1]


def cards_for(message: Message, user: str) -> list[Json]:
    """The cards of a message as this person has them."""
    return message.cards_of.get(user, message.cards)


def is_announced(message: Message) -> bool:
    """Whether of a stream there is nothing yet but what the app is doing."""
    return message.stream is not None and message.stream.state == "open" and not message.text


def _read(message: Message, shown: list[Json], there: Conversation) -> Seen:
    activity, stream = message.activity, message.stream
    data = activity.get("channelData") or {}
    entity = _label(activity)
    text = message.text if message.author != BOT else _written(message)
    return Seen(
        id=message.id,
        author=message.author,
        text=message.text,
        plain="\n".join(filter(None, [text, *map(cards.text, shown)])),
        cards=json.loads(json.dumps(shown)),
        citations=tuple(map(_cited, entity.get("citation", ()))),
        generated="AIGeneratedContent" in entity.get("additionalType", ()),
        feedback=bool(data.get("feedbackLoop") or data.get("feedbackLoopEnabled")),
        suggestions=tuple(_suggestions(activity, there)),
        streaming=stream is not None and stream.state == "open",
        stopped=stream is not None and stream.state == "canceled",
        edited=message.edited,
        ts=message.ts,
        thread=message.conversation,
        links=tuple(links(message.text)) if message.author == BOT else (),
        files=message.files,
        summary=str(activity.get("summary") or ""),
    )


def _written(message: Message) -> str:
    return message.text if message.activity.get("textFormat") == "plain" else plain(message.text)


def _label(activity: Json) -> Json:
    entities = activity.get("entities") or ()
    return next((each for each in entities if each.get("type") == MESSAGE), {})


def _cited(claim: Json) -> Cited:
    about = claim["appearance"]
    return Cited(claim["position"], about["name"], about["abstract"], about.get("url", ""))


def _suggestions(activity: Json, there: Conversation) -> Sequence[str]:
    """Titles that are shown: in a personal chat, six at the most."""
    if there.kind != "personal":
        return ()
    actions = (activity.get("suggestedActions") or {}).get("actions") or ()
    return [str(each["title"]) for each in actions if each.get("type") in ("imBack", "Action.Compose")][:6]
