"""An admin's move is made once and shown, whatever its calls come to."""

import asyncio
from pathlib import Path

import pytest

from tests.piecewise import Piecewise
from tests.teams.coaching import ADMIN
from tests.teams.looking import of_the_coach
from tests.teams.loopback.seen import Seen
from tests.teams.loopback.server import Teams
from tests.teams.serving import Served
from tests.teams.under_fire import EVERY, KINDS, UNHEARD, be_quick, ended, script, under_fire

MADE = "Version 2 is live in place of version 1."

pytestmark = pytest.mark.usefixtures("at_once")


async def proposed(coached: Served) -> Seen:
    """Has a move proposed to the admin and gives the only message that shows it."""
    teams = coached.teams
    await teams.say(ADMIN, teams.personal(ADMIN), "prompts activate 2 better words")
    assert (await ended(coached)).dead == 0
    (card,) = of_the_coach(teams, ADMIN, teams.personal(ADMIN))
    assert not card.streaming
    return card


async def moves(coached: Served) -> list[str]:
    """The reasons of the moves that were made by people."""
    entries = await coached.app.history.entries(before=None, limit=100)
    return [entry.stamp.note for _, entry in entries if entry.stamp.by != "start"]


@pytest.mark.parametrize("operation", ["stream", "final"])
@pytest.mark.parametrize("fault", KINDS)
async def test_a_proposal_is_shown_once_and_can_be_confirmed_whatever_its_calls_come_to(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, fault: str
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        script(teams, operation, fault)
        card = await proposed(coached)
        teams.heal()
        assert (await teams.press(ADMIN, card.id, "move.confirm")).status == 200
        assert await moves(coached) == ["better words"]
        assert (teams.faults, teams.failures) == ([], [])


@pytest.mark.parametrize("fault", KINDS)
async def test_a_move_is_made_once_and_shown_at_once_whatever_becomes_of_its_card_elsewhere(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        card = await proposed(coached)
        script(teams, "update", fault)
        delivered = await teams.press(ADMIN, card.id, "move.confirm")
        assert MADE in str(delivered.body)
        (shown,) = of_the_coach(teams, ADMIN, teams.personal(ADMIN))
        assert MADE in shown.plain
        assert await moves(coached) == ["better words"]
        assert (teams.faults, teams.failures) == ([], [])


async def test_five_presses_at_once_make_one_move(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        card = await proposed(coached)
        await asyncio.gather(*(teams.press(ADMIN, card.id, "move.confirm") for _ in range(5)))
        assert await moves(coached) == ["better words"]
        (shown,) = of_the_coach(teams, ADMIN, teams.personal(ADMIN))
        assert MADE in shown.plain
        assert (teams.faults, teams.failures) == ([], [])


@pytest.mark.parametrize("fault", KINDS)
async def test_a_move_is_announced_and_again_only_if_nobody_heard_of_it(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    channel = teams.channel("admins", ADMIN)
    async with under_fire(teams, tmp_path, Piecewise(), announce_in=channel) as coached:
        card = await proposed(coached)
        script(teams, "send", fault)
        await teams.press(ADMIN, card.id, "move.confirm")
        await teams.until(lambda: of_the_coach(teams, ADMIN, channel))
        assert (await ended(coached)).dead == 0
        told = [each.plain for each in of_the_coach(teams, ADMIN, channel)]
        assert len(told) == (2 if fault in UNHEARD else 1)
        assert all("better words" in each for each in told)
        assert (teams.faults, teams.failures) == ([], [])
