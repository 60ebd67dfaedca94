"""The payloads of commands, shortcuts, clicks and forms."""

from tests.slack.loopback.mrkdwn import escaped
from tests.slack.loopback.posting import public
from tests.slack.loopback.state import ResponseUrl, State
from tests.slack.loopback.views import shown
from tests.slack.loopback.workspace import APP, TEAM, Channel, Json, Message, View

_DOMAIN = "example"
_UNNAMED = {"im": "directmessage", "group": "privategroup", "mpim": "privategroup"}


class Payloads:
    """Writes them for one workspace."""

    def __init__(self, state: State) -> None:
        self._state = state

    def command(self, user: str, channel: Channel, command: str, text: str) -> Json:
        return {
            "token": "verification",
            "team_id": TEAM,
            "team_domain": _DOMAIN,
            "channel_id": channel.id,
            "channel_name": _name(channel),
            "user_id": user,
            "user_name": self._state.workspace.user(user).name,
            "command": command,
            "text": escaped(text),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._response_url(user, channel),
            "trigger_id": self._state.new_trigger(user),
        }

    def message_action(self, user: str, channel: Channel, message: Message, callback_id: str) -> Json:
        return {
            **self._from(user, "message_action"),
            "callback_id": callback_id,
            "action_ts": self._state.workspace.new_ts(),
            "channel": {"id": channel.id, "name": _name(channel)},
            "trigger_id": self._state.new_trigger(user),
            "response_url": self._response_url(user, channel, message),
            "message_ts": message.ts,
            "message": public(message),
        }

    def global_shortcut(self, user: str, callback_id: str) -> Json:
        return {
            **self._from(user, "shortcut"),
            "callback_id": callback_id,
            "action_ts": self._state.workspace.new_ts(),
            "trigger_id": self._state.new_trigger(user),
        }

    def click(self, user: str, channel: Channel, message: Message, action: Json) -> Json:
        ephemeral = message.ephemeral_for is not None
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = {
            **self._from(user, "block_actions"),
            "container": container,
            "trigger_id": self._state.new_trigger(user),
            "channel": {"id": channel.id, "name": _name(channel)},
            "state": {"values": message.inputs},
            "response_url": self._response_url(user, channel, message),
            "actions": [{**action, "action_ts": self._state.workspace.new_ts()}],
        }
        if not ephemeral:
            payload["message"] = public(message)
        return payload

    def click_in_view(self, user: str, view: View, action: Json, values: Json) -> Json:
        return {
            **self._from(user, "block_actions"),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self._state.new_trigger(user, view.id),
            "view": {**shown(view), "state": {"values": values}},
            "actions": [{**action, "action_ts": self._state.workspace.new_ts()}],
        }

    def submission(self, user: str, view: View, values: Json) -> Json:
        return {
            **self._from(user, "view_submission"),
            "trigger_id": self._state.new_trigger(user, view.id),
            "view": {**shown(view), "state": {"values": values}},
            "response_urls": [],
        }

    def closing(self, user: str, view: View, *, is_cleared: bool) -> Json:
        return {**self._from(user, "view_closed"), "view": shown(view), "is_cleared": is_cleared}

    def _from(self, user: str, kind: str) -> Json:
        member = self._state.workspace.user(user)
        return {
            "type": kind,
            "token": "verification",
            "team": {"id": TEAM, "domain": _DOMAIN},
            "user": {"id": user, "username": member.name, "name": member.name, "team_id": member.team},
            "api_app_id": APP,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _response_url(self, user: str, channel: Channel, message: Message | None = None) -> str:
        return self._state.new_response_url(
            ResponseUrl(
                user,
                channel.id,
                self._state.workspace.now(),
                thread_ts=message.thread_ts if message else None,
                message_ts=message.ts if message else None,
            )
        )


def _name(channel: Channel) -> str:
    return _UNNAMED.get(channel.kind, channel.name)
