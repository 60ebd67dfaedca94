"""What people do that they wait for: commands, shortcuts, clicks, forms."""

from collections.abc import Mapping

from tests.slack.loopback.delivered import Delivered
from tests.slack.loopback.deliveries import Deliveries
from tests.slack.loopback.inputs import action_of, values_of
from tests.slack.loopback.payloads import Payloads
from tests.slack.loopback.posting import content, post
from tests.slack.loopback.state import Failure, RefusedError, State
from tests.slack.loopback.views import checked, push_on, replace
from tests.slack.loopback.workspace import BOT_USER, Channel, Json, Message, View

_WORDS = {
    "http_timeout": "operation_timeout",
    "timeout": "operation_timeout",
    "http_error": "dispatch_failed",
    "connection_failed": "dispatch_failed",
}


class Interactions:
    """The members again, whose acts here are answered at once or fail before their eyes."""

    def __init__(self, state: State, deliveries: Deliveries) -> None:
        self._state = state
        self._deliveries = deliveries
        self._payloads = Payloads(state)

    async def command(self, user: str, channel: str, text: str, command: str = "/coach") -> Delivered:
        """A person sends a slash command; what the app answers at once is shown to them alone."""
        there = self._there(channel)
        delivered = await self._deliveries.once(
            "command", "slash_commands", self._payloads.command(user, there, command, text)
        )
        if delivered.reason:
            word = _WORDS.get(delivered.reason, delivered.reason)
            self._fail(user, channel, "command", f'{command} failed with the error "{word}"')
        elif delivered.body:
            given = {"text": delivered.body} if isinstance(delivered.body, str) else delivered.body
            self._show(user, there, given)
        return delivered

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str = "review_message") -> Delivered:
        """A person picks the app's shortcut in a message's menu."""
        message = self._message(channel, ts)
        payload = self._payloads.message_action(user, self._there(channel), message, callback_id)
        return await self._interact(user, channel, "message_action", payload)

    async def global_shortcut(self, user: str, callback_id: str) -> Delivered:
        """A person picks a shortcut that belongs to no message."""
        return await self._interact(user, "", "shortcut", self._payloads.global_shortcut(user, callback_id))

    async def click(
        self, user: str, channel: str, ts: str, action_id: str, value: object = None, index: int = 0
    ) -> Delivered:
        """A person clicks something in a message."""
        message = self._message(channel, ts)
        if message.ephemeral_for not in (None, user):
            raise LookupError(f"{user} does not see {ts}")
        action = action_of(message.blocks, action_id, value, index)
        payload = self._payloads.click(user, self._there(channel), message, action)
        return await self._interact(user, channel, "block_actions", payload)

    async def click_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        value: object = None,
        index: int = 0,
        values: Mapping[str, object] | None = None,
    ) -> Delivered:
        """A person clicks something in a modal or in their App Home; `values` is what they filled in by then."""
        view = self._view(user, view_id)
        action = action_of(view.blocks, action_id, value, index)
        entered = values_of(self._state, view, values) if values else {}
        payload = self._payloads.click_in_view(user, view, action, entered)
        return await self._interact(user, "", "block_actions", payload)

    async def submit(self, user: str, view_id: str, values: Mapping[str, object] | None = None) -> Json:
        """A person sends a form; gives what the app answered, {} for nothing, and does to the form what it says."""
        view = self._view(user, view_id)
        payload = self._payloads.submission(user, view, values_of(self._state, view, values or {}))
        delivered = await self._interact(user, "", "view_submission", payload)
        answer = delivered.body if isinstance(delivered.body, dict) else {}
        if not delivered.reason:
            try:
                self._follow(view, answer)
            except RefusedError as refused:
                self._fail(user, "", "view_submission", f"We had some trouble connecting. {refused}")
        return answer

    async def close_view(self, user: str, view_id: str, is_cleared: bool = False) -> None:
        """A person closes a form, or with `is_cleared` all that lie there."""
        view = self._view(user, view_id)
        gone = [each for each in self._state.views.values() if each.root == view.root] if is_cleared else [view]
        for each in reversed(gone):
            del self._state.views[each.id]
            self._state.change()
            if each.payload.get("notify_on_close"):
                payload = self._payloads.closing(user, each, is_cleared=is_cleared)
                await self._deliveries.once("view_closed", "interactive", payload)

    async def _interact(self, user: str, channel: str, kind: str, payload: Json) -> Delivered:
        delivered = await self._deliveries.once(kind, "interactive", payload)
        if delivered.reason:
            self._fail(user, channel, kind, f"We had some trouble connecting. ({delivered.reason})")
        return delivered

    def _follow(self, view: View, answer: Json) -> None:
        """Does what the app answered to a submission."""
        act = answer.get("response_action")
        if act is None:
            self._state.views.pop(view.id, None)
        elif act == "clear":
            for each in [each for each in self._state.views.values() if each.root == view.root]:
                del self._state.views[each.id]
        elif act == "errors":
            known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            errors = answer.get("errors")
            if not isinstance(errors, dict) or not errors or not set(errors) <= known:
                raise RefusedError("invalid_arguments")
            view.errors = errors
        elif act == "update":
            replace(self._state, view, checked(self._state, answer.get("view"), view))
        elif act == "push":
            push_on(self._state, view, checked(self._state, answer.get("view"), view))
        else:
            raise RefusedError("invalid_arguments")
        self._state.change()

    def _show(self, user: str, channel: Channel, given: Json) -> None:
        text, blocks = content(given)
        in_channel = given.get("response_type") == "in_channel"
        post(
            self._state,
            Message(
                ts=self._state.workspace.new_ts(),
                channel=channel.id,
                user=BOT_USER,
                text=text,
                blocks=blocks,
                ephemeral_for=None if in_channel else user,
            ),
        )

    def _fail(self, user: str, channel: str, kind: str, text: str) -> None:
        self._state.failures.append(Failure(user, channel, kind, text))
        self._state.change()

    def _there(self, channel: str) -> Channel:
        return self._state.workspace.channels[channel]

    def _message(self, channel: str, ts: str) -> Message:
        message = self._state.workspace.message(channel, ts)
        if message is None:
            raise LookupError(f"no message {ts} in {channel}")
        return message

    def _view(self, user: str, view_id: str) -> View:
        home = self._state.homes.get(user)
        view = home if home is not None and home.id == view_id else self._state.views.get(view_id)
        if view is None or view.user != user:
            raise LookupError(f"{user} has no view {view_id} open")
        return view
