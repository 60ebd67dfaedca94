"""A small coach in the loopback Teams: what tests ask it, wait for and read there."""

import json
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.admin_commands import ListVersions
from bot.core.ports import Engine
from bot.core.prompts import Figures, VersionList
from bot.core.state import Store
from tests.fakes import LESSON, small_app
from tests.teams.loopback.seen import Seen
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Call
from tests.teams.loopback.workspace import BOT, TENANT, Json, oid
from tests.teams.serving import Served, served
from tests.web.waiting import until

ANA, BEN = "Ana", "Ben"
ADMIN, OTHER = "Ada", "Olga"
"""Admins of the coach."""
QUESTION = "How should gutters be cleared in autumn?"
ANSWER = "Clear the gutters every autumn. [1]"
FOLLOW_UP = "And how often?"
"""Shares no word with the lesson: only what its thread asked before makes it answerable."""
STAMP = "Prompt version 1 · lessons engine"
DRAFT = "Hi Dana,\n\nOur tiles last forever. This roof never leaks. See you on Monday.\n\nBest,\nAnn"
REWRITTEN = (
    "Hi Dana,\n\nOur tiles last sixty years. This roof is guaranteed for ten years. See you on Monday.\n\nBest,\nAnn"
)
NASTY = "<at>Ben</at> <b>so</b> [x](http://evil.example) **bold** _it_ ~~no~~ `c` # &amp; <br> <img src=x>"
"""Mentions, leads elsewhere and is bold, wherever it is taken for markup."""


def person(user: str) -> str:
    """The coach's name for somebody."""
    return f"teams:{TENANT}/{oid(user)}"


@asynccontextmanager
async def coaching(
    teams: Teams,
    place: Path,
    mode: str = "app",
    *,
    engine: Engine | None = None,
    lesson: str = LESSON,
    admins: Iterable[str] = (ADMIN, OTHER),
    store: Store | None = None,
    announce_in: str | None = None,
) -> AsyncGenerator[Served]:
    """Serves the small coach; all that it said in the end was as Teams wants it."""
    folder = place / "knowledge"
    folder.mkdir(exist_ok=True)
    (folder / "roofs.md").write_text(lesson, encoding="utf-8")
    app = small_app(folder, engine=engine, store=store, admins=frozenset(map(person, admins)))
    async with served(teams, app, mode, announce_in=announce_in) as coached:
        yield coached
    assert teams.faults == []


async def idle(coached: Served) -> None:
    """Waits until everything that came in has been answered to its end, or passed over."""
    await coached.teams.settled()

    async def is_done() -> bool:
        depth = await coached.app.store.inbox.depth()
        return depth.waiting == depth.leased == 0

    await until(is_done)


def said(teams: Teams, user: str, conversation: str) -> list[Seen]:
    """What the coach has said there before this person, whether it has come to its end or not."""
    return [each for each in teams.seen(user, conversation) if each.author == BOT]


async def asked(
    coached: Served, user: str, conversation: str, text: str, *, root: str | None = None
) -> tuple[str, list[Seen]]:
    """Somebody writes to the coach; gives their message's id and, once it is at its end, what came of it there."""
    before = len(said(coached.teams, user, conversation))
    id_ = await coached.teams.say(user, conversation, text, root=root)
    await idle(coached)
    return id_, said(coached.teams, user, conversation)[before:]


async def answered(coached: Served, user: str, conversation: str, text: str, *, root: str | None = None) -> Seen:
    """The one message that came of what somebody wrote, questions to begin with aside."""
    _, (only, *more) = await asked(coached, user, conversation, text, root=root)
    assert not only.streaming
    assert all(each.suggestions for each in more)
    return only


def chat_of(coached: Served, user: str = ANA) -> str:
    """Somebody's chat with the coach, for which they have added it."""
    return coached.teams.personal(user)


def calls_to(coached: Served, operation: str) -> list[Call]:
    """What the coach asked Teams for."""
    return [call for call in coached.teams.calls if call.operation == operation]


async def figures(coached: Served, version: int = 1) -> Figures:
    """What a version did, as its admins see it."""
    listed = await coached.app.desk.handle(ListVersions(), person=person(ADMIN), confirmed=None)
    assert isinstance(listed, VersionList)
    return next(card.figures for card in listed.versions if card.number == version)


async def until_rated(coached: Served, holds: Callable[[Figures], bool]) -> Figures:
    """Waits until the live version's figures are so."""

    async def is_so() -> bool:
        return holds(await figures(coached))

    await until(is_so)
    return await figures(coached)


async def logged(coached: Served, stream: str) -> list[Json]:
    """What a stream of the log holds."""
    return [json.loads(entry) for entry in await coached.app.store.log.read(stream, limit=1_000)]


def passed_over(coached: Served) -> dict[str, int]:
    """How many activities were passed over, by the reason."""
    return dict(coached.channel.measures().passed_over)


def taken(coached: Served) -> int:
    """How many messages were taken in."""
    return sum(coached.channel.measures().taken.values())


def fields(element: object, label: str) -> Iterator[str]:
    """What stands in the fields of a card whose label begins so."""
    if isinstance(element, dict):
        if element.get("type") == "Input.Text" and str(element.get("label", "")).startswith(label):
            yield str(element.get("value", ""))
        for name, each in element.items():
            if name != "actions":
                yield from fields(each, label)
    elif isinstance(element, list):
        for each in element:
            yield from fields(each, label)


def shown_to_others(coached: Served, words: str, *, who: str) -> list[str]:
    """Names every way in which anybody but `who` could have seen these words of the coach's, at any time."""
    own = coached.teams.personal(who)
    return [
        f"{call.method} {call.path}"
        for call in coached.teams.calls
        if words in json.dumps(call.body, ensure_ascii=False) and f"/{own}/" not in call.path
    ]
