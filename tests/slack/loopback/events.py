"""Events as Slack writes them."""

import re
from collections.abc import Iterator

from tests.slack.loopback.posting import public
from tests.slack.loopback.state import State
from tests.slack.loopback.workspace import APP, BOT_USER, TEAM, Channel, Json, Message


class Events:
    """Makes the payloads of one workspace's events, those that the app is subscribed to."""

    def __init__(self, state: State) -> None:
        self._state = state

    def wrapped(self, event: Json, channel: Channel | None = None) -> Json:
        workspace = self._state.workspace
        return {
            "token": "verification",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.new_id("Ev"),
            "event_time": int(workspace.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
            "event_context": f"4-{workspace.new_id('')}",
        }

    def posted(self, message: Message) -> Iterator[Json]:
        """A message, and its twin where it mentions the app."""
        channel = self._state.workspace.channels[message.channel]
        event = {**self._shown(message), "channel": channel.id, "event_ts": message.ts}
        mentions = re.search(rf"<@{BOT_USER}(\|[^>]*)?>", message.text)
        if mentions and message.user != BOT_USER and channel.kind != "im" and message.subtype in (None, "file_share"):
            twin = {key: value for key, value in event.items() if key != "subtype"}
            yield from self._if_subscribed("app_mention", {**twin, "type": "app_mention"}, channel)
        yield from self._message(event, channel)

    def changed(self, message: Message, before: Json) -> Iterator[Json]:
        channel, ts = self._state.workspace.channels[message.channel], self._state.workspace.new_ts()
        event = {
            "type": "message",
            "subtype": "message_changed",
            "message": self._shown(message),
            "previous_message": before,
            "channel": channel.id,
            "hidden": True,
            "ts": ts,
            "event_ts": ts,
        }
        yield from self._message(event, channel)

    def deleted(self, message: Message) -> Iterator[Json]:
        channel, ts = self._state.workspace.channels[message.channel], self._state.workspace.new_ts()
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "deleted_ts": message.ts,
            "previous_message": self._shown(message),
            "channel": channel.id,
            "hidden": True,
            "ts": ts,
            "event_ts": ts,
        }
        yield from self._message(event, channel)

    def home_opened(self, user: str, tab: str, view: Json | None) -> Iterator[Json]:
        workspace = self._state.workspace
        channel = workspace.channels[workspace.dm_of(user)]
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.id,
            "tab": tab,
            "event_ts": workspace.new_ts(),
        }
        if view is not None and tab == "home":
            event["view"] = view
        yield from self._if_subscribed("app_home_opened", event, channel)

    def _shown(self, message: Message) -> Json:
        shown = public(message, with_metadata=False)
        user = self._state.workspace.users.get(message.user)
        if user is not None and "team" in shown:
            shown["team"] = user.team
            if user.team != TEAM:
                shown |= {"user_team": user.team, "source_team": user.team}
        if message.thread_ts:
            root = self._state.workspace.message(message.channel, message.thread_ts)
            shown["parent_user_id"] = root.user if root else ""
        return shown

    def _message(self, event: Json, channel: Channel) -> Iterator[Json]:
        kind = {"channel": "channels", "group": "groups"}.get(channel.kind, channel.kind)
        yield from self._if_subscribed(f"message.{kind}", {**event, "channel_type": channel.kind}, channel)

    def _if_subscribed(self, kind: str, event: Json, channel: Channel) -> Iterator[Json]:
        if kind in self._state.settings.subscriptions and BOT_USER in channel.members:
            yield self.wrapped(event, channel)
