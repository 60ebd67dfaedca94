"""Replicas of which some serve Slack and some do not, on one store."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import App
from bot.commands import serving
from bot.commands.serving import Platforms, work_of
from bot.core import worker
from bot.core.messages import Incoming
from bot.core.state import Leased
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import LESSON, small_app
from tests.scripted import ScriptedEngine
from tests.slack.loopback.server import Slack
from tests.slack.serving import served
from tests.slack.watching import said
from tests.web.waiting import until

PEOPLE = ("U1", "U2", "U3", "U4")
QUESTION = "How should gutters be cleared in autumn?"
ANSWER = "Clear the gutters every autumn. [1]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "roofs.md").write_text(LESSON, encoding="utf-8")
    return tmp_path / "knowledge"


def replica(folder: Path, **parts: object) -> App:
    """One more over the same lessons and the same state."""
    store = SqliteStore(folder.parent / "coach.sqlite3", poll_seconds=0.01)
    return small_app(folder, store=store, **parts)  # type: ignore[arg-type]


@asynccontextmanager
async def without_slack(app: App, *, first_pause: float = 0.002) -> AsyncIterator[list[tuple[str, float]]]:
    """Serves no chat platform; gives what it puts back, and for how long."""
    left: list[tuple[str, float]] = []
    await app.open()
    fail = app.store.inbox.fail

    async def noted(lease: Leased, reason: str, *, again_in: float, waits: bool = False) -> bool:
        left.append((lease.message.id, again_in))
        assert waits, reason
        return await fail(lease, reason, again_in=again_in, waits=waits)

    app.store.inbox.fail = noted  # type: ignore[method-assign]
    stop = asyncio.Event()
    working = work_of(app, Platforms([], None), {}, at_once=8, after=lambda: None, first_pause=first_pause)
    work = asyncio.create_task(working(stop))
    try:
        yield left
    finally:
        stop.set()
        await work
        await app.close()


async def test_what_a_replica_without_slack_takes_is_answered_by_the_one_beside_it(slack: Slack, folder: Path) -> None:
    gate = asyncio.Event()
    busy = replica(folder, engine=ScriptedEngine(gate, ANSWER))
    async with served(slack, busy, "http", at_once=1), without_slack(replica(folder)) as left:
        for user in PEOPLE:
            await slack.say(user, slack.dm_of(user), QUESTION)
        await slack.settled()
        await until(lambda: len({id_ for id_, _ in left}) >= len(PEOPLE) - 1)
        gate.set()
        for user in PEOPLE:
            await slack.until(lambda: said(slack, user, f"D{user}"))  # noqa: B023 - awaited here
            (answer,) = said(slack, user, f"D{user}")
            assert answer.plain.startswith(ANSWER)
        assert not await busy.store.inbox.dead(limit=10)
        assert not slack.failures


async def test_a_message_that_other_replicas_only_pass_on_is_answered_once_slack_is_served_again(
    slack: Slack, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "GRACE_SECONDS", 0.1)
    async with without_slack(replica(folder)) as left:
        async with served(slack, replica(folder, engine=ScriptedEngine(asyncio.Event(), ANSWER)), "http"):
            await slack.say("U1", slack.dm_of("U1"), QUESTION)
            await slack.settled()
        await until(lambda: bool(left))  # the one that served Slack has ended, and handed it back
        async with served(slack, replica(folder), "http"):
            await slack.until(lambda: said(slack, "U1", "DU1"))
    assert said(slack, "U1", "DU1")[0].plain.startswith(ANSWER)


async def test_what_no_replica_serves_is_given_up_in_the_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MAX_WAITS", 4)
    app = replica(folder)
    async with without_slack(app) as left:
        await app.store.inbox.put(
            Incoming(id="slack:T1/C1/1.1", person="slack:T1/U1", thread="slack:T1/C1/1.1", text="x", channel="slack")
        )
        await app.store.inbox.put(
            Incoming(id="slack:T1/C1/1.2", person="slack:T1/U1", thread="slack:T1/C1/1.1", text="x", channel="slack")
        )

        async def are_dead() -> bool:
            return (await app.store.inbox.depth()).dead == 2

        await until(are_dead)
        dead: Sequence[tuple[str, int, str]] = [
            (each.id, each.attempts, each.reason) for each in await app.store.inbox.dead(limit=10)
        ]
        reason = "this program serves no channel 'slack'"
        assert dead == [("slack:T1/C1/1.1", 4, reason), ("slack:T1/C1/1.2", 4, reason)]
        pauses = [pause for id_, pause in left if id_ == "slack:T1/C1/1.1"]
        assert pauses == pytest.approx([0.002, 0.006, 0.018])
