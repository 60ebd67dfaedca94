"""A tenant of Teams: who is there, where, and what has been written."""

import base64
import hashlib
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]

APP_ID = "1b0c64c4-8f0e-4d2e-9a53-0c9a6b6b7e11"
APP_PASSWORD = "shhh"  # noqa: S105 - what the loopback takes
TENANT = "7e6d3a1c-54b2-4f0a-8c1d-2f9b1e5a4d33"
BOT = f"28:{APP_ID}"
BOT_NAME = "Field Coach"
COMMAND = "reviewPhrasing"
"""The message extension's command."""
TEAM = "19:team@thread.tacv2"

Kind = Literal["personal", "groupChat", "channel"]


def oid(user: str) -> str:
    """The Entra object id of a person."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, user))


def account(user: str) -> str:
    """The id that Teams gives the app for a person, other than the object id."""
    digest = hashlib.sha384(f"{APP_ID}/{user}".encode()).digest()
    return f"29:1{base64.urlsafe_b64encode(digest).decode()}"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person attaches.

    `url` is where it is said to lie if not here; `status` and `headers` are what its address answers.
    """

    name: str
    data: bytes = b""
    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Stream:
    """How far a message has been streamed. `touched` is when it last grew."""

    started: float
    touched: float
    sequence: int = 0
    text: str = ""
    state: Literal["open", "completed", "canceled"] = "open"


@dataclass(slots=True)
class Conversation:
    """A chat or a channel. `has_bot` is whether the app is in it, `streamed` what it last streamed there."""

    id: str
    kind: Kind
    members: set[str] = field(default_factory=set)
    has_bot: bool = True
    threads: list[str] = field(default_factory=list)
    streamed: "Message | None" = None


@dataclass(slots=True)
class Message:
    """A message that was written; `author` is a person's name or BOT.

    `activity` is what the app sent of it, `cards` what its cards are by now, `cards_of` what they are for those who
    pressed something and were given others. `revision` counts its changes.
    """

    id: str
    conversation: str
    author: str
    ts: float
    text: str = ""
    html: str = ""
    activity: Json = field(default_factory=dict)
    cards: list[Json] = field(default_factory=list)
    cards_of: dict[str, list[Json]] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()
    stream: Stream | None = None
    edited: bool = False
    deleted: bool = False
    revision: int = 0


class Workspace:
    """Who is there, where, and what was written. `ahead` is how many seconds its clock is ahead of the machine's."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.people: dict[str, str] = {}
        self.installed: set[str] = set()
        self.blocked: set[str] = set()
        self.conversations: dict[str, Conversation] = {}
        self.messages: dict[str, Message] = {}
        self._there: dict[str, dict[str, Message]] = {}
        self._last_id = 0

    def now(self) -> float:
        return time.time() + self.ahead

    def new_id(self) -> str:
        """A message's id, which is a time in milliseconds that nothing else has."""
        self._last_id = max(self._last_id + 1, int(self.now() * 1_000))
        return str(self._last_id)

    def person(self, user: str) -> str:
        """Makes sure that there is such a person and gives their name."""
        self.people[account(user)] = self.people[oid(user)] = user
        return user

    def add(self, conversation: Conversation) -> Conversation:
        for each in conversation.members:
            self.person(each)
        self.conversations[conversation.id] = conversation
        return conversation

    def personal(self, user: str) -> Conversation:
        """The chat of a person and the app."""
        digest = base64.urlsafe_b64encode(hashlib.sha512(f"{APP_ID}/{user}".encode()).digest()).decode()
        id_ = f"a:1{digest.rstrip('=')}"
        return self.conversations.get(id_) or self.add(Conversation(id_, "personal", {user}, has_bot=False))

    def conversation(self, id_: str) -> Conversation | None:
        """The conversation of this id; a channel's thread is found as its channel."""
        return self.conversations.get(id_.partition(";messageid=")[0])

    def write(self, message: Message) -> Message:
        """Keeps a message in its conversation, or its thread."""
        self.messages[message.id] = message
        there = self._there.get(message.conversation)
        if there is None:
            there = self._there[message.conversation] = {}
            found = self.conversation(message.conversation)
            if found is not None:
                found.threads.append(message.conversation)
        there[message.id] = message
        return message

    def message(self, conversation: str, id_: str) -> Message | None:
        found = self.messages.get(id_)
        there = found is not None and conversation in (found.conversation, found.conversation.partition(";")[0])
        return found if found is not None and there and not found.deleted else None

    def visible(self, user: str, conversation: str) -> Iterable[Message]:
        """What a person has before them there, the oldest first: a thread, or a channel with all its threads."""
        found = self.conversation(conversation)
        if found is None or user not in found.members:
            return []
        threads = found.threads if found.id == conversation else [conversation]
        return sorted(self._of(threads), key=lambda each: int(each.id))

    def _of(self, threads: Iterable[str]) -> Iterator[Message]:
        for thread in threads:
            yield from (each for each in self._there.get(thread, {}).values() if not each.deleted)
