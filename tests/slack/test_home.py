"""App Home: the guide and how to use the coach for everybody, the versions for admins, and a button for each act."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.admin_commands import ActivateVersion
from bot.prompts.prices import Price
from tests.fakes import LESSON, PROMPT, PROMPTS
from tests.slack.loopback.seen import interactive
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import Json, View
from tests.slack.moving import (
    ACTIVATE,
    ADMIN,
    CHANNEL,
    OTHER,
    REP,
    Way,
    acts,
    as_the_app,
    by_command,
    by_form,
    by_message,
    clicked,
    coach_in,
    home_of,
    live,
    moved,
    of_coach,
    person,
)
from tests.slack.serving import MODES, Served
from tests.web.parts import QuotingEngine

ADMINS_BUTTONS = ("home.show", "home.activate", "home.compare", "home.rollback", "home.trail")
QUESTION = "What holds water against the eaves in autumn?"
DENIED = "Only the coach's admins may do that"


@pytest.fixture(params=MODES)
async def coached(request: pytest.FixtureRequest, slack: Slack, tmp_path: Path) -> AsyncIterator[Served]:
    """The small coach with two admins and the price of its model."""
    prices = {"small-model": Price(input=2, output=10)}
    async with coach_in(slack, tmp_path / "knowledge", request.param, prices=prices) as coached:
        yield coached


def buttons(view: View) -> list[tuple[str, str]]:
    return [(str(each["action_id"]), str(each.get("value", ""))) for each in interactive(view.blocks)]


async def brought_up_to_date(slack: Slack, user: str, words: str) -> None:
    """Waits until the Home tab says `words`, without being opened anew."""

    def says() -> bool:
        home = slack.home(user)
        return home is not None and words in slack.plain(home)

    await slack.until(says)


async def said(slack: Slack, user: str, channel: str, words: str) -> None:
    """Waits until the coach has said `words` there."""
    await slack.until(lambda: any(words in each.plain for each in of_coach(slack, user, channel)))


async def test_a_rep_sees_how_to_use_the_coach_and_the_guide_and_nothing_of_the_versions(coached: Served) -> None:
    home = await home_of(coached.slack, REP)
    text = coached.slack.plain(home)
    for words in ("mention me in a channel", "/coach guide", "/coach forget me", "Lessons: Roof care"):
        assert words in text
    for words in ("This roof never leaks", "This roof is guaranteed for ten years", "No roof never leaks"):
        assert words in text
    assert buttons(home) == [("home.ask", ""), ("home.review", "")]
    assert "version" not in text.lower()
    assert not await acts(coached.app)


async def test_an_admin_sees_the_versions_too_with_a_button_for_each_act(coached: Served) -> None:
    home = await home_of(coached.slack, ADMIN)
    text = coached.slack.plain(home)
    for words in ("This roof never leaks", "Version 1, live since", "by start", "Version 2", "the second words"):
        assert words in text
    shown = [each for each in buttons(home) if each[0] not in ("home.ask", "home.review")]
    assert sorted(shown) == [
        ("home.activate", "2"),
        ("home.compare", ""),
        ("home.rollback", ""),
        ("home.show", "1"),
        ("home.show", "2"),
        ("home.trail", ""),
    ]


async def test_an_admin_sees_what_is_live_on_trial_what_it_costs_how_it_is_rated_and_the_trail(
    slack: Slack, tmp_path: Path
) -> None:
    prices = {"small-model": Price(input=2, output=10)}
    async with coach_in(slack, tmp_path / "knowledge", "http", prices=prices, engine=QuotingEngine()) as coached:
        direct = slack.dm_of(REP)
        await slack.say(REP, direct, QUESTION)
        await slack.until(lambda: any(("feedback", "") in each.actions for each in of_coach(slack, REP, direct)))
        await slack.click(REP, direct, of_coach(slack, REP, direct)[-1].ts, "feedback", "bad")
        await moved(coached.app, ActivateVersion(number=2, note="try <!channel>", share=10))
        home = await home_of(slack, ADMIN)
        text = slack.plain(home)
        for words in (
            "Version 1, live since",
            "Version 2 serves 10% as a trial",
            "Version 2, trial 10%",
            "1 reply",
            "0 up, 1 down",
            "$3.00 for 1,000 replies",
            "slack:T1/UOTHER put version 2 on trial",
            "try <!channel>",
        ):
            assert words in text
        assert not slack.view_pings(home)


async def test_the_home_tab_shows_a_member_what_holds_for_them_when_they_open_it_anew(
    slack: Slack, tmp_path: Path
) -> None:
    for admins, is_admin in (([ADMIN], True), ([OTHER], False), ([ADMIN, OTHER], True)):
        async with coach_in(slack, tmp_path / "knowledge", "http", admins=admins):
            home = await home_of(slack, ADMIN)
            assert (("home.rollback", "") in buttons(home)) == is_admin


async def test_the_messages_tab_suggests_questions_and_leaves_the_home_tab_alone(coached: Served) -> None:
    direct = coached.slack.dm_of(REP)
    await coached.slack.open_home(REP, tab="messages")
    await coached.slack.until(lambda: coached.slack.prompts(direct))
    assert coached.slack.home(REP) is None


@pytest.mark.parametrize("user", [REP, ADMIN])
async def test_a_question_is_asked_from_the_home_tab_and_answered_in_direct_messages(
    coached: Served, user: str
) -> None:
    slack, direct = coached.slack, coached.slack.dm_of(user)
    form = await clicked(slack, user, await home_of(slack, user), "home.ask")
    await slack.submit(user, form.id, {"question": QUESTION})
    await said(slack, user, direct, "Leaves hold water against the eaves")
    assert "direct messages" in slack.plain(form)


@pytest.mark.parametrize("user", [REP, ADMIN])
async def test_a_draft_is_sent_from_the_home_tab_and_reviewed_in_direct_messages(coached: Served, user: str) -> None:
    slack, direct = coached.slack, coached.slack.dm_of(user)
    form = await clicked(slack, user, await home_of(slack, user), "home.review")
    await slack.submit(user, form.id, {"draft": "This roof never leaks."})
    await said(slack, user, direct, "guaranteed for ten years")


async def test_a_version_is_shown_as_it_was_published(coached: Served) -> None:
    shown = await clicked(coached.slack, ADMIN, await home_of(coached.slack, ADMIN), "home.show", "2")
    text = coached.slack.plain(shown)
    for line in PROMPT.format(note="the second words", rule="Give the best line, and say where it stands.").split("\n"):
        assert line in text
    assert not shown.payload.get("submit")


async def test_two_versions_are_compared_beginning_with_the_live_one_and_the_newest(coached: Served) -> None:
    slack = coached.slack
    form = await clicked(slack, ADMIN, await home_of(slack, ADMIN), "home.compare")
    await slack.submit(ADMIN, form.id)
    text = slack.plain(form)
    assert "What changes from version 1 (-) to version 2 (+)" in text
    assert "- Give the best line.\n+ Give the best line, and say where it stands." in text
    form = await clicked(slack, ADMIN, await home_of(slack, ADMIN), "home.compare")
    await slack.submit(ADMIN, form.id, {"old": "2", "new": "2"})
    assert "Versions 2 and 2 are the same" in slack.plain(form)


async def test_the_trail_says_who_did_what_when_and_why(coached: Served) -> None:
    await moved(coached.app, ActivateVersion(number=2, note="clearer"))
    shown = await clicked(coached.slack, ADMIN, await home_of(coached.slack, ADMIN), "home.trail")
    text = coached.slack.plain(shown)
    assert "slack:T1/UOTHER made version 2 live in place of version 1" in text
    assert "clearer" in text
    assert "UTC" in text


async def test_the_form_to_activate_shows_the_version_and_what_is_live_now(coached: Served) -> None:
    form = await clicked(coached.slack, ADMIN, await home_of(coached.slack, ADMIN), "home.activate", "2")
    text = coached.slack.plain(form)
    for words in ("Now: version 1, live since", "Version 2", "the second words", "Everybody"):
        assert words in text


async def test_the_form_to_roll_back_says_where_it_leads_when_nothing_is_chosen(coached: Served) -> None:
    await moved(coached.app, ActivateVersion(number=2, note="clearer"))
    form = await clicked(coached.slack, ADMIN, await home_of(coached.slack, ADMIN), "home.rollback")
    text = coached.slack.plain(form)
    assert "Now: version 2, live since" in text
    assert "goes back to the version that was live before" in text


async def test_with_one_version_there_is_nothing_to_compare_and_nowhere_to_go_back_to(
    slack: Slack, tmp_path: Path
) -> None:
    one = {"0001.md": PROMPTS["0001.md"]}
    async with coach_in(slack, tmp_path / "knowledge", "http", prompts=one) as coached:
        home = await home_of(slack, ADMIN)
        assert ("home.compare", "") not in buttons(home)
        form = await clicked(slack, ADMIN, home, "home.rollback")
        assert "There is no other version to go back to." in slack.plain(form)
        if form.payload.get("submit"):
            await slack.submit(ADMIN, form.id, {"reason": "mine"})
            assert "there is nothing to go back to" in slack.plain(form)
        assert not await acts(coached.app)


async def test_a_view_opens_within_the_triggers_life_while_the_app_has_much_to_do(coached: Served) -> None:
    slack = coached.slack
    slack.settings.trigger_seconds = 0.5
    direct = slack.dm_of(REP)
    for number in range(20):
        await slack.say(REP, direct, f"review This roof never leaks. {number}")
    home = await home_of(slack, ADMIN)
    for action in (("home.show", "2"), ("home.trail", None), ("home.activate", "2"), ("home.ask", None)):
        await clicked(slack, ADMIN, home, *action)
    assert not [call for call in slack.calls if call.method == "views.open" and not call.answer["ok"]]


async def test_a_view_that_comes_too_late_is_logged_and_the_next_click_opens_one(
    coached: Served, caplog: pytest.LogCaptureFixture
) -> None:
    slack = coached.slack
    home = await home_of(slack, ADMIN)
    slack.settings.trigger_seconds = -1
    with caplog.at_level(logging.WARNING):
        await slack.click_view(ADMIN, home.id, "home.trail")
        await slack.until(lambda: any(call.method == "views.open" for call in slack.calls))
        await slack.settled()
    slack.settings.trigger_seconds = 3
    assert await clicked(slack, ADMIN, home, "home.trail")
    assert "a view could not be opened: Slack refused views.open: expired_trigger_id" in caplog.text
    assert not slack.failures


async def test_the_home_tab_is_brought_up_to_date_after_a_move_by_form(coached: Served) -> None:
    waiting = await by_form(coached, ADMIN, ACTIVATE)
    await waiting.confirm()
    await brought_up_to_date(coached.slack, ADMIN, "Version 2, live since")
    home = coached.slack.home(ADMIN)
    assert home
    assert ("home.activate", "1") in buttons(home)
    assert ("home.activate", "2") not in buttons(home)
    assert "slack:T1/UADMIN made version 2 live in place of version 1" in coached.slack.plain(home)


@pytest.mark.parametrize("way", [by_command, by_message])
async def test_the_home_tab_is_brought_up_to_date_after_a_move_by_words(coached: Served, way: Way) -> None:
    await home_of(coached.slack, ADMIN)
    waiting = await way(coached, ADMIN, ACTIVATE)
    await waiting.confirm()
    await brought_up_to_date(coached.slack, ADMIN, "Version 2, live since")


async def test_a_home_tab_that_others_have_outdated_moves_nothing_it_does_not_name(coached: Served) -> None:
    slack = coached.slack
    home = await home_of(slack, ADMIN)
    await moved(coached.app, ActivateVersion(number=2, note="clearer"))
    form = await clicked(slack, ADMIN, home, "home.activate", "2")
    assert "Now: version 2, live since" in slack.plain(form)
    await slack.submit(ADMIN, form.id, {"reason": "mine"})
    assert "Version 2 is live already. Nothing changed." in slack.plain(form)
    assert await acts(coached.app) == [("activated", person(OTHER), "clearer")]


async def an_admins_home_before(slack: Slack, user: str) -> View:
    """Puts the Home tab of an admin before somebody else."""
    blocks = [{key: each[key] for key in each if key != "block_id"} for each in (await home_of(slack, ADMIN)).blocks]
    await home_of(slack, user)
    await as_the_app(slack, "views.publish", user_id=user, view={"type": "home", "blocks": blocks})
    home = slack.home(user)
    assert home
    return home


async def test_a_rep_who_clicks_an_admins_buttons_gets_nothing_and_each_try_stands_in_the_trail(
    coached: Served,
) -> None:
    slack = coached.slack
    home = await an_admins_home_before(slack, REP)
    forged = [each for each in buttons(home) if each[0].startswith(ADMINS_BUTTONS)]
    assert len(forged) == 6
    for action, value in forged:
        shown = await clicked(slack, REP, home, action, value or None)
        assert DENIED in slack.plain(shown)
        assert "words" not in slack.plain(shown)
        assert not shown.callback_id
    assert [act[:2] for act in await acts(coached.app)] == [("denied", person(REP))] * len(forged)
    assert await live(coached.app) == (1, None)


async def test_a_member_of_another_workspace_is_no_admin_whatever_their_id(coached: Served) -> None:
    home = await home_of(coached.slack, ADMIN)
    coached.slack.users[ADMIN].team = "T2"
    shown = await clicked(coached.slack, ADMIN, home, "home.show", "2")
    assert DENIED in coached.slack.plain(shown)


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("home.show", "99"),
        ("home.show", "two"),
        ("home.show", ""),
        ("home.show", "9" * 1_999),
        ("home.activate", "99"),
        ("home.activate", "0"),
        ("home.activate", "2|force"),
        ("home.activate", "9" * 1_999),
        ("home.rollback", "1"),
        ("home.trail", "-1"),
    ],
)
async def test_a_value_that_nobody_was_given_opens_no_more_than_a_form_or_a_word(
    coached: Served, action: str, value: str
) -> None:
    slack = coached.slack
    await home_of(slack, ADMIN)
    button: Json = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": action}
    blocks = [{"type": "actions", "elements": [button | ({"value": value} if value else {})]}]
    await as_the_app(slack, "views.publish", user_id=ADMIN, view={"type": "home", "blocks": blocks})
    home = slack.home(ADMIN)
    assert home
    shown = await clicked(slack, ADMIN, home, action)
    assert slack.plain(shown)
    assert not slack.failures
    assert not await acts(coached.app)


def click_of(user: str, action: str, value: str, **more: object) -> Json:
    """A click in a Home tab as Slack would tell of it."""
    return {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "example"},
        "user": {"id": user, "username": user.lower(), "team_id": "T1"},
        "api_app_id": "A1",
        "container": {"type": "view", "view_id": "V1"},
        "trigger_id": "1.TR",
        "view": {"id": "V1", "type": "home", "blocks": [], "state": {"values": {}}},
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.0"}],
        **more,
    }


async def test_a_forged_click_that_slack_did_not_sign_is_not_looked_at(slack: Slack, tmp_path: Path) -> None:
    async with coach_in(slack, tmp_path / "knowledge", "http") as coached:
        for user in (REP, ADMIN):
            assert await slack.deliver_raw(click_of(user, "home.activate", "2"), signature="v0=00") == 401
        assert not await acts(coached.app)
        assert not [call for call in slack.calls if call.method.startswith("views.")]


async def test_a_click_in_a_reps_name_is_a_reps_whatever_else_it_says(slack: Slack, tmp_path: Path) -> None:
    async with coach_in(slack, tmp_path / "knowledge", "http") as coached:
        forged = click_of(REP, "home.activate", "2", user_id=ADMIN, person=person(ADMIN), is_admin=True)
        assert await slack.deliver_raw(forged) == 200
        assert [act[:2] for act in await acts(coached.app)] == [("denied", person(REP))]


def long_guide(rows: int) -> str:
    table = "".join(
        f'| "Claim number {number} is always true" | "Statement {number} is measured" | Reason {number}, at length |\n'
        for number in range(rows)
    )
    return LESSON.rpartition('| "This roof never leaks"')[0] + table


async def test_a_guide_of_200_rows_fits_the_home_tab_which_says_how_to_see_the_rest(
    slack: Slack, tmp_path: Path
) -> None:
    async with coach_in(slack, tmp_path / "knowledge", "http", lesson=long_guide(200)):
        for user in (REP, ADMIN):
            text = slack.plain(await home_of(slack, user))
            shown = sum(f"Claim number {number} is" in text for number in range(200))
            assert shown > 20
            assert f"{200 - shown} more rows: /coach guide and a few words" in text


@pytest.mark.parametrize("mode", MODES)
async def test_all_200_rows_of_a_guide_come_by_command_and_by_message(slack: Slack, tmp_path: Path, mode: str) -> None:
    async with coach_in(slack, tmp_path / "knowledge", mode, lesson=long_guide(200)):
        direct = slack.dm_of(REP)
        await slack.command(REP, CHANNEL, "guide")
        await slack.say(REP, direct, "guide")

        def missing(channel: str) -> list[int]:
            text = "\n".join(each.plain for each in of_coach(slack, REP, channel))
            return [number for number in range(200) if f"Claim number {number} is always true" not in text]

        await slack.until(lambda: not missing(CHANNEL) and not missing(direct))


async def test_a_home_tab_that_slack_does_not_take_breaks_nothing_else(
    coached: Served, caplog: pytest.LogCaptureFixture
) -> None:
    slack = coached.slack
    slack.fail("views.publish", error="invalid_arguments")
    with caplog.at_level(logging.WARNING):
        await slack.open_home(REP)
        await slack.until(lambda: any(call.method == "views.publish" for call in slack.calls))
        await slack.settled()
        assert await home_of(slack, REP)
    assert "App Home could not be shown: Slack refused views.publish" in caplog.text
