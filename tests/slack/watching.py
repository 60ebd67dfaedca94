"""What tests wait for in the loopback Slack, and what they read there."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.admin_commands import ListVersions
from bot.core.ports import Engine
from bot.core.prompts import Figures, VersionList
from tests.fakes import LESSON, small_app
from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER, Json, View
from tests.slack.serving import Served, served

ADMIN = "UADMIN"
QUESTION = "How should gutters be cleared in autumn?"
ANSWER = "Clear the gutters every autumn. [1]"
DRAFT = "Hi Dana,\n\nOur tiles last forever. This roof never leaks. See you on Monday.\n\nBest,\nAnn"
REWRITTEN = (
    "Hi Dana,\n\nOur tiles last sixty years. This roof is guaranteed for ten years. See you on Monday.\n\nBest,\nAnn"
)
QUOTED = "<@U2> <#C1> <http://evil|x> [x](http://evil) *bold* _it_ ~no~ `c` ```"
"""Mentions a member, leads elsewhere and is bold, wherever it is taken for markup; in one sentence."""
NASTY = f"<!channel> <!subteam^S1> {QUOTED}"
"""The same, and it speaks to everybody."""

over_http = pytest.mark.parametrize("coached", ["http"], indirect=True)
over_a_socket = pytest.mark.parametrize("coached", ["socket"], indirect=True)
"""For a test of what both ways in have in common."""


@asynccontextmanager
async def coaching(
    slack: Slack, place: Path, mode: str, *, engine: Engine | None = None, lesson: str = LESSON
) -> AsyncGenerator[Served]:
    """Serves the small coach with another engine or lesson."""
    folder = place / "knowledge"
    folder.mkdir()
    (folder / "roofs.md").write_text(lesson, encoding="utf-8")
    app = small_app(folder, engine=engine, admins=frozenset({f"slack:T1/{ADMIN}"}))
    async with served(slack, app, mode) as coached:
        yield coached


def said(slack: Slack, user: str, channel: str, thread: str | None = None) -> list[Seen]:
    """What the coach has said there before this person, as far as it has said it to the end.

    A stream that ended without the blocks below its text is still to be replaced.
    """
    seen = [each for each in slack.seen(user, channel, thread) if each.author == BOT_USER]
    return [each for each in seen if not each.streaming and (each.blocks or not each.streamed)]


async def replies(slack: Slack, user: str, channel: str, thread: str | None = None, *, count: int = 1) -> list[Seen]:
    """Waits for that many messages of the coach and gives all that are there."""
    await slack.until(lambda: len(said(slack, user, channel, thread)) >= count)
    return said(slack, user, channel, thread)


async def reply(slack: Slack, user: str, channel: str, thread: str | None = None) -> Seen:
    """Waits for the only message of the coach."""
    (only,) = await replies(slack, user, channel, thread)
    return only


async def told(slack: Slack, user: str, channel: str, words: str) -> Seen:
    """Waits until the person is told these words there."""

    def found() -> list[Seen]:
        return [each for each in said(slack, user, channel) if words in each.plain]

    await slack.until(found)
    return found()[-1]


async def opened(slack: Slack, user: str, words: str = "") -> View:
    """Waits for a modal that shows these words and gives it."""

    def found() -> list[View]:
        return [each for each in slack.views.values() if each.user == user and words in slack.plain(each)]

    await slack.until(found)
    return found()[-1]


async def idle(coached: Served) -> None:
    """Waits until everything that came in has been answered, or passed over."""
    await coached.slack.settled()
    async with asyncio.timeout(10):
        while (depth := await coached.app.store.inbox.depth()).waiting or depth.leased:
            pass


async def figures(coached: Served, version: int = 1) -> Figures:
    """What a version did, as its admin sees it."""
    listed = await coached.app.desk.handle(ListVersions(), person=f"slack:T1/{ADMIN}", confirmed=None)
    assert isinstance(listed, VersionList)
    return next(card.figures for card in listed.versions if card.number == version)


async def until_rated(coached: Served, holds: Callable[[Figures], bool]) -> Figures:
    """Waits until the live version's figures are so."""
    async with asyncio.timeout(10):
        while not holds(did := await figures(coached)):
            pass
    return did


def shown_to_others(slack: Slack, words: str, *, person: str) -> list[str]:
    """Names every way in which anybody but `person` could have seen these words of the coach's, at any time."""
    own = slack.dm_of(person)
    leaks = [
        f"{user} sees it in {channel}"
        for user in slack.users
        for channel in slack.channels
        for each in slack.seen(user, channel)
        if user not in (person, BOT_USER) and each.author == BOT_USER and words in f"{each.plain}\n{each.text}"
    ]
    leaks += [f"{view.user} has it open" for view in slack.views.values() if _is_others(slack, view, words, person)]
    for call in slack.calls:
        given = {key: value for key, value in call.params.items() if key not in ("metadata", "trigger_id")}
        if words not in json.dumps(given, ensure_ascii=False) or call.method.startswith("views."):
            continue
        where = call.params.get("channel") or call.params.get("channel_id")
        is_aside = call.method == "chat.postEphemeral" and call.params.get("user") == person
        is_answer = call.method == "response_url" and call.params.get("response_type", "ephemeral") == "ephemeral"
        if not is_aside and not is_answer and where != own:
            leaks.append(f"{call.method} in {where}")
    return leaks


def pings(slack: Slack) -> list[str]:
    """What anything that the coach has said or opened anywhere really mentions or links."""
    found = [
        each
        for user in slack.users
        for channel in slack.channels
        for message in slack.seen(user, channel)
        if message.author == BOT_USER
        for each in message.pings
    ]
    for view in (*slack.views.values(), *filter(None, map(slack.home, slack.users))):
        found += slack.view_pings(view)
    return found


def boxes(seen: Seen) -> list[str]:
    """The texts of a message that stand ready to copy."""
    return ["".join(piece["text"] for piece in box["elements"]) for box in _boxes(seen.blocks)]


def passed_over(coached: Served) -> dict[str, int]:
    """How many events were passed over, by the reason."""
    (measures,) = coached.platforms.measures()
    return dict(measures.passed_over)


def taken(coached: Served) -> int:
    """How many messages were taken in."""
    (measures,) = coached.platforms.measures()
    return sum(measures.taken.values())


def _boxes(value: object) -> list[Json]:
    if isinstance(value, list):
        return [box for each in value for box in _boxes(each)]
    if not isinstance(value, dict):
        return []
    return [value] if value.get("type") == "rich_text_preformatted" else _boxes(value.get("elements"))


def _is_others(slack: Slack, view: View, words: str, person: str) -> bool:
    return view.user != person and words in slack.plain(view)
