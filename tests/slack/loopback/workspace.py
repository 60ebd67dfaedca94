"""A workspace: who is there, where, and what has been posted."""

import itertools
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]

BOT_TOKEN = "xoxb-test"  # noqa: S105 - what the loopback takes
APP_TOKEN = "xapp-test"  # noqa: S105
SIGNING_SECRET = "shhh"  # noqa: S105
TEAM = "T1"
BOT_USER = "UBOT"
BOT_ID = "BBOT"
APP = "A1"
SCOPES = frozenset(
    "app_mentions:read assistant:write channels:history chat:write commands files:read files:write "
    "groups:history im:history im:read im:write mpim:history".split()
)

ChannelKind = Literal["channel", "group", "im", "mpim"]
FileKind = Literal["hosted", "external", "connect", "tombstone"]


@dataclass(slots=True)
class User:
    """A member; `team` is another workspace's for people who come in through Slack Connect."""

    id: str
    name: str = ""
    team: str = TEAM
    is_bot: bool = False
    is_restricted: bool = False


@dataclass(slots=True)
class Channel:
    """A conversation of any kind."""

    id: str
    kind: ChannelKind = "channel"
    name: str = ""
    members: set[str] = field(default_factory=set)
    is_archived: bool = False
    is_ext_shared: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person attaches. `url` is where an external one lies, `size` what Slack claims of it."""

    name: str
    data: bytes = b""
    mimetype: str = "text/plain"
    kind: FileKind = "hosted"
    url: str = ""
    size: int | None = None


@dataclass(slots=True)
class StoredFile:
    """A file that Slack has; `info` is the file object that the API gives."""

    info: Json
    data: bytes
    kind: FileKind = "hosted"


@dataclass(slots=True)
class Message:
    """A posted message. `revision` counts its changes; `ephemeral_for` is the only one who sees it.

    A stream that Slack gave up is `broken`: it says "Something went wrong" for as long as nobody updates it.
    """

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    files: list[StoredFile] = field(default_factory=list)
    subtype: str | None = None
    ephemeral_for: str | None = None
    metadata: Json | None = None
    edited: bool = False
    deleted: bool = False
    streamed: str = ""
    streaming: bool = False
    stream_started: float = 0.0
    stream_touched: float = 0.0
    broken: bool = False
    revision: int = 0
    inputs: Json = field(default_factory=dict)

    @property
    def root(self) -> str:
        return self.thread_ts or self.ts


@dataclass(slots=True)
class View:
    """A modal or an App Home as its person has it before them. `errors` is what a refused submission showed."""

    id: str
    user: str
    payload: Json
    hash: str
    root: str
    previous: str | None = None
    errors: Json = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.payload.get("blocks", [])
        return blocks

    @property
    def title(self) -> str:
        return str(self.payload.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        return str(self.payload.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.payload.get("private_metadata", ""))


class Workspace:
    """Who is there, where, and what was posted. `ahead` is how many seconds its clock is ahead of the machine's."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.files: dict[str, StoredFile] = {}
        self._numbers = itertools.count(1)
        self._last_ts = 0
        self.add_user(User(BOT_USER, "coach", is_bot=True))

    def now(self) -> float:
        return time.time() + self.ahead

    def number(self) -> int:
        return next(self._numbers)

    def new_ts(self) -> str:
        """A timestamp that nothing else has."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{uuid.uuid4().hex[:10].upper()}"

    def add_user(self, user: User) -> User:
        user.name = user.name or user.id.lower()
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        channel.name = channel.name or channel.id.lower()
        self.channels[channel.id] = channel
        self.messages[channel.id] = {}
        return channel

    def user(self, id_: str) -> User:
        """The member; a new one joins under this id."""
        return self.users.get(id_) or self.add_user(User(id_))

    def dm_of(self, user: str) -> str:
        """The direct messages of a person and the app, opened if they were not."""
        self.user(user)
        id_ = f"D{user}"
        if id_ not in self.channels:
            self.add_channel(Channel(id_, "im", members={user, BOT_USER}))
        return id_

    def message(self, channel: str, ts: str) -> Message | None:
        found = self.messages.get(channel, {}).get(ts)
        return None if found is None or found.deleted else found

    def post(self, message: Message) -> Message:
        self.messages[message.channel][message.ts] = message
        return message

    def visible(self, user: str, channel: str, thread_ts: str | None = None) -> Iterable[Message]:
        """What a person has before them, the oldest first; a thread's root belongs to the thread."""
        there = self.channels.get(channel)
        if there is None or (user not in there.members and there.kind != "channel"):
            return []
        return [
            each
            for each in self.messages[channel].values()
            if not each.deleted
            and each.ephemeral_for in (None, user)
            and (thread_ts is None or thread_ts in (each.ts, each.thread_ts))
        ]
