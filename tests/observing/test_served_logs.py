"""`coach serve` at the level that says most: whatever happens, nothing that anybody said and no secret is logged."""

import json
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from signal import SIGTERM

import pytest
from aiohttp import ClientSession

from tests.claude.behaviours import Behaviour, Fails, Reply, Text
from tests.claude.client import KEY
from tests.claude.server import MessagesApi
from tests.processes import ROOT, starting
from tests.slack.loopback.server import Slack
from tests.slack.loopback.state import Settings
from tests.slack.loopback.workspace import BOT_TOKEN, SIGNING_SECRET, Upload
from tests.slack.watching import said
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import oid
from tests.web.calling import NOW
from tests.web.test_serve import address, end
from tests.web.waiting import until

SAID = "marmalade"
"""Is in whatever people say, in their files and in what claims to come from them."""
MODEL_SAID = "persimmon"
"""Is in whatever the model's server says."""
QUESTION = "How fast does a prompt change go live?"
"""The lessons cover it, so that the model is asked; with a word of no lesson in it they would not."""
REP = "UREP"
PROGRAM = """
import sys
from contextlib import aclosing
from bot.cli import run
from bot.core.coach import Coach

handle = Coach.handle

async def failing(coach, incoming):
    if "breaks" in incoming.text:
        raise ValueError(incoming.text)
    async with aclosing(handle(coach, incoming)) as events:
        async for event in events:
            yield event

Coach.handle = failing
sys.exit(run(["serve", "--port", "0"]))
"""
"""`coach serve` with a coach that fails on some messages, in words that hold them."""


@pytest.fixture
async def claude() -> AsyncIterator[MessagesApi]:
    async with MessagesApi() as api:
        yield api


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack(settings=Settings(retry_pauses=(0.2,) * 150)) as slack:
        yield slack


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams(signed=False) as teams:
        yield teams


@pytest.fixture
async def process(tmp_path: Path, claude: MessagesApi, slack: Slack) -> AsyncIterator[Process]:
    """It is served on every channel, before the model."""
    async with starting(tmp_path) as start:
        yield await start(
            "-c",
            PROGRAM,
            COACH_LOG_LEVEL="debug",
            COACH_KNOWLEDGE_DIR=str(ROOT / "knowledge"),
            COACH_PROMPTS_DIR=str(ROOT / "prompts"),
            ANTHROPIC_API_KEY=KEY,
            ANTHROPIC_BASE_URL=claude.url,
            ANTHROPIC_LOG="debug",
            SLACK_BOT_TOKEN=BOT_TOKEN,
            SLACK_SIGNING_SECRET=SIGNING_SECRET,
            SLACK_API_URL=slack.api_url,
            TEAMS_LOCAL="1",
        )


async def draft_of(url: str) -> str:
    """A draft that makes a claim of the guide's."""
    async with ClientSession(url) as session:
        row = (await (await session.get("/api/guide")).json())["rows"][0]
    return f"Hi {SAID},\n\nThanks for your time. {row['dont_say']}. See you on Monday, {SAID}.\n\nBest,\nAnn"


async def on_the_page(url: str, claude: MessagesApi, draft: str) -> Sequence[str]:
    """Asks, follows up, has a draft reviewed; the model fails, and the coach itself, and a request is garbled.

    Gives what was answered.
    """
    answers: list[str] = []
    scripted: Sequence[Behaviour] = (
        Reply((Text(f"Words of the model's own, {MODEL_SAID}."),)),
        Fails(401, "authentication_error", body=f'{{"error": {{"type": "x", "message": "{MODEL_SAID} {SAID}"}}}}'),
    )
    async with ClientSession(url) as session:
        for number, behaviour in enumerate((None, *scripted)):
            claude.enqueue(*([behaviour] if behaviour else ()))
            asked = {"question": QUESTION, "thread": "t", "id": f"q{number}"}
            answers.append((await (await session.post("/api/ask", json=asked)).json())["answer"])
        assert (await session.post("/api/review", json={"text": draft})).status == 200
        breaking = {"question": f"{SAID} breaks", "id": "b"}
        assert (await session.post("/api/ask", json=breaking, headers=NOW)).status == 202
        json_type = {"Content-Type": "application/json"}
        garbled = await session.post("/api/ask", data=f'{{"question": {SAID}', headers=json_type)
        assert garbled.status == 400

        async def is_retried() -> bool:
            return 'ending="retried"' in await (await session.get("/metrics")).text()

        await until(is_retried)
    return answers


async def in_slack(url: str, slack: Slack, draft: str) -> None:
    """Asks, has a file reviewed; Slack fails in between, and somebody forges a request."""
    await slack.http_to(f"{url}/slack/events")
    place = slack.dm_of(REP)
    slack.fail("chat.startStream", error="invalid_blocks")
    slack.fail("chat.postMessage", status=500)
    await slack.say(REP, place, QUESTION)
    await slack.until(lambda: len(said(slack, REP, place)) >= 1, 30)
    await slack.say(REP, place, "review", files=[Upload(f"{SAID}.txt", draft.encode())])
    await slack.until(lambda: any("Monday" in each.plain for each in said(slack, REP, place)), 30)
    assert await slack.deliver_raw(f'{{"event": "{SAID}"}}', signature="v0=00") == 401


async def in_teams(url: str, teams: Teams) -> None:
    """Asks; Teams fails in between, and somebody sends what is no activity."""
    await teams.http_to(f"{url}/api/messages")
    place = teams.personal(REP)
    teams.fail("final", status=400, code="BadArgument", message=f"{SAID} cannot be shown")
    await teams.say(REP, place, QUESTION)
    await teams.until(lambda: len(teams.seen(REP, place)) >= 2, 30)
    await teams.settled()
    assert await teams.post_raw(f'{{"text": {SAID}', None) == 400


async def test_whatever_happens_nothing_that_anybody_said_and_no_secret_is_logged(
    process: Process, claude: MessagesApi, slack: Slack, teams: Teams
) -> None:
    url = await address(process)
    draft = await draft_of(url)
    answers = await on_the_page(url, claude, draft)
    await in_slack(url, slack, draft)
    await in_teams(url, teams)
    _, _, logged = await end(process, SIGTERM)
    entries: Sequence[Mapping[str, object]] = [json.loads(line) for line in logged.splitlines()]
    messages = [entry for entry in entries if entry["event"] == "message"]
    # All of it took place, and the log does tell of it.
    assert {entry["channel"] for entry in messages} == {"web", "slack", "teams"}
    assert {"answer", "review"} <= {entry.get("reply") for entry in messages}
    assert {"answered", "retried"} <= {entry["ending"] for entry in messages}
    assert {"claude", "lessons"} <= {entry.get("engine") for entry in messages}
    assert "denied" in {entry.get("fallback") for entry in messages}
    assert any(str(entry.get("reason")).startswith("ValueError in ") for entry in messages)
    assert any(entry.get("rows") for entry in messages)
    assert any(entry["level"] == "debug" for entry in entries)
    private = (SAID, MODEL_SAID, QUESTION, "Monday", f"/{REP}", oid(REP), KEY, BOT_TOKEN, SIGNING_SECRET, *answers)
    told = [word for word in private if word in logged]
    assert not told, [line for line in logged.splitlines() if any(word in line for word in told)]
