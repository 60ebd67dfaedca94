"""Who may move versions in Slack: the admin who asked, as long as they are one; no button, form or value says more."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.slack.loopback.server import Slack
from tests.slack.moving import (
    ACTIVATE,
    ADMIN,
    MADE,
    OTHER,
    REP,
    InMessage,
    Way,
    acts,
    by_command,
    by_message,
    coach_in,
    live,
    of_coach,
    person,
    text_field,
    with_button,
    with_form,
)
from tests.slack.serving import MODES, Served

OVER = "This proposal does not wait any more."


@pytest.fixture(params=MODES)
async def coached(request: pytest.FixtureRequest, slack: Slack, tmp_path: Path) -> AsyncIterator[Served]:
    """The small coach with two admins."""
    async with coach_in(slack, tmp_path / "knowledge", request.param) as coached:
        yield coached


async def test_another_admin_confirms_and_cancels_nothing_of_somebody_elses(coached: Served, way: Way) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    for action in ("move.confirm", "move.cancel"):
        theirs = await with_button(coached.slack, OTHER, action, waiting.pending)
        await coached.slack.click(OTHER, theirs.channel, theirs.ts, action)
    form = await with_form(coached.slack, OTHER, "move_confirm", waiting.pending)
    await coached.slack.submit(OTHER, form.id)
    assert "Only who asked for this can confirm it" in coached.slack.plain(form)
    assert not await acts(coached.app)
    await waiting.confirm()
    assert "Version 2 is live" in await waiting.outcome()


async def test_who_confirms_somebody_elses_proposal_is_told_alone_and_it_waits_on(coached: Served) -> None:
    waiting = await by_message(coached, ADMIN, ACTIVATE)
    theirs = await with_button(coached.slack, OTHER, "move.confirm", waiting.pending)
    await theirs.confirm()
    assert "Only who asked for this can confirm it" in await theirs.told()
    assert waiting.pending


@pytest.mark.parametrize("mode", MODES)
async def test_who_is_no_admin_any_more_confirms_nothing_and_the_try_stands_in_the_trail(
    slack: Slack, tmp_path: Path, mode: str, way: Way
) -> None:
    folder = tmp_path / "knowledge"
    async with coach_in(slack, folder, mode) as coached:
        waiting = await way(coached, ADMIN, ACTIVATE)
    async with coach_in(slack, folder, mode, admins=[OTHER]) as coached:
        await waiting.confirm()
        told = await (waiting.told() if isinstance(waiting, InMessage) else waiting.outcome())
        assert "Only the coach's admins may do that" in told
        assert await acts(coached.app) == [("denied", person(ADMIN), "")]
        assert await live(coached.app) == (1, None)


@pytest.mark.parametrize("mode", MODES)
async def test_who_is_no_admin_any_more_is_told_so_in_a_channel_without_the_coach_too(
    slack: Slack, tmp_path: Path, mode: str
) -> None:
    folder = tmp_path / "knowledge"
    elsewhere = slack.channel("C2", ADMIN, with_bot=False)
    async with coach_in(slack, folder, mode) as coached:
        await slack.command(ADMIN, elsewhere, ACTIVATE.written)
        await slack.until(lambda: of_coach(slack, ADMIN, elsewhere))
        waiting = InMessage(slack, ADMIN, elsewhere, of_coach(slack, ADMIN, elsewhere)[-1].ts)
    async with coach_in(slack, folder, mode, admins=[OTHER]) as coached:
        await waiting.confirm()
        await slack.until(
            lambda: "Only the coach's admins" in "".join(each.plain for each in of_coach(slack, ADMIN, elsewhere)), 3
        )
        assert await live(coached.app) == (1, None)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2",
        "activate|2",
        "rollback|",
        '{"person": "slack:T1/UADMIN", "activate": 2, "note": "mine", "share": null, "force": true}',
        "move:2",
        "../move",
        "x" * 2_000,
        "\ud83d\ude00 2",
    ],
)
async def test_a_value_that_nobody_was_given_moves_nothing(coached: Served, value: str) -> None:
    await by_message(coached, ADMIN, ACTIVATE)
    for action in ("move.confirm", "move.cancel"):
        made_up = await with_button(coached.slack, ADMIN, action, value)
        await coached.slack.click(ADMIN, made_up.channel, made_up.ts, action)
        assert OVER in await made_up.outcome()
    form = await with_form(coached.slack, ADMIN, "move_confirm", value)
    await coached.slack.submit(ADMIN, form.id)
    assert OVER in coached.slack.plain(form)
    assert not await acts(coached.app)
    assert not coached.slack.failures


@pytest.mark.parametrize(
    "private",
    ["", "activate|2", "activate|99", "activate|0", "rollback|1", "rollback|99", "anything", json.dumps({"number": 2})],
)
async def test_a_form_says_only_what_is_asked_for_and_never_that_it_may_be_done(coached: Served, private: str) -> None:
    form = await with_form(coached.slack, ADMIN, "move_form", private, [text_field("reason", "mine")])
    await coached.slack.submit(ADMIN, form.id)
    assert form.callback_id in ("", "move_confirm")
    assert not await acts(coached.app)
    assert await live(coached.app) == (1, None)
    assert not coached.slack.failures


@pytest.mark.parametrize("private", ["activate|2", "rollback|1", "rollback|"])
async def test_a_rep_who_sends_an_admins_form_is_refused_and_the_try_stands_in_the_trail(
    coached: Served, private: str
) -> None:
    form = await with_form(coached.slack, REP, "move_form", private, [text_field("reason", "mine")])
    await coached.slack.submit(REP, form.id)
    assert "Only the coach's admins may do that" in coached.slack.plain(form)
    assert not form.callback_id
    assert await acts(coached.app) == [("denied", person(REP), "")]


async def test_a_rep_with_an_admins_pending_id_moves_nothing_by_any_button_or_form(coached: Served, way: Way) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    for action in ("move.confirm", "move.cancel"):
        forged = await with_button(coached.slack, REP, action, waiting.pending)
        await coached.slack.click(REP, forged.channel, forged.ts, action)
    form = await with_form(coached.slack, REP, "move_confirm", waiting.pending)
    await coached.slack.submit(REP, form.id)
    assert "Only who asked for this can confirm it" in coached.slack.plain(form)
    assert await live(coached.app) == (1, None)
    await waiting.confirm()
    assert "Version 2 is live" in await waiting.outcome()
    assert await acts(coached.app) == [MADE]


@pytest.mark.parametrize(
    "written",
    [
        "prompts",
        "prompts show 2",
        "prompts diff 1 2",
        "prompts log",
        "prompts activate 2 mine",
        "rollback mine",
        "prompts publish mine\n---\nmodel: x\n---\n",
    ],
)
async def test_a_rep_is_refused_whatever_they_write(coached: Served, written: str) -> None:
    for way in (by_command, by_message):
        refused = await way(coached, REP, replace(ACTIVATE, written=written))
        assert "Only the coach's admins may do that" in refused.text
    assert [act[:2] for act in await acts(coached.app)] == [("denied", person(REP))] * 2
    assert await live(coached.app) == (1, None)


async def test_a_member_of_another_workspace_with_an_admins_id_is_nobody(coached: Served) -> None:
    """In a channel shared with another company, who clicks may be one of theirs."""
    waiting = await by_message(coached, ADMIN, ACTIVATE)
    assert isinstance(waiting, InMessage)
    coached.slack.users[ADMIN].team = "T2"
    await waiting.confirm()
    assert "Only who asked for this can confirm it" in await waiting.told()
    assert not await acts(coached.app)


async def test_an_admin_finds_moves_in_the_help_and_a_rep_does_not(coached: Served) -> None:
    for user, told in ((ADMIN, True), (REP, False)):
        help_ = await by_message(coached, user, replace(ACTIVATE, written="help"))
        assert ("prompts activate" in help_.text) == told
