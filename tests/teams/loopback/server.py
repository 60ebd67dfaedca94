"""A loopback Teams: `async with Teams() as teams`."""

import json
from collections.abc import Awaitable, Iterable, Mapping
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.claude.loopback import started
from tests.teams.loopback import keys
from tests.teams.loopback.connector import Connector
from tests.teams.loopback.deliveries import Delivered, Deliveries
from tests.teams.loopback.dialogs import Dialog, Dialogs
from tests.teams.loopback.disturbances import Fault, Faults, Limits
from tests.teams.loopback.files import FileServer
from tests.teams.loopback.keys import KeyServer
from tests.teams.loopback.login import Login
from tests.teams.loopback.people import People
from tests.teams.loopback.records import Records
from tests.teams.loopback.seen import Eyes, Seen, is_announced
from tests.teams.loopback.state import Settings, State
from tests.teams.loopback.waiting import Waiting
from tests.teams.loopback.workspace import Json

_BODY_MOST = 8 << 20
_SIGN = "sign it"


class Teams(Records):
    """One tenant and one app in it, from `async with` to its end.

    People act through `say`, `edit`, `delete`, `like`, `install`, `uninstall` (the app hears of it) and `press`,
    `react`, `extension`, `submit` (they wait for the app and get what it answered). What they then have before them is
    `seen`, `dialog_of`, `compose_of`, `statuses` and, where the app did not answer rightly, `failures`.

    With `signed` False nothing is signed and no call has to carry a token, as in the Playground.
    """

    def __init__(
        self, *, signed: bool = True, settings: Settings | None = None, limits: Limits | None = None, port: int = 0
    ) -> None:
        self.settings = settings or Settings()
        self.limits = limits or Limits()
        self._port = port
        super().__init__(State(settings=self.settings, signed=signed))
        self._faults = Faults()
        self._eyes = Eyes()
        self._deliveries = Deliveries(self._state)
        self._runner: web.AppRunner | None = None
        self.login = Login(self._state, self._faults)
        self.keys = KeyServer(self._state)
        people, waiting = People(self._state, self._deliveries), Waiting(self._state, self._deliveries)
        self._people, self._waiting = people, waiting
        self._dialogs = Dialogs(self._state, self._deliveries)
        self.file_server = FileServer(self._state, self._faults, people.files)
        self.personal, self.install, self.uninstall = people.personal, people.install, people.uninstall
        self.say, self.redeliver, self.delivered = people.say, people.redeliver, people.delivered
        self.edit, self.delete, self.like = people.edit, people.delete, people.like
        self.press, self.react = waiting.press, waiting.react
        self.extension, self.submit = self._dialogs.extension, self._dialogs.submit
        self.dialog_of, self.close_dialog = self._dialogs.of, self._dialogs.close
        self.until = self._state.until

    @property
    def told(self) -> list[str]:
        """What buttons and dialogs answered with words."""
        return [*self._waiting.told, *self._dialogs.told]

    @property
    def dialogs(self) -> dict[str, Dialog]:
        """The dialogs that are open, by their person."""
        return self._dialogs.open

    @property
    def invokes(self) -> list[Json]:
        """Everything that people waited for, as it was delivered; each can be delivered again by its id."""
        return [each for each in self._deliveries.delivered.values() if each["type"] == "invoke"]

    @property
    def pending(self) -> int:
        """Messages whose delivery has not ended."""
        return self._deliveries.pending

    def group(self, id_: str, *users: str, has_bot: bool = True) -> str:
        """Adds a group chat of these people and the app."""
        return self._people.add("groupChat", id_, users, has_bot=has_bot)

    def channel(self, id_: str, *users: str, has_bot: bool = True) -> str:
        """Adds a channel of these people and the app."""
        return self._people.add("channel", id_, users, has_bot=has_bot)

    def chat(self, user: str, other: str) -> str:
        """Adds the chat of two people, which the app is not in."""
        return self._people.chat(user, other)

    def pass_time(self, seconds: float) -> None:
        """Moves the clock of streams, tokens and rate limits."""
        self._state.workspace.ahead += seconds
        self._state.change()

    def stop_stream(self, user: str, conversation: str) -> None:
        """A person presses stop while an answer grows.

        Raises:
            LookupError: none does.
        """
        there = self._state.workspace.conversation(conversation)
        message = there.streamed if there is not None and user in there.members else None
        if message is None or message.stream is None or message.stream.state != "open":
            raise LookupError(f"nothing is being streamed to {user} in {conversation}")
        message.stream.state = "canceled"
        self._state.change(message)

    def fail(
        self,
        operation: str,
        times: int = 1,
        *,
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        retry_after: float | None = None,
        hang: float = 0.0,
        drop: bool = False,
        garble: bool = False,
    ) -> None:
        """Scripts what the next calls come to; see `Fault`.

        Operations: "send", "typing", "stream", "final", "update", "delete", "create", "members", "token", "file".
        """
        self._faults.add(operation, Fault(times, status, code, message, hang, drop, garble, retry_after))

    def heal(self) -> None:
        """Drops what is left of the script."""
        self._faults.clear()

    async def http_to(self, *urls: str) -> None:
        """From now on delivers to these messaging endpoints, to each in turn."""
        self._deliveries.http_to(urls)

    def token(self, *, alg: str = "RS256", kid: str = keys.KEY, signer: str = keys.KEY, **claims: object) -> str:
        """A token as deliveries carry it, but for what is given: see `keys.token`."""
        service_url = claims.pop("serviceurl", self.service_url)
        return keys.token(str(service_url), alg=alg, kid=kid, signer=signer, **claims)

    async def post_raw(
        self, body: Json | str | bytes, token: str | None = _SIGN, headers: Mapping[str, str] | None = None
    ) -> int:
        """Sends the app anything once, signed rightly unless told otherwise; gives the answer's status, 0 for none.

        A token of None is no Authorization at all.
        """
        sent = {"Content-Type": "application/json; charset=utf-8"}
        if token is not None:
            sent["Authorization"] = f"Bearer {self.token() if token is _SIGN else token}"
        raw = json.dumps(body) if isinstance(body, dict) else body
        seconds = self.settings.resend_after
        return (await self._deliveries.send(raw, {**sent, **(headers or {})}, seconds)).status

    async def settled(self, seconds: float = 30.0) -> None:
        """Waits until every message has been delivered or given up."""
        await self.until(lambda: not self.pending, seconds)

    def seen(self, user: str, conversation: str) -> list[Seen]:
        """What the person has before them there, oldest first: a chat, a thread, or a channel with its threads.

        A stream that has only been announced is in `statuses`, not here.
        """
        there = self._state.workspace.conversation(conversation)
        if there is None:
            return []
        shown = self._state.workspace.visible(user, conversation)
        return [self._eyes.see(each, user, there) for each in shown if not is_announced(each)]

    def compose_of(self, user: str) -> Json | None:
        """The card that lies in a person's compose box."""
        return self._dialogs.composed.get(user)

    def press_raw(self, user: str, activity_id: str, value: Json) -> Awaitable[Delivered]:
        """Somebody sends any `adaptiveCard/action` about a message, whatever its card offers."""
        return self._waiting.press_raw(user, self._state.workspace.messages[activity_id], value)

    async def invoke(
        self,
        user: str,
        conversation: str,
        name: str,
        value: object,
        *,
        reply_to: str | None = None,
        tenant: str | None = None,
    ) -> Delivered:
        """Somebody sends any invoke, about a message if about any; `tenant` is theirs, where that is told."""
        return await self._waiting.invoke(user, conversation, name, value, reply_to=reply_to, tenant=tenant)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=_BODY_MOST)
        connector = Connector(self._state, self._faults, self.limits, self.login)
        parts: Iterable[KeyServer | Login | FileServer | Connector] = (
            self.keys,
            self.login,
            self.file_server,
            connector,
        )
        for part in parts:
            part.add_to(app)
        self._runner, port = await started(app, self._port)
        self._state.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._deliveries.close()
        if self._runner is not None:
            await self._runner.cleanup()
