"""What admins do with the versions in Slack, by each way there is, and what comes of it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aiohttp import ClientSession

from bot.app import App
from bot.core.admin_commands import MoveCommand
from bot.core.ports import Engine
from bot.core.state import Store
from bot.prompts.prices import Prices
from bot.prompts.registry import START
from tests.fakes import LESSON, PROMPTS, small_app
from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_TOKEN, BOT_USER, Json, View
from tests.slack.serving import Served, served

ADMIN, OTHER, REP = "UADMIN", "UOTHER", "UREP"
CHANNEL = "C1"
"""Where admins and reps are, and the coach."""


def person(user: str) -> str:
    return f"slack:T1/{user}"


@asynccontextmanager
async def coach_in(
    slack: Slack,
    folder: Path,
    mode: str,
    *,
    admins: Iterable[str] = (ADMIN, OTHER),
    store: Store | None = None,
    lesson: str = LESSON,
    prompts: Mapping[str, str] = PROMPTS,
    engine: Engine | None = None,
    prices: Prices | None = None,
    **settings: object,
) -> AsyncGenerator[Served]:
    """The small coach over the state that lies beside `folder`: versions 1, live, and 2."""
    folder.mkdir(exist_ok=True)
    (folder / "roofs.md").write_text(lesson, encoding="utf-8")
    if CHANNEL not in slack.channels:
        slack.channel(CHANNEL, ADMIN, OTHER, REP)
    named = frozenset(map(person, admins))
    app = small_app(folder, admins=named, store=store, prompts=prompts, engine=engine, prices=prices)
    async with served(slack, app, mode, **settings) as coached:  # type: ignore[arg-type]
        yield coached


async def acts(app: App) -> list[tuple[str, str, str]]:
    """What people did, the oldest first: what, who and why."""
    entries = await app.history.entries(before=None, limit=1_000)
    return [(entry.kind, entry.stamp.by, entry.stamp.note) for _, entry in reversed(entries) if entry.stamp.by != START]


async def live(app: App) -> tuple[int | None, int | None]:
    """The live version, and the share of a trial under way."""
    standing = await app.history.standing()
    return standing.live, standing.trial.share if standing.trial else None


async def moved(app: App, command: MoveCommand, *, by: str = OTHER) -> None:
    """Makes a move elsewhere."""
    await app.registry.move(person(by), command)


@dataclass(frozen=True, slots=True)
class Move:
    """A move as it is written, and as it is filled in in the Home tab."""

    written: str
    button: tuple[str, str | None]
    filled: Mapping[str, object]


ACTIVATE = Move("prompts activate 2 clearer words", ("home.activate", "2"), {"reason": "clearer words"})
MADE = ("activated", person(ADMIN), "clearer words")
"""What the trail says of it, made by `ADMIN`."""
TRY = Move("prompts activate 2 --share 10 try it", ("home.activate", "2"), {"reason": "try it", "share": "10"})
BACK = Move("rollback too long", ("home.rollback", None), {"reason": "too long"})
BACK_TO = Move("rollback 1 too long", ("home.rollback", None), {"reason": "too long", "version": "1"})


class Waiting(Protocol):
    """What came of asking for a move: a proposal, or a refusal."""

    @property
    def text(self) -> str: ...

    @property
    def pending(self) -> str:
        """What the proposal is kept under; empty where there is none."""
        ...

    async def confirm(self) -> None: ...

    async def cancel(self) -> None: ...

    async def outcome(self) -> str:
        """What stands in its place once it waits no more."""
        ...


@dataclass(frozen=True, slots=True)
class InMessage:
    """A message with buttons."""

    slack: Slack
    user: str
    channel: str
    ts: str

    @property
    def seen(self) -> Seen:
        return next(each for each in self.slack.seen(self.user, self.channel) if each.ts == self.ts)

    @property
    def text(self) -> str:
        return self.seen.plain

    @property
    def pending(self) -> str:
        return dict(self.seen.actions).get("move.confirm", "")

    async def confirm(self) -> None:
        await self.slack.click(self.user, self.channel, self.ts, "move.confirm")

    async def cancel(self) -> None:
        await self.slack.click(self.user, self.channel, self.ts, "move.cancel")

    async def outcome(self) -> str:
        await self.slack.until(lambda: not self.seen.actions)
        return self.text

    async def told(self) -> str:
        """What the clicker is told beside it."""

        def later() -> list[Seen]:
            return [each for each in self.slack.seen(self.user, self.channel) if each.ts > self.ts and each.ephemeral]

        await self.slack.until(later)
        return later()[-1].plain


@dataclass(frozen=True, slots=True)
class InForm:
    """A modal that is sent or closed."""

    slack: Slack
    user: str
    view: View

    @property
    def text(self) -> str:
        return self.slack.plain(self.view)

    @property
    def pending(self) -> str:
        return self.view.private_metadata if self.view.callback_id == "move_confirm" else ""

    async def confirm(self) -> None:
        await self.slack.submit(self.user, self.view.id)

    async def cancel(self) -> None:
        await self.slack.close_view(self.user, self.view.id)

    async def outcome(self) -> str:
        await self.slack.until(lambda: not self.view.callback_id)
        return self.text


async def by_command(coached: Served, user: str, move: Move) -> Waiting:
    """`/coach …` in a channel."""
    slack = coached.slack
    before = len(of_coach(slack, user, CHANNEL))
    await slack.command(user, CHANNEL, move.written)
    return await _said(slack, user, CHANNEL, before)


async def by_message(coached: Served, user: str, move: Move) -> Waiting:
    """A direct message."""
    slack, direct = coached.slack, coached.slack.dm_of(user)
    before = len(of_coach(slack, user, direct))
    await slack.say(user, direct, move.written)
    return await _said(slack, user, direct, before)


async def by_mention(coached: Served, user: str, move: Move) -> Waiting:
    """A mention in a channel."""
    slack = coached.slack
    before = len(of_coach(slack, user, CHANNEL))
    await slack.say(user, CHANNEL, f"<@{BOT_USER}> {move.written}")
    return await _said(slack, user, CHANNEL, before)


async def by_form(coached: Served, user: str, move: Move) -> Waiting:
    """The forms of the Home tab."""
    slack = coached.slack
    form = await clicked(slack, user, await home_of(slack, user), *move.button)
    await slack.submit(user, form.id, move.filled)
    return InForm(slack, user, form)


Way = Callable[[Served, str, Move], Awaitable[Waiting]]
WAYS: Mapping[str, Way] = {"command": by_command, "message": by_message, "mention": by_mention, "form": by_form}


def of_coach(slack: Slack, user: str, channel: str) -> list[Seen]:
    """What the coach has said there, as `user` sees it."""
    return [each for each in slack.seen(user, channel) if each.author == BOT_USER]


async def _said(slack: Slack, user: str, channel: str, before: int) -> InMessage:
    await slack.until(lambda: len(of_coach(slack, user, channel)) > before)
    return InMessage(slack, user, channel, of_coach(slack, user, channel)[-1].ts)


async def home_of(slack: Slack, user: str) -> View:
    """The Home tab, opened anew."""
    published = _published(slack, user)
    await slack.open_home(user)
    await slack.until(lambda: _published(slack, user) > published)
    view = slack.home(user)
    assert view
    return view


def _published(slack: Slack, user: str) -> int:
    return sum(call.method == "views.publish" and call.params["user_id"] == user for call in slack.calls)


async def clicked(slack: Slack, user: str, view: View, action: str, value: str | None = None) -> View:
    """Clicks in a view and gives the modal that opens."""
    open_ = set(slack.views)
    await slack.click_view(user, view.id, action, value)
    await slack.until(lambda: set(slack.views) - open_)
    return slack.view_of(user)


async def as_the_app(slack: Slack, method: str, **arguments: object) -> Json:
    """Calls a method with the coach's own token: what stands before people is what a test wants there."""
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    async with (
        ClientSession() as session,
        session.post(f"{slack.api_url}{method}", json=arguments, headers=headers) as response,
    ):
        answer: Json = await response.json()
    assert answer["ok"], answer
    return answer


async def with_button(slack: Slack, user: str, action: str, value: str, label: str = "Click") -> InMessage:
    """A message of the coach's in the person's direct messages with a button of any kind."""
    button = {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action}
    block = {"type": "actions", "elements": [{**button, **({"value": value} if value else {})}]}
    direct = slack.dm_of(user)
    posted = await as_the_app(slack, "chat.postMessage", channel=direct, text=label, blocks=[block])
    return InMessage(slack, user, direct, posted["ts"])


async def with_form(slack: Slack, user: str, callback_id: str, private: str, fields: Iterable[Json] = ()) -> View:
    """A form of any kind before a person, in place of one that they have opened."""
    form = await clicked(slack, user, await home_of(slack, user), "home.ask")
    text = {"type": "section", "text": {"type": "plain_text", "text": "A form"}}
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "A form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "callback_id": callback_id,
        "private_metadata": private,
        "blocks": [text, *fields],
    }
    await as_the_app(slack, "views.update", view_id=form.id, view=view)
    return form


def text_field(block_id: str, initial: str) -> Json:
    """A field of a form."""
    element = {"type": "plain_text_input", "action_id": block_id, "initial_value": initial}
    return {"type": "input", "block_id": block_id, "label": {"type": "plain_text", "text": "Why"}, "element": element}
