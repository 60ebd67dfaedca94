import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.app import App
from bot.core.choices import Choice
from bot.core.messages import Incoming
from tests.commands.conftest import Coach
from tests.commands.deciding import ANN, Said, decide
from tests.fakes import small_app


def within(folder: Path, act: Callable[[App], Awaitable[None]]) -> None:
    """Does something with the coach, in a loop of its own as a command is."""

    async def run() -> None:
        app = small_app(folder)
        await app.open()
        try:
            await act(app)
        finally:
            await app.close()

    asyncio.run(run())


def asked(folder: Path, person: str) -> None:
    async def ask(app: App) -> None:
        await app.coach.reply(Incoming(id="m1", person=person, thread="t", text="gutters?"))
        await app.store.inbox.put(Incoming(id="m2", person=person, thread="t", text="waits"))

    within(folder, ask)


def test_a_person_is_forgotten_and_what_went_is_counted(coach: Coach, folder: Path) -> None:
    asked(folder, ANN)
    decide(small_app(folder), "r", [Said(0, Choice.KEEP, "It is so")])
    raw = (small_app(folder).prompts_dir.parent / "coach.sqlite3").read_bytes
    assert ANN.encode() in raw()
    result = coach("forget", ANN)
    assert (result.status, result.err) == (0, "")
    assert result.out == "Forgotten of slack:T1/U1: 1 answer, 1 message not answered, 1 other record.\n"
    assert ANN.encode() not in raw()
    assert coach("forget", ANN).out == (
        "Forgotten of slack:T1/U1: 0 answers, 0 messages not answered, 0 other records.\n"
    )
    assert "It is so" in coach("knowledge", "feedback").out, "what is kept without who stays"


@pytest.mark.parametrize(
    ("person", "given"),
    [
        ("local", "local"),
        ("web", "web"),
        ("web:3f9a", "web:3f9a"),
        ("teams:0a-b/1c-d", "teams:0A-B/1C-D"),
        ("teams:0a-b/29:1AbC", "teams:0A-B/29:1AbC"),
    ],
)
def test_people_of_every_front_end_are_forgotten_by_their_name(
    coach: Coach, folder: Path, person: str, given: str
) -> None:
    asked(folder, person)
    assert coach("forget", given).out == (
        f"Forgotten of {person}: 1 answer, 1 message not answered, 0 other records.\n"
    )


@pytest.mark.parametrize("person", ["bob", "slack:T1", "slack:T1/U1/x", "Slack:T1/U1", "web:", "local ", "", "x\x1b["])
def test_a_name_that_is_none_is_one_line(coach: Coach, person: str) -> None:
    told = coach("forget", person).refused
    assert "names nobody: write slack:TEAM/USER, teams:TENANT/OBJECT, local, web or web:ID" in told


def test_neither_lessons_nor_prompt_files_are_needed(coach: Coach, folder: Path) -> None:
    (folder / "roof-care.md").unlink()
    (small_app(folder).prompts_dir / "0001.md").write_text("broken")
    assert coach("forget", "local").status == 0
