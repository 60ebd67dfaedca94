"""A coach under fire in Teams: what fails is tried again at once, and what people then have before them is counted."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tenacity import wait_none

from bot.channels.teams import connector, driver
from bot.channels.teams.tokens import Tokens
from bot.core.ports import Engine
from bot.core.state import Depth, Store
from tests.fakes import LESSON, small_app
from tests.piecewise import question, told
from tests.teams.coaching import ADMIN, person
from tests.teams.looking import PATIENCE, copies, of_the_coach
from tests.teams.loopback.server import Teams
from tests.teams.serving import Served, served

USER, OTHER = "Ana", "Ben"
CALL_SECONDS = 0.4
"""How long a call may take where one hangs for longer."""
FIRST_PAUSE = 0.002

Fault = Mapping[str, object]

HEARD: Mapping[str, Fault] = {
    "412": {"status": 412},
    "429": {"status": 429},
    "429 that says when": {"retry_after": 0.1},
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503},
    "504": {"status": 504},
    "400": {"status": 400, "code": "BadArgument"},
    "400, out of order": {"status": 400, "code": "ContentStreamSequenceOrderPreConditionFailed"},
    "401": {"status": 401},
    "403, not there": {"status": 403},
    "403, blocked": {"status": 403, "code": "ConversationBlockedByUser"},
    "403, no stream": {"status": 403, "code": "ContentStreamNotAllowed"},
    "404": {"status": 404},
    "hanging": {"hang": 2 * CALL_SECONDS, "status": 500},
}
"""What a call that is not done can come to."""
UNHEARD: Mapping[str, Fault] = {
    "dropped when done": {"drop": True},
    "hanging when done": {"hang": 2 * CALL_SECONDS, "drop": True},
    "garbled when done": {"garble": True},
}
"""What a call that is done can come to, so that nobody hears of it."""
EVERY = {**HEARD, **UNHEARD}
KINDS = [fault for fault in EVERY if fault not in ("502", "504", "400, out of order", "403, blocked")]
"""One of each kind."""
PASSING = ("429", "500", "dropped when done")
"""Faults that come several times in a row."""
ONCE_AND_THRICE = [(fault, 1) for fault in EVERY] + [(fault, 3) for fault in PASSING]


def be_quick(monkeypatch: pytest.MonkeyPatch, fault: Fault | None = None) -> None:
    """What fails is tried again at once, and where a call hangs, each is given up soon."""
    monkeypatch.setattr(connector, "_PAUSE", wait_none())
    if fault and fault.get("hang"):
        monkeypatch.setattr(driver, "CALL_SECONDS", CALL_SECONDS)


def script(teams: Teams, operation: str, fault: str, times: int = 1, *, number: int = 1) -> None:
    """Has the call that counts `number` from 1, and so many in all, come to a fault."""
    if number > 1:
        teams.fail(operation, number - 1)
    teams.fail(operation, times, **EVERY[fault])  # type: ignore[arg-type]


@asynccontextmanager
async def under_fire(
    teams: Teams,
    folder: Path,
    engine: Engine | None = None,
    *,
    mode: str = "app",
    store: Store | None = None,
    tokens: Tokens | None = None,
    announce_in: str | None = None,
) -> AsyncIterator[Served]:
    """Serves a coach that tries again soon what failed; its only admin is Ada."""
    lessons = folder / "knowledge"
    lessons.mkdir(exist_ok=True)
    (lessons / "roofs.md").write_text(LESSON, encoding="utf-8")
    app = small_app(lessons, engine=engine, store=store, admins=frozenset({person(ADMIN)}))
    async with served(teams, app, mode, first_pause=FIRST_PAUSE, tokens=tokens, announce_in=announce_in) as coached:
        yield coached


async def ask(teams: Teams, place: str, mark: str = "one") -> str:
    """Asks something and gives the message's id."""
    return await teams.say(USER, place, question(mark))


async def ended(coached: Served) -> Depth:
    """Waits until everything was delivered and nothing is left to be done; gives what the inbox still holds."""
    await coached.teams.settled(PATIENCE)
    while (depth := await coached.app.store.inbox.depth()).waiting or depth.leased:
        calls = len(coached.teams.calls)
        try:
            await coached.teams.until(lambda: len(coached.teams.calls) > calls, 0.05)  # noqa: B023 - awaited here
        except TimeoutError:
            continue
    return depth


async def answers(coached: Served, place: str, mark: str = "one") -> int:
    """Waits for the end of it; all that is there of the coach's is the whole answer: gives how often."""
    assert (await ended(coached)).dead == 0
    assert (coached.teams.faults, coached.teams.failures) == ([], [])
    return copies(of_the_coach(coached.teams, USER, place), told(mark))
