"""A click, or a form that was sent, as a value: who did it, on what, and how to answer them."""

from dataclasses import dataclass, field

from bot.channels.slack.api import Json
from bot.channels.slack.ids import person_id
from bot.channels.slack.opening import open_view
from bot.channels.slack.parts import Parts
from bot.channels.slack.render.escape import mrkdwn
from bot.channels.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Click:
    """What was clicked. One who is no member of the coach's own workspace comes from a shared channel."""

    person: str
    user: str
    action: str = ""
    value: str = ""
    block: str = ""
    channel: str = ""
    ts: str = ""
    thread: str = ""
    view: str = ""
    is_member: bool = True
    trigger: str = field(default="", repr=False)
    response_url: str = field(default="", repr=False)

    def tell(self, parts: Parts, text: str) -> None:
        """Tells the clicker alone, where they clicked; in App Home there is no place to."""
        if not self.channel:
            return
        arguments: dict[str, object] = {"channel": self.channel, "user": self.user, "text": mrkdwn(text)}
        if self.thread:
            arguments["thread_ts"] = self.thread

        async def telling() -> None:
            if self.response_url:  # takes it where the coach is no member, too
                await parts.api.respond(self.response_url, {**arguments, "replace_original": False})
            else:
                await parts.api.call("chat.postEphemeral", arguments, again=True)

        parts.chores.start("a click could not be answered", telling())

    def open(self, parts: Parts, view: Json) -> None:
        """Opens a view; what goes wrong is told."""
        open_view(parts, view, trigger=self.trigger, tell=lambda text: self.tell(parts, text), over=bool(self.view))


def read_click(body: Json, workspace: Workspace) -> Click:
    """Reads a `block_actions` or `view_submission` request."""
    user: Json = body["user"]
    action: Json = (body.get("actions") or [{}])[0]
    container: Json = body.get("container") or {}
    message: Json = body.get("message") or {}
    view: Json = body.get("view") or {}
    team = user.get("team_id") or workspace.team
    return Click(
        person=person_id(team, user["id"]),
        is_member=team == workspace.team,
        user=user["id"],
        action=str(action.get("action_id") or ""),
        value=_value(action),
        block=str(action.get("block_id") or ""),
        channel=str(container.get("channel_id") or (body.get("channel") or {}).get("id") or ""),
        ts=str(container.get("message_ts") or ""),
        thread=str(message.get("thread_ts") or container.get("thread_ts") or ""),
        view=str(view.get("id") or "") if view.get("type") == "modal" else "",
        trigger=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
    )


def _value(action: Json) -> str:
    chosen = action.get("selected_option") or {}
    return str(action.get("value") or chosen.get("value") or "")
