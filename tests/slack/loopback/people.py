"""What people do that the app hears of as events: write, edit, delete, open the app."""

import asyncio
from collections.abc import Iterable

from tests.slack.loopback.composer import composed, text_of
from tests.slack.loopback.delivered import Delivered
from tests.slack.loopback.deliveries import Deliveries
from tests.slack.loopback.events import Events
from tests.slack.loopback.files import store
from tests.slack.loopback.posting import public
from tests.slack.loopback.state import State
from tests.slack.loopback.views import shown
from tests.slack.loopback.workspace import Json, Message, Upload


class People:
    """The members, whose acts come to the app as events."""

    def __init__(self, state: State, deliveries: Deliveries) -> None:
        self._state = state
        self._deliveries = deliveries
        self._events = Events(state)
        self._delivered: dict[str, list[Json]] = {}
        self._shown: dict[tuple[str, str], Json] = {}
        state.said = self._app_said

    async def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        files: Iterable[Upload] = (),
        subtype: str | None = None,
        *,
        formatted: bool = False,
    ) -> str:
        """A person posts what they typed; gives its timestamp, without waiting for the app.

        `formatted` says that the composer's marks format it: see `composer`.
        """
        workspace = self._state.workspace
        workspace.user(user)
        there = workspace.channels[channel]
        if user not in there.members:
            if there.kind != "channel":
                raise ValueError(f"{user} is not in {channel}")
            there.members.add(user)
        blocks = composed(text, formatted=formatted)
        stored = [store(self._state, each, user) for each in files]
        message = Message(
            ts=workspace.new_ts(),
            channel=channel,
            user=user,
            text=text_of(blocks),
            blocks=blocks,
            thread_ts=thread_ts,
            files=stored,
            subtype=subtype or ("file_share" if stored else None),
        )
        workspace.post(message)
        self._deliver(message.ts, self._events.posted(message))
        self._state.change(message)
        return message.ts

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """A person changes a message of theirs."""
        message = self._own(user, channel, ts)
        before = public(message)
        message.blocks = composed(text)
        message.text, message.edited = text_of(message.blocks), True
        self._deliver(ts, self._events.changed(message, before))
        self._state.change(message)

    async def delete(self, user: str, channel: str, ts: str) -> None:
        """A person takes a message of theirs away."""
        message = self._own(user, channel, ts)
        message.deleted = True
        self._deliver(ts, self._events.deleted(message))
        self._state.change(message)

    async def open_home(self, user: str, tab: str = "home") -> None:
        """A person opens the app's Home or its messages."""
        home = self._state.homes.get(user)
        self._deliver(f"home {user}", self._events.home_opened(user, tab, shown(home) if home else None))

    async def redeliver(self, ts: str, new_event_id: bool = True) -> list[Delivered]:
        """Delivers a message's first events again as Slack sometimes does, with other event ids and no word of it."""
        again = []
        for payload in self._delivered[ts]:
            fresh = {"event_id": self._state.workspace.new_id("Ev")} if new_event_id else {}
            again.append(self._deliveries.event({**payload, **fresh}))
        return await asyncio.gather(*[each for each in again if each is not None])

    async def event(self, event: Json, channel: str | None = None) -> Delivered | None:
        """Delivers any event at all, wrapped as Slack does, and waits for its end."""
        there = self._state.workspace.channels.get(channel or "")
        task = self._deliveries.event(self._events.wrapped(event, there))
        return None if task is None else await task

    def _own(self, user: str, channel: str, ts: str) -> Message:
        message = self._state.workspace.message(channel, ts)
        if message is None or message.user != user:
            raise ValueError(f"{user} has no message {ts} in {channel}")
        return message

    def _deliver(self, ts: str, payloads: Iterable[Json]) -> None:
        for payload in payloads:
            self._delivered.setdefault(ts, []).append(payload)
            self._deliveries.event(payload)

    def _app_said(self, message: Message, what: str) -> None:
        """Slack tells the app of its own messages too."""
        if not self._state.settings.echo or message.ephemeral_for is not None:
            return
        key = (message.channel, message.ts)
        before = self._shown.get(key, {})
        self._shown[key] = public(message, with_metadata=False)
        if what == "posted":
            self._deliver(message.ts, self._events.posted(message))
        elif what == "changed":
            self._deliver(message.ts, self._events.changed(message, before))
        else:
            self._deliver(message.ts, self._events.deleted(message))
