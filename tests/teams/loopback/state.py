"""What the parts of the loopback Teams share: the tenant, the settings, and the records of what happened."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.teams.loopback.workspace import TENANT, Json, Message, Workspace

_WAKE_SECONDS = 0.005
"""Who waits is woken this often at the most: two hundred people who wait would slow each other down."""

CODES = {
    400: ("BadArgument", "Bad argument."),
    401: ("Unauthorized", "Authorization has been denied for this request."),
    403: ("BotNotInConversationRoster", "The bot is not part of the conversation roster."),
    404: ("ConversationNotFound", "Conversation not found."),
    412: ("PreconditionFailed", "Precondition failed, please try again."),
    413: ("MessageSizeTooBig", "Message size too large."),
    429: ("Throttled", "Too many requests."),
}
"""The error that goes with a status if nothing else is said."""


class RefusedError(Exception):
    """Teams says no: the status and the error's code and message."""

    def __init__(self, status: int, code: str = "", message: str = "", headers: dict[str, str] | None = None) -> None:
        usual = CODES.get(status, ("ServiceError", "Unknown error"))
        self.status, self.code, self.message = status, code or usual[0], message or usual[1]
        self.headers = headers or {}
        super().__init__(f"{status} {self.code}: {self.message}")

    @property
    def answer(self) -> Json:
        return {"error": {"code": self.code, "message": self.message}}


class Call(NamedTuple):
    """A call of the app and what it was answered; status 0 is an answer that never came."""

    method: str
    path: str
    body: Json
    status: int
    operation: str
    answer: Json
    at: float


class Ack(NamedTuple):
    """How the app took a delivery: its status, or 0 where none came in time."""

    kind: str
    seconds: float
    status: int


class Failure(NamedTuple):
    """What a person was shown because the app did not answer, or not rightly."""

    user: str
    conversation: str
    kind: str
    text: str


class Status(NamedTuple):
    """What a chat showed of the app's work: a stream's informative text, or "" for three dots."""

    conversation: str
    text: str


@dataclass(slots=True)
class Settings:
    """What a test can turn.

    A delivery that was not taken is made again `resend_after` seconds after it was made, `resends` times at the most.
    `invoke_seconds` is how long a person waits for the app. `stream_interval` is how far apart a stream's updates have
    to be, `stream_seconds` how old it may get.
    """

    resend_after: float = 15.0
    resends: int = 2
    invoke_seconds: float = 5.0
    stream_interval: float = 1.0
    stream_seconds: float = 120.0
    streams: bool = True
    one_stream_a_chat: bool = True
    token_seconds: float = 3_599.0


@dataclass
class State:
    """Everything that is kept. `faults` are what Teams takes but what is wrong all the same."""

    workspace: Workspace = field(default_factory=Workspace)
    settings: Settings = field(default_factory=Settings)
    signed: bool = True
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    acks: list[Ack] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _waking: bool = False

    @property
    def service_url(self) -> str:
        """Where the app is to answer."""
        return f"{self.url}/amer/{TENANT}/"

    def change(self, message: Message | None = None) -> None:
        """Wakes who waits; a message that changed is counted on."""
        if message is not None:
            message.revision += 1
        if not self._waking:
            self._waking = True
            asyncio.get_running_loop().call_later(_WAKE_SECONDS, self._wake)

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

    def fail(self, user: str, conversation: str, kind: str, text: str) -> None:
        """Shows a person that something did not work."""
        self.failures.append(Failure(user, conversation, kind, text))
        self.change()
