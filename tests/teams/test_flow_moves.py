"""Moves of versions in Teams: proposed with what they replace, made by the press that confirms them, once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.core.admin_commands import ActivateVersion, MoveCommand
from bot.core.pending_moves import KEPT_SECONDS
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import PROMPT
from tests.prompts.replicas import Clock
from tests.teams.coaching import (
    ADMIN,
    NASTY,
    OTHER,
    calls_to,
    chat_of,
    coaching,
    idle,
    person,
    said,
)
from tests.teams.loopback.server import Teams
from tests.teams.moving import (
    ACTIVATE,
    BACK,
    BACK_TO,
    MADE,
    TRY,
    WAYS,
    Move,
    Waiting,
    Way,
    acts,
    by_card,
    by_text,
    live,
    moved,
    shown_to,
)
from tests.teams.serving import Served

LIVE_2 = ActivateVersion(number=2, note="clearer")
TRIAL = ActivateVersion(number=2, note="try it", share=10)
OVER = "This proposal does not wait any more."


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    """How an admin asks for a move."""
    found: Way = request.param
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """A move behind others; `proposed` is what its confirmation says before, `made` what is said after."""

    move: Move
    before: Sequence[MoveCommand]
    proposed: Sequence[str]
    made: str
    kind: str
    live: tuple[int, int | None]


CASES = {
    "activate": Case(
        ACTIVATE,
        [],
        ["Make version 2 live for everybody in place of version 1", "Now: version 1, made live", "by start"],
        "Version 2 is live in place of version 1.",
        "activated",
        (2, None),
    ),
    "try": Case(
        TRY,
        [],
        ["Give version 2 to 10% of the people, as a trial"],
        "Version 2 serves 10% of the people; version 1 stays live.",
        "trial started",
        (1, 10),
    ),
    "roll back": Case(
        BACK,
        [LIVE_2],
        ["Go back to version 1 in place of version 2", "Now: version 2, made live", f"by {person(OTHER)}"],
        "Rolled back: version 1 is live in place of version 2.",
        "rolled back",
        (1, None),
    ),
    "roll back to": Case(
        BACK_TO,
        [LIVE_2],
        ["Go back to version 1 in place of version 2"],
        "Rolled back: version 1 is live in place of version 2.",
        "rolled back",
        (1, None),
    ),
    "end the trial": Case(
        BACK,
        [TRIAL],
        ["End the trial of version 2"],
        "The trial of version 2 has ended; version 1 serves everybody.",
        "trial ended",
        (1, None),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_a_move_is_made_by_the_press_on_a_confirmation_that_names_what_is_replaced(
    coached: Served, way: Way, case: Case
) -> None:
    for command in case.before:
        await moved(coached.app, command)
    before, stood = await acts(coached.app), await live(coached.app)
    waiting = await way(coached, ADMIN, case.move)
    for words in (*case.proposed, f"Reason: {case.move.note}"):
        assert words in waiting.text
    assert (await acts(coached.app), await live(coached.app)) == (before, stood)
    assert case.made in await waiting.confirm()
    assert not waiting.pending
    assert await acts(coached.app) == [*before, (case.kind, person(ADMIN), case.move.note)]
    assert await live(coached.app) == case.live
    assert coached.teams.failures == []


async def test_what_came_of_a_move_is_in_the_message_itself_too(coached: Served) -> None:
    waiting = await by_text(coached, ADMIN, ACTIVATE)
    await waiting.confirm()
    await coached.teams.until(lambda: calls_to(coached, "update"))
    (change,) = calls_to(coached, "update")
    assert change.path.endswith(f"/{waiting.id}")
    assert [each["content"] for each in change.body["attachments"]] == waiting.seen.cards


@pytest.mark.parametrize(
    ("written", "usage"),
    [
        ("prompts activate 2", "Say why, for the trail: prompts activate 2 REASON"),
        ("prompts activate 2 --share 10", "Say why, for the trail: prompts activate 2 REASON"),
        ("rollback", "Say why, for the trail: rollback [N] REASON"),
        ("prompts rollback 1", "Say why, for the trail: rollback [N] REASON"),
        ("prompts activate", "Write: prompts activate N"),
        ("prompts activate 1 again", "Version 1 is live already. Nothing changed."),
    ],
)
async def test_what_lacks_a_reason_or_changes_nothing_is_said_at_once(
    coached: Served, written: str, usage: str
) -> None:
    waiting = await shown_to(coached, ADMIN, written)
    assert usage in waiting.text
    assert not waiting.pending
    assert not await acts(coached.app)


async def test_a_card_asks_for_the_reason_before_it_is_sent(coached: Served) -> None:
    card = await shown_to(coached, ADMIN)
    with pytest.raises(ValueError, match="required"):
        await coached.teams.press(ADMIN, card.id, "move.propose", {"note2": ""}, ACTIVATE.data)
    await card.sends("move.propose", {**ACTIVATE.data, "note2": " \n "})
    assert coached.teams.told == ["Say why, for the trail."]
    assert not card.pending


@pytest.mark.parametrize("share", ["0", "100", "-5", "many", "1.5", 1.5, True, [10]])
async def test_a_share_that_is_none_does_not_mean_everybody(coached: Served, share: object) -> None:
    card = await shown_to(coached, ADMIN)
    before = card.text
    await card.sends("move.propose", {**ACTIVATE.data, "note2": "try it", "share2": share})
    assert len(coached.teams.told) == 1
    assert card.text == before
    assert not card.pending


@pytest.mark.parametrize("to", ["0", "9", "-1", "one", "1.5"])
async def test_a_version_to_go_back_to_that_is_none_does_not_mean_any(coached: Served, to: str) -> None:
    await moved(coached.app, LIVE_2)
    card = await shown_to(coached, ADMIN)
    await card.sends("move.propose", {"act": "rollback", "note": "too long", "to": to})
    assert len(coached.teams.told) == 1
    assert not card.pending


@pytest.mark.parametrize("way", [by_text, by_card])
async def test_a_move_is_cancelled_and_cannot_be_confirmed_any_more(coached: Served, way: Way) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    pending = waiting.pending
    assert await waiting.cancel() == "Nothing was changed."
    await waiting.sends("move.confirm", {"move": pending})
    assert OVER in waiting.text
    await waiting.sends("move.cancel", {"move": pending})
    assert OVER in waiting.text
    assert not await acts(coached.app)


async def test_what_is_cancelled_after_it_was_made_stays_made_and_is_not_told_as_undone(coached: Served) -> None:
    waiting = await by_text(coached, ADMIN, ACTIVATE)
    pending = waiting.pending
    await waiting.confirm()
    await waiting.sends("move.cancel", {"move": pending})
    assert waiting.text != "Nothing was changed."
    assert await live(coached.app) == (2, None)


async def test_two_presses_at_once_make_one_move_and_tell_it_as_made(coached: Served, way: Way) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    await asyncio.gather(waiting.press("move.confirm"), waiting.press("move.confirm"))
    assert "Version 2 is live in place of version 1." in waiting.text
    assert "Not done" not in waiting.text
    assert await acts(coached.app) == [MADE]
    assert coached.teams.failures == []


async def test_a_press_on_a_proposal_that_was_made_is_told_what_it_came_to(coached: Served) -> None:
    waiting = await by_text(coached, ADMIN, ACTIVATE)
    pending = waiting.pending
    await waiting.confirm()
    await waiting.sends("move.confirm", {"move": pending})
    assert "Version 2 is live in place of version 1." in waiting.text
    assert await acts(coached.app) == [MADE]


async def test_a_command_that_is_delivered_again_is_one_proposal(coached: Served) -> None:
    teams, chat = coached.teams, chat_of(coached, ADMIN)
    id_ = await teams.say(ADMIN, chat, ACTIVATE.written)
    await idle(coached)
    await teams.redeliver(id_)
    await idle(coached)
    assert len(said(teams, ADMIN, chat)) == 1


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 500}])
async def test_a_proposal_that_nobody_heard_was_shown_waits_as_one(coached: Served, fault: dict[str, int]) -> None:
    teams, chat = coached.teams, chat_of(coached, ADMIN)
    teams.fail("send", **fault)  # type: ignore[arg-type]
    await teams.say(ADMIN, chat, ACTIVATE.written)
    await idle(coached)
    waiting = [Waiting(coached, ADMIN, each.id) for each in said(teams, ADMIN, chat)]
    assert len({each.pending for each in waiting}) == 1
    for each in waiting:
        assert "Version 2 is live" in await each.confirm()
    assert await acts(coached.app) == [MADE]


async def test_the_same_command_sent_twice_is_two_proposals(coached: Served) -> None:
    first, second = [await by_text(coached, ADMIN, ACTIVATE) for _ in range(2)]
    assert first.pending != second.pending
    await first.confirm()
    assert "Not done" in await second.confirm()
    assert await acts(coached.app) == [MADE]


async def test_a_proposal_that_another_admins_move_has_outdated_is_not_made_and_names_that_move(
    coached: Served, way: Way
) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    await moved(coached.app, TRIAL)
    before = await acts(coached.app)
    told = await waiting.confirm()
    assert f"Not done: {person(OTHER)} gave version 2 to 10% of the people meanwhile." in told
    assert "decide anew" in told
    assert not waiting.pending
    assert await acts(coached.app) == before


async def test_of_two_admins_at_the_same_moment_one_makes_the_move_and_the_other_is_told(coached: Served) -> None:
    first, second = await by_text(coached, ADMIN, ACTIVATE), await by_card(coached, OTHER, TRY)
    told = await asyncio.gather(first.confirm(), second.confirm())
    assert len(await acts(coached.app)) == 1
    assert sum("Not done" in each for each in told) == 1


async def test_a_published_version_outdates_no_proposal(coached: Served) -> None:
    waiting = await by_text(coached, ADMIN, ACTIVATE)
    await coached.app.registry.publish(person(OTHER), PROMPT.format(note="third", rule="Say it."), "third")
    assert "Version 2 is live" in await waiting.confirm()


@pytest.mark.usefixtures("at_once")
async def test_a_proposal_outlives_the_process(tmp_path: Path, teams: Teams, way: Way) -> None:
    async with coaching(teams, tmp_path) as coached:
        waiting = await way(coached, ADMIN, TRY)
    async with coaching(teams, tmp_path) as coached:
        waiting = replace(waiting, coached=coached)
        assert "Version 2 serves 10% of the people" in await waiting.confirm()
        assert await acts(coached.app) == [("trial started", person(ADMIN), "try it")]


@pytest.mark.usefixtures("at_once")
async def test_a_proposal_waits_for_an_hour(tmp_path: Path, teams: Teams, way: Way) -> None:
    clock = Clock()
    async with coaching(teams, tmp_path, store=SqliteStore(tmp_path / "coach.sqlite3", clock=clock)) as coached:
        waiting = await way(coached, ADMIN, ACTIVATE)
        clock.seconds += KEPT_SECONDS + 1
        told = await waiting.confirm()
        assert OVER in told
        assert "ask for it once more" in told
        assert not await acts(coached.app)


@pytest.mark.parametrize("way", [by_text, by_card])
async def test_what_an_admin_wrote_is_shown_as_it_stands_and_leads_nowhere(coached: Served, way: Way) -> None:
    move = Move(f"prompts activate 2 {NASTY}", ACTIVATE.data, {"note2": NASTY})
    waiting = await way(coached, ADMIN, move)
    assert f"Reason: {NASTY}" in waiting.text
    assert NASTY in await waiting.confirm() or "Version 2 is live" in waiting.text
    trail = await shown_to(coached, ADMIN, "prompts log")
    assert NASTY in trail.text
    assert [*waiting.seen.links, *trail.seen.links] == []
