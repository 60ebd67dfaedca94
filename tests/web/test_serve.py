"""`coach serve` as a process: what it says, what it refuses, how it ends."""

import asyncio
import json
import signal
import socket
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.processes import ROOT, Start, starting
from tests.web.calling import NOW
from tests.web.parts import LESSON, state_file
from tests.web.waiting import until

PATIENCE = 60
SMALL = """
import sys
from pathlib import Path
from bot.cli import run
from bot.stores.sqlite.store import SqliteStore
from tests.web.parts import *
lesson, parts, *arguments = sys.argv[1:]
sys.exit(run(["serve", *arguments], opener=lambda: page_app(Path("small"), lesson=lesson, **eval(parts))))
"""
"""`coach serve` with the parts of these tests."""


@pytest.fixture
async def start_python(tmp_path: Path) -> AsyncIterator[Start]:
    async with starting(tmp_path) as start:
        yield start


@pytest.fixture
def start(start_python: Start) -> Start:
    def start(
        *arguments: str, token: str = "", lesson: str = LESSON, parts: str = "{}"
    ) -> Coroutine[Any, Any, Process]:
        return start_python("-c", SMALL, lesson, parts, *arguments, COACH_WEB_TOKEN=token)

    return start


async def address(process: Process) -> str:
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
    assert line.startswith("Field Coach is ready: http://"), line
    return line.split()[-1]


async def is_deaf(url: str) -> bool:
    """Whether nothing listens at `url` any more."""
    try:
        async with ClientSession(url) as session:
            await session.get("/healthz")
    except OSError:
        return True
    return False


async def end(process: Process, number: signal.Signals | None = None) -> tuple[int | None, str, str]:
    """Gives the exit status and what is left to read."""
    if number is not None:
        process.send_signal(number)
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, out.decode(), err.decode()


async def ends_cleanly(process: Process, number: signal.Signals | None = None) -> bool:
    """Whether it ends with nothing to say but the messages that it answered."""
    status, out, err = await end(process, number)
    return (status, out) == (0, "") and all(json.loads(line)["event"] == "message" for line in err.splitlines())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_its_address_once_serves_there_and_ends_cleanly(start: Start, number: signal.Signals) -> None:
    process = await start("--port", "0")
    url = await address(process)
    async with ClientSession() as session:
        assert (await session.get(f"{url}/readyz")).status == 200
        too_long = await session.get(f"{url}/{'a' * 8_200}")
        assert (too_long.status, too_long.headers["Server"]) == (400, "field-coach")
        answer = await (await session.post(f"{url}/api/ask", json={"question": "When is a van booked?"})).json()
        assert answer["covered"]
    assert await ends_cleanly(process, number)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "coach.example", ""])  # noqa: S104 - refused here
async def test_off_this_machine_it_asks_for_a_token(start: Start, host: str) -> None:
    status, out, err = await end(await start("--host", host, "--port", "0"))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "COACH_WEB_TOKEN" in err


async def test_with_a_token_it_serves_every_address_and_asks_for_the_token(start: Start) -> None:
    process = await start("--host", "0.0.0.0", "--port", "0", token="a-secret")  # noqa: S104, S106 - what is tested
    url = await address(process)
    assert url.startswith("http://127.0.0.1:")
    async with ClientSession() as session:
        assert (await session.get(f"{url}/api/lessons")).status == 401
        headers = {"Authorization": "Bearer a-secret"}
        assert (await session.get(f"{url}/api/lessons", headers=headers)).status == 200


async def test_a_taken_port_is_said_in_one_line(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, out, err = await end(await start("--port", str(port)))
    assert (status, out) == (2, "")
    assert err == (
        f"coach: cannot listen on 127.0.0.1:{port}: Address already in use; choose another with --host and --port\n"
    )


async def test_an_unknown_host_is_said_in_one_line(start: Start) -> None:
    status, out, err = await end(await start("--host", "no-such-host.invalid", token="a-secret"))  # noqa: S106
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "cannot listen on no-such-host.invalid" in err


@pytest.mark.parametrize(
    ("lesson", "parts", "reason"),
    [("", "{}", "no lessons"), (LESSON, "{'retriever': FailingRetriever()}", "no weights for 1 lessons")],
)
async def test_a_coach_that_cannot_answer_is_not_called_ready(
    start: Start, lesson: str, parts: str, reason: str
) -> None:
    status, out, err = await end(await start("--port", "0", lesson=lesson, parts=parts))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert reason in err


async def test_a_store_that_cannot_be_used_is_said_in_one_line(start: Start, tmp_path: Path) -> None:
    state_file(tmp_path / "small").mkdir(parents=True)
    status, out, err = await end(await start("--port", "0"))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "unable to open" in err


async def test_a_worker_that_fails_ends_the_server_with_one_line(start: Start) -> None:
    process = await start("--port", "0", parts="{'store': FaultyStore(state_file(Path('small')))}")
    await address(process)
    status, out, err = await end(process)
    assert (status, out) == (2, "")
    assert err == "coach: the coach's worker failed, so the server ends: RuntimeError: nothing to lease in 1.0 s\n"


async def test_told_to_end_it_first_answers_what_is_in_hand(start: Start, tmp_path: Path) -> None:
    process = await start("--port", "0", parts="{'engine': FileHeldEngine(Path('held'))}")
    url = await address(process)
    async with ClientSession(url) as session:
        asking = asyncio.create_task(session.post("/api/ask", json={"question": "When is a van booked?"}))
        await until(lambda: (tmp_path / "held").exists())
        process.send_signal(signal.SIGTERM)
        await until(lambda: is_deaf(url))
        (tmp_path / "held").unlink()
        response = await asking
        assert response.status == 200
        assert (await response.json())["covered"]
    assert await ends_cleanly(process)


async def test_what_a_killed_server_left_is_answered_by_the_next(start: Start) -> None:
    held = "{'engine': FileHeldEngine(Path('held')), 'store': SqliteStore(state_file(Path('small')), lease_seconds=1)}"
    killed = await start("--port", "0", parts=held)
    url = await address(killed)
    async with ClientSession(url) as session:
        question = {"question": "When is a van booked?", "id": "one"}
        taken = await session.post("/api/ask", json=question, headers=NOW)
        assert taken.status == 202
    await end(killed, signal.SIGKILL)
    url = await address(await start("--port", "0"))
    async with ClientSession(url) as session:
        reply = await session.post("/api/ask", json=question)
        assert reply.status == 200
        assert (await reply.json())["covered"]


async def test_the_shipped_coach_answers_and_reviews_on_its_page(start_python: Start) -> None:
    folders = {f"COACH_{name.upper()}_DIR": str(ROOT / name) for name in ("knowledge", "prompts")}
    process = await start_python("-m", "bot", "serve", "--port", "0", **folders)
    url = await address(process)
    async with ClientSession(url) as session:
        row = (await (await session.get("/api/guide")).json())["rows"][0]
        said = row["dont_say"]
        draft = f"Hi Dana \U0001f44b,\r\n\r\nThanks for your time. {said}.\r\n\r\nBest,\r\nMartin \ud83d\r\n"
        review = await (await session.post("/api/review", json={"text": draft})).json()
        (edit,) = review["edits"]
        assert said in edit["before"]
        assert review["rewritten"] == draft[: edit["start"]] + edit["after"] + draft[edit["end"] :]
        answer = await (await session.post("/api/ask", json={"question": f"Can I say \u201c{said}\u201d?"})).json()
        assert row["say"] in [citation["quote"] for citation in answer["citations"]]
    assert await ends_cleanly(process, signal.SIGTERM)
