"""What the parts of the loopback Slack share: the workspace, its settings, and the records of what happened."""

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.slack.loopback.workspace import SCOPES, Json, Message, View, Workspace

_WAKE_SECONDS = 0.005
"""Who waits is woken this often at the most: two hundred people who wait would slow each other down."""


class RefusedError(Exception):
    """Slack says no: `code` is its `error`."""

    def __init__(self, code: str, *, messages: list[str] | None = None, status: int = 200, **more: object) -> None:
        super().__init__(code)
        self.status = status
        self.headers: dict[str, str] = {}
        self.answer: Json = {"ok": False, "error": code, **more}
        if messages:
            self.answer["errors"] = [each.removeprefix("[ERROR] ") for each in messages]
            self.answer["response_metadata"] = {"messages": messages}


class Call(NamedTuple):
    """A call of the app: when it came and what it was answered, secrets left out."""

    method: str
    params: Json
    at: float
    answer: Json


class Ack(NamedTuple):
    """How the app took a delivery: 200, another status, or 0 where nothing came in time."""

    kind: str
    seconds: float
    status: int


class Failure(NamedTuple):
    """What a person was shown because the app did not answer."""

    user: str
    channel: str
    kind: str
    text: str


@dataclass(slots=True)
class Settings:
    """What a test can turn.

    `retry_pauses` stands for Slack's "at once, then 1 minute, then 5 minutes". `echo` delivers the app's own posts to
    it, as Slack does. `stream_seconds` is how old a stream gets, `stream_idle_seconds` how long it may stand still.
    """

    scopes: frozenset[str] = SCOPES
    subscriptions: frozenset[str] = frozenset(
        "app_mention message.channels message.groups message.im message.mpim app_home_opened".split()
    )
    streams: bool = True
    stream_seconds: float = 300.0
    stream_idle_seconds: float = math.inf
    ack_seconds: float = 3.0
    retry_pauses: tuple[float, ...] = (0.0, 0.06, 0.3)
    trigger_seconds: float = 3.0
    echo: bool = True


@dataclass(slots=True)
class Status:
    """What Slack shows below a thread while the app works."""

    text: str
    at: float
    loading_messages: list[str]


@dataclass(slots=True)
class ResponseUrl:
    """Where a command or a click may be answered."""

    user: str
    channel: str
    born: float
    thread_ts: str | None = None
    message_ts: str | None = None
    used: int = 0


@dataclass(slots=True)
class Trigger:
    """Lets the app open one view for `user`."""

    user: str
    born: float
    view: str | None = None
    used: bool = False


@dataclass
class State:
    """Everything that is kept. `said` is told of each message that the app wrote, changed or took away."""

    workspace: Workspace = field(default_factory=Workspace)
    settings: Settings = field(default_factory=Settings)
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    acks: list[Ack] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    statuses: dict[tuple[str, str], Status] = field(default_factory=dict)
    status_log: list[tuple[str, str, str]] = field(default_factory=list)
    prompts: dict[str, list[Json]] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    typed: dict[str, Json] = field(default_factory=lambda: defaultdict(dict))
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    uploads: dict[str, Json] = field(default_factory=dict)
    said: Callable[[Message, str], None] = lambda _message, _what: None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _waking: bool = False

    def change(self, message: Message | None = None) -> None:
        """Wakes who waits; a message that changed is counted on."""
        if message is not None:
            message.revision += 1
        if not self._waking:
            self._waking = True
            asyncio.get_running_loop().call_later(_WAKE_SECONDS, self._wake)

    def expire(self, message: Message) -> None:
        """Gives up a stream that is too old, or stood still for too long."""
        if not message.streaming:
            return
        now = self.workspace.now()
        old = now - message.stream_started > self.settings.stream_seconds
        if old or now - message.stream_touched > self.settings.stream_idle_seconds:
            message.streaming, message.broken = False, True
            self.change(message)

    def expire_all(self) -> None:
        for there in self.workspace.messages.values():
            for message in there.values():
                self.expire(message)

    def _wake(self) -> None:
        self._waking = False
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, true: Callable[[], object], seconds: float = 30.0) -> None:
        """Waits until `true()`.

        Raises:
            TimeoutError: it is not within `seconds`.
        """
        async with asyncio.timeout(seconds):
            while not true():
                await self._changed.wait()

    def new_trigger(self, user: str, view: str | None = None) -> str:
        id_ = f"{self.workspace.number()}.{self.workspace.new_id('TR')}"
        self.triggers[id_] = Trigger(user, self.workspace.now(), view)
        return id_

    def new_response_url(self, answers: ResponseUrl) -> str:
        key = self.workspace.new_id("R")
        self.response_urls[key] = answers
        return f"{self.url}/response/{key}"
