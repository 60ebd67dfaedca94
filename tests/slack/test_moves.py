"""Moves of versions in Slack: proposed with what they replace, made by the click that confirms them, once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.core.admin_commands import ActivateVersion, MoveCommand
from bot.core.pending_moves import KEPT_SECONDS
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import PROMPT
from tests.prompts.replicas import Clock
from tests.slack.loopback.server import Slack
from tests.slack.moving import (
    ACTIVATE,
    ADMIN,
    BACK,
    BACK_TO,
    CHANNEL,
    MADE,
    OTHER,
    REP,
    TRY,
    WAYS,
    InMessage,
    Move,
    Way,
    acts,
    by_command,
    by_form,
    by_message,
    coach_in,
    live,
    moved,
    of_coach,
    person,
    with_button,
)
from tests.slack.serving import MODES, Served

LIVE_2 = ActivateVersion(number=2, note="clearer")
TRIAL = ActivateVersion(number=2, note="try it", share=10)
OVER = "This proposal does not wait any more."


@pytest.fixture(params=MODES)
async def coached(request: pytest.FixtureRequest, slack: Slack, tmp_path: Path) -> AsyncIterator[Served]:
    """The small coach with two admins."""
    async with coach_in(slack, tmp_path / "knowledge", request.param) as coached:
        yield coached


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
        ["Go back to version 1 in place of version 2", "Now: version 2, made live", "by slack:T1/UOTHER"],
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
async def test_a_move_is_made_by_the_click_on_a_confirmation_that_names_what_is_replaced(
    coached: Served, way: Way, case: Case
) -> None:
    for command in case.before:
        await moved(coached.app, command)
    before, stood = await acts(coached.app), await live(coached.app)
    waiting = await way(coached, ADMIN, case.move)
    reason = str(case.move.filled["reason"])
    for words in (*case.proposed, f"Reason: {reason}"):
        assert words in waiting.text
    assert (await acts(coached.app), await live(coached.app)) == (before, stood)
    await waiting.confirm()
    assert case.made in await waiting.outcome()
    assert await acts(coached.app) == [*before, (case.kind, person(ADMIN), reason)]
    assert await live(coached.app) == case.live
    assert not coached.slack.failures


@pytest.mark.parametrize("way", [WAYS["command"], WAYS["mention"]], ids=["command", "mention"])
async def test_a_move_asked_for_in_a_channel_is_seen_by_who_asked_alone(coached: Served, way: Way) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    await waiting.confirm()
    await waiting.outcome()
    for user in (REP, OTHER):
        assert not of_coach(coached.slack, user, CHANNEL)
    assert all(each.ephemeral for each in of_coach(coached.slack, ADMIN, CHANNEL))


@pytest.mark.parametrize(
    ("move", "usage"),
    [
        ("prompts activate 2", "Say why, for the trail: prompts activate 2 REASON"),
        ("prompts activate 2 --share 10", "Say why, for the trail: prompts activate 2 REASON"),
        ("rollback", "Say why, for the trail: rollback [N] REASON"),
        ("prompts rollback 1", "Say why, for the trail: rollback [N] REASON"),
        ("prompts activate", "Write: prompts activate N"),
    ],
)
async def test_a_move_without_a_reason_is_asked_for_one(coached: Served, move: str, usage: str) -> None:
    for way in (by_command, by_message):
        waiting = await way(coached, ADMIN, replace(ACTIVATE, written=move))
        assert usage in waiting.text
        assert not waiting.pending
    assert not await acts(coached.app)


@pytest.mark.parametrize("move", [ACTIVATE, BACK])
async def test_a_form_without_a_reason_is_kept_with_its_fault_at_the_field(coached: Served, move: Move) -> None:
    form = await by_form(coached, ADMIN, replace(move, filled={"reason": " \n "}))
    view = coached.slack.view_of(ADMIN)
    assert view.errors == {"reason": "Say why, for the trail."}
    assert view.callback_id == "move_form"
    assert not form.pending
    assert not await acts(coached.app)


async def test_a_move_is_cancelled_and_cannot_be_confirmed_any_more(coached: Served) -> None:
    for way in (by_command, by_message):
        waiting = await way(coached, ADMIN, ACTIVATE)
        pending = waiting.pending
        await waiting.cancel()
        assert await waiting.outcome() == "Nothing was changed."
        again = await with_button(coached.slack, ADMIN, "move.confirm", pending)
        await again.confirm()
        assert OVER in await again.outcome()
    assert not await acts(coached.app)


async def test_a_form_that_is_closed_changes_nothing(coached: Served) -> None:
    waiting = await by_form(coached, ADMIN, ACTIVATE)
    await waiting.cancel()
    assert not coached.slack.views
    assert not await acts(coached.app)


async def test_what_is_cancelled_after_it_was_made_stays_made_and_is_not_told_as_undone(coached: Served) -> None:
    waiting = await by_message(coached, ADMIN, ACTIVATE)
    pending = waiting.pending
    await waiting.confirm()
    await waiting.outcome()
    late = await with_button(coached.slack, ADMIN, "move.cancel", pending)
    await late.cancel()
    told = await late.outcome()
    assert told != "Nothing was changed."
    assert await live(coached.app) == (2, None)


async def test_two_clicks_at_once_make_one_move_and_tell_it_as_made(coached: Served, way: Way) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    await asyncio.gather(waiting.confirm(), waiting.confirm())
    assert "Version 2 is live in place of version 1." in await waiting.outcome()
    assert await acts(coached.app) == [MADE]
    await coached.slack.settled()
    assert "Not done" not in waiting.text


async def test_a_click_on_a_proposal_that_was_made_is_told_what_it_came_to(coached: Served) -> None:
    waiting = await by_message(coached, ADMIN, ACTIVATE)
    pending = waiting.pending
    await waiting.confirm()
    await waiting.outcome()
    again = await with_button(coached.slack, ADMIN, "move.confirm", pending)
    await again.confirm()
    assert "Version 2 is live in place of version 1." in await again.outcome()
    assert await acts(coached.app) == [MADE]


async def test_a_lost_acknowledgement_and_the_click_that_follows_make_one_move(coached: Served) -> None:
    """Slack shows the clicker a warning where the answer was late; they click again."""
    waiting = await by_message(coached, ADMIN, ACTIVATE)
    coached.slack.fail("response_url", 2, status=500)
    await waiting.confirm()
    await coached.slack.until(lambda: [call for call in coached.slack.calls if call.method == "response_url"])
    coached.slack.heal()
    await waiting.confirm()
    assert "Version 2 is live in place of version 1." in await waiting.outcome()
    assert await acts(coached.app) == [MADE]


async def test_a_proposal_that_another_admins_move_has_outdated_is_not_made_and_names_that_move(
    coached: Served, way: Way
) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    await moved(coached.app, TRIAL)
    before = await acts(coached.app)
    await waiting.confirm()
    told = await waiting.outcome()
    assert "Not done: slack:T1/UOTHER gave version 2 to 10% of the people meanwhile." in told
    assert "decide anew" in told
    assert await acts(coached.app) == before


async def test_of_two_admins_at_the_same_moment_one_makes_the_move_and_the_other_is_told(coached: Served) -> None:
    first = await by_command(coached, ADMIN, ACTIVATE)
    second = await by_message(coached, OTHER, TRY)
    await asyncio.gather(first.confirm(), second.confirm())
    told = [await first.outcome(), await second.outcome()]
    made = await acts(coached.app)
    assert len(made) == 1
    assert sum("Not done" in each for each in told) == 1


async def test_a_published_version_outdates_no_proposal(coached: Served) -> None:
    waiting = await by_message(coached, ADMIN, ACTIVATE)
    await coached.app.registry.publish(person(OTHER), PROMPT.format(note="third", rule="Say it."), "third")
    await waiting.confirm()
    assert "Version 2 is live" in await waiting.outcome()


@pytest.mark.parametrize("mode", MODES)
async def test_a_proposal_outlives_the_process_and_waits_on_the_server(
    slack: Slack, tmp_path: Path, mode: str, way: Way
) -> None:
    folder = tmp_path / "knowledge"
    async with coach_in(slack, folder, mode) as coached:
        waiting = await way(coached, ADMIN, TRY)
    async with coach_in(slack, folder, mode) as coached:
        await waiting.confirm()
        assert "Version 2 serves 10% of the people" in await waiting.outcome()
        assert await acts(coached.app) == [("trial started", person(ADMIN), "try it")]


@pytest.mark.parametrize("mode", MODES)
async def test_a_proposal_waits_for_an_hour(slack: Slack, tmp_path: Path, mode: str, way: Way) -> None:
    clock = Clock()
    store = SqliteStore(tmp_path / "coach.sqlite3", clock=clock)
    async with coach_in(slack, tmp_path / "knowledge", mode, store=store) as coached:
        early, late = await way(coached, ADMIN, ACTIVATE), await by_message(coached, ADMIN, BACK_TO)
        pending = early.pending
        clock.seconds += KEPT_SECONDS + 1
        await early.confirm()
        told = await early.outcome()
        assert OVER in told
        assert "ask for it once more" in told
        again = await with_button(slack, ADMIN, "move.cancel", pending)
        await again.cancel()
        assert OVER in await again.outcome()
        assert not await acts(coached.app)
        assert not late.pending


async def test_what_people_wrote_pings_nobody_and_links_nowhere(coached: Served) -> None:
    nasty = "<!channel> <@UREP> https://evil.example *bold* `x` &lt;!here&gt;"
    for way in (by_command, by_message):
        waiting = await way(coached, ADMIN, replace(ACTIVATE, written=f"prompts activate 2 {nasty}"))
        assert isinstance(waiting, InMessage)
        assert not waiting.seen.pings
        assert "*bold* `x`" in waiting.text
        await waiting.confirm()
        await waiting.outcome()
        assert not waiting.seen.pings
        await moved(coached.app, ActivateVersion(number=1, note="back"))
    await moved(coached.app, LIVE_2)
    form = await by_form(coached, ADMIN, Move("", BACK.button, {"reason": nasty}))
    assert not coached.slack.view_pings(coached.slack.view_of(ADMIN))
    assert "<!channel> <@UREP>" in form.text


async def test_a_move_that_changes_nothing_is_said_at_once(coached: Served) -> None:
    for way in (by_command, by_message):
        waiting = await way(coached, ADMIN, replace(ACTIVATE, written="prompts activate 1 again"))
        assert "Version 1 is live already. Nothing changed." in waiting.text
        assert not waiting.pending
    assert not await acts(coached.app)
