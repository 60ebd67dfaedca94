"""App Home and the messages tab: what is shown when they open, and their buttons."""

import re

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.channels.slack.api import Json
from bot.channels.slack.clicking import read_click
from bot.channels.slack.home import Home
from bot.channels.slack.parts import Parts
from bot.channels.slack.render.draft_forms import ask_form, review_form
from bot.channels.slack.render.move_forms import activate_form, compare_form, rollback_form
from bot.channels.slack.render.suggestions import suggested_prompts
from bot.channels.slack.render.views import reply_view, told
from bot.core.admin_commands import AdminCommand, ListVersions, ShowTrail, ShowVersion
from bot.core.prompts import VersionList

_VERSIONS = re.compile(r"home\.(?:show|activate|compare|rollback|trail)(?:\.\d+)?")


def register(app: AsyncApp, parts: Parts, home: Home) -> None:
    """Shows App Home and suggests questions."""

    async def opened(body: Json) -> None:
        event: Json = body["event"]
        if event.get("tab") == "messages":
            parts.chores.start("questions could not be suggested", _suggest(parts, event["channel"]))
        else:
            home.publish(event["user"])

    async def ask(ack: AsyncAck, body: Json) -> None:
        await ack()
        read_click(body, parts.workspace()).open(parts, ask_form())

    async def review(ack: AsyncAck, body: Json) -> None:
        await ack()
        read_click(body, parts.workspace()).open(parts, review_form())

    async def versions(ack: AsyncAck, body: Json) -> None:
        click = read_click(body, parts.workspace())
        kind = click.action.split(".")[1]
        reply = await parts.desk.handle(_reading(kind, click.value), person=click.person, confirmed=None)
        await ack()
        if not isinstance(reply, VersionList):
            click.open(parts, reply_view("Versions", reply))
        elif kind == "compare":
            click.open(parts, compare_form(reply))
        elif kind == "rollback":
            click.open(parts, rollback_form(reply))
        elif click.value.isdecimal():
            click.open(parts, activate_form(int(click.value), reply))
        else:
            click.open(parts, told("Versions", "This view is out of date: open App Home anew."))

    app.event("app_home_opened")(opened)
    app.action("home.ask")(ask)
    app.action("home.review")(review)
    app.action(_VERSIONS)(versions)


def _reading(kind: str, value: str) -> AdminCommand:
    """What is looked up before a button's view opens."""
    if kind == "show" and value.isdecimal():
        return ShowVersion(int(value))
    return ShowTrail() if kind == "trail" else ListVersions()


async def _suggest(parts: Parts, channel: str) -> None:
    prompts = suggested_prompts(await parts.library.current())
    if prompts:
        arguments = {"channel_id": channel, "title": "Questions to begin with", "prompts": prompts}
        await parts.api.call("assistant.threads.setSuggestedPrompts", arguments, again=True)
