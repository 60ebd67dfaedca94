"""The doctor over real parts: a folder to run in, and servers of this machine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import run
from tests.claude.server import MessagesApi
from tests.fakes import LESSON, PROMPTS
from tests.slack.loopback.server import Slack
from tests.stores.conftest import redis_cluster
from tests.stores.redis_server import Server, running
from tests.teams.login_server import LoginServer

__all__ = ["redis_cluster"]


@dataclass(frozen=True, slots=True)
class Told:
    """What a run of `coach doctor` came to."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Doctor = Callable[..., Awaitable[Told]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lesson and two prompt files, in which the coach runs."""
    folder = tmp_path / "shop"
    (folder / "knowledge" / "examples").mkdir(parents=True)
    (folder / "knowledge" / "roof-care.md").write_text(LESSON)
    (folder / "prompts").mkdir()
    for name, text in PROMPTS.items():
        (folder / "prompts" / name).write_text(text.replace("small-model", "claude-sonnet-5-5"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def doctor(capfdbinary: pytest.CaptureFixture[bytes]) -> Doctor:
    """Runs `coach doctor`, beside servers that run in the test's own loop."""

    async def call(*arguments: str) -> Told:
        capfdbinary.readouterr()
        status = await asyncio.to_thread(run, ["doctor", *arguments])
        out, err = capfdbinary.readouterr()
        return Told(status, out.decode(), err.decode())

    return call


@pytest.fixture
async def claude() -> AsyncIterator[MessagesApi]:
    async with MessagesApi() as api:
        yield api


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        yield slack


@pytest.fixture
async def login() -> AsyncIterator[LoginServer]:
    async with LoginServer() as login:
        yield login


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server as the coach needs it."""
    with running(tmp_path_factory.mktemp("doctored"), maxmemory_policy="noeviction") as server:
        yield server
