"""Admins, the page and announcements: what the settings alone say."""

from collections.abc import Mapping

import pytest

from bot.doctor import admins, announcements, page
from bot.doctor.finding import State
from bot.settings import Settings
from tests.doctor.saying import told

SLACK = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
OFF = {"coach_host": "0.0.0.0"}  # noqa: S104 - nothing listens there
TOKEN = {"coach_web_token": "t"}


def given(*several: Mapping[str, object]) -> Settings:
    return Settings.model_validate({name: value for each in several for name, value in each.items()})


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        (given(), State.OK),
        (given(TOKEN), State.OK),
        (given({"coach_host": "localhost"}), State.OK),
        (given(OFF), State.PROBLEM),
        (given(OFF, {"coach_web_token": " "}), State.PROBLEM),
        (given(OFF, TOKEN), State.OK),
        (given({"coach_host": "coach.example.com"}), State.PROBLEM),
    ],
)
def test_a_page_off_loopback_needs_a_token(settings: Settings, state: State) -> None:
    (finding,) = page.check(settings)
    assert finding.state is state
    assert bool(finding.mend) is (state is State.PROBLEM)


LOCAL = "`local`: whoever uses the command line or the page on this machine"
NOBODY = "`local` is nobody on the page, which asks for a token: it is the command line alone"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (given(), [(State.OK, LOCAL)]),
        (given(OFF, TOKEN), [(State.UNSURE, NOBODY)]),
        (given(TOKEN), [(State.UNSURE, NOBODY)]),
        (
            given({"coach_admins": " , "}),
            [(State.PROBLEM, "nobody may move versions: COACH_ADMINS names nobody")],
        ),
        (given(SLACK, {"coach_admins": "slack:T1/U1,slack:T1/U2"}), [(State.OK, "2 admins: 2 in Slack")]),
        (
            given(SLACK, OFF, TOKEN, {"coach_admins": "slack:T1/U1,local"}),
            [(State.OK, "1 admin: 1 in Slack"), (State.OK, NOBODY)],
        ),
        (
            given(SLACK, {"teams_local": True, "coach_admins": "slack:T1/U1,teams:t/o"}),
            [(State.OK, "2 admins: 1 in Slack, 1 in Teams")],
        ),
        (given({"coach_admins": "teams:t/o"}), [(State.PROBLEM, "1 in Teams, which is off: nobody for now")]),
        (
            given({"coach_admins": "slack:T1/U1,local"}),
            [(State.UNSURE, "1 in Slack, which is off: nobody for now"), (State.OK, LOCAL)],
        ),
    ],
)
def test_admins_are_counted_and_not_named(settings: Settings, expected: list[tuple[State, str]]) -> None:
    assert told(admins.check(settings)) == expected


def test_admins_that_cannot_be_read_are_not_said_to_be_local() -> None:
    assert [finding.state for finding in admins.check(given(), left_out=True)] == [State.UNSURE]


def test_announcements_are_off_on_or_of_no_use() -> None:
    assert [finding.state for finding in announcements.check(given())] == [State.OFF]
    (finding,) = announcements.check(given(SLACK, {"coach_admin_channel": "slack:C1"}))
    assert (finding.state, "in Slack" in finding.says, "C1" in finding.says) == (State.OK, True, False)
    assert [finding.state for finding in announcements.check(given(), left_out=True)] == [State.PROBLEM]
