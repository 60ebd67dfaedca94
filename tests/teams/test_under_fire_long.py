"""Answers longer than a message holds come whole and in order, whatever breaks on the way.

In a personal chat each of its messages is a stream and comes once. In a group chat each that was sent and that nobody
heard of comes once more.
"""

from pathlib import Path

import pytest

from bot.channels.teams import stream
from tests.looking import squeezed
from tests.piecewise import Piecewise, told
from tests.teams.looking import of_the_coach
from tests.teams.loopback.server import Teams
from tests.teams.serving import Served
from tests.teams.under_fire import EVERY, KINDS, OTHER, UNHEARD, USER, ask, be_quick, ended, script, under_fire

SENTENCES = 800
"""Some 40,000 characters; the coach puts 16,000 in a message at the most."""
TEXT = told("one", SENTENCES)
STAMP = squeezed("Prompt version 1")

pytestmark = pytest.mark.usefixtures("at_once")


async def texts(coached: Served, place: str) -> list[str]:
    """What the coach's messages say in the end, without spaces; all are finished."""
    assert (await ended(coached)).dead == 0
    shown = of_the_coach(coached.teams, USER, place)
    assert not [each for each in shown if each.streaming or each.stopped]
    assert coached.teams.faults == []
    return [squeezed(each.plain) for each in shown]


def assert_whole_in_order(parts: list[str]) -> None:
    """The parts are the whole answer, and the line below it."""
    whole = "".join(dict.fromkeys(parts))
    assert whole.startswith(squeezed(TEXT))
    assert whole.count(STAMP) == 1
    assert len(dict.fromkeys(parts)) > 2


@pytest.mark.parametrize("operation", ["stream", "final"])
@pytest.mark.parametrize("message", [2, 3])
@pytest.mark.parametrize("fault", KINDS)
async def test_a_long_answer_comes_whole_and_once_whichever_of_its_further_messages_fails(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, message: int, fault: str
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    monkeypatch.setattr(stream, "MAX_SECONDS", 0.0)  # so that each message is one start and one end
    async with under_fire(teams, tmp_path, Piecewise(sentences=SENTENCES)) as coached:
        chat = teams.personal(USER)
        script(teams, operation, fault, number=message)
        await ask(teams, chat)
        parts = await texts(coached, chat)
    assert_whole_in_order(parts)
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize("fault", [*UNHEARD, "401", "404", "429 that says when", "500"])
async def test_a_long_answer_comes_whole_whatever_its_first_message_comes_to(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    async with under_fire(teams, tmp_path, Piecewise(sentences=SENTENCES)) as coached:
        chat = teams.personal(USER)
        script(teams, "final", fault)
        await ask(teams, chat)
        parts = await texts(coached, chat)
    assert_whole_in_order(parts)
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("fault", ["404", "503", "dropped when done"])
async def test_a_long_answer_comes_whole_in_a_group_chat(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fault: str
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise(sentences=SENTENCES)) as coached:
        group = teams.group("g", USER, OTHER)
        script(teams, "send", fault, number=number)
        await ask(teams, group)
        parts = await texts(coached, group)
    assert_whole_in_order(parts)
    assert len(parts) - len(set(parts)) == (1 if fault in UNHEARD else 0)


async def test_what_another_attempt_finds_is_replaced_and_the_rest_is_sent(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise(sentences=SENTENCES)) as coached:
        chat = teams.personal(USER)
        script(teams, "final", "400", number=3)
        script(teams, "update", "400")
        await ask(teams, chat)
        parts = await texts(coached, chat)
        done = [call.operation for call in teams.calls if call.operation in ("final", "send", "update")]
    assert_whole_in_order(parts)
    assert len(set(parts)) == len(parts)
    assert done[:8] == [*["final"] * 3, "update", *["final", "update"] * 2]
    assert done[8:] == ["final"] * (len(parts) - 2)
