"""Slack as the doctor sees it: the loopback Slack, well and in every way wrong."""

import time
from collections.abc import Mapping, Sequence

import pytest

from bot.channels.slack.manifest import SCOPES
from bot.doctor import slack as doctored
from bot.doctor.finding import Finding, State
from bot.settings import Settings
from tests.doctor.saying import only, told, worst
from tests.slack.loopback.server import Slack
from tests.slack.loopback.state import Settings as SlackSettings
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN
from tests.stores.redis_server import free_port

SIGNING_SECRET = "0123456789abcdef" * 2
SOCKET, HTTP = {"slack_app_token": APP_TOKEN}, {"slack_signing_secret": SIGNING_SECRET}


async def looked(slack: Slack | str, more: Mapping[str, str], ahead: float = 0.0) -> Sequence[Finding]:
    """What the doctor tells with these settings, its clock being ahead."""
    url = slack if isinstance(slack, str) else slack.api_url
    settings = Settings.model_validate({"slack_bot_token": BOT_TOKEN, "slack_api_url": url, **more})
    return await doctored.check(settings, now=lambda: time.time() + ahead)


async def test_over_a_socket_both_tokens_are_tried_and_no_socket_is_opened(slack: Slack) -> None:
    assert told(await looked(slack, SOCKET)) == [
        (State.OK, "SLACK_BOT_TOKEN is taken"),
        (State.OK, f"the app has all {len(SCOPES)} scopes that it needs, and 1 more"),
        (State.OK, "this machine's clock agrees with that of Slack"),
        (State.OK, "SLACK_APP_TOKEN is taken: requests come over a socket (Socket Mode)"),
    ]
    assert [call.method for call in slack.calls] == ["auth.test", "apps.connections.open"]
    assert slack.sockets == 0


async def test_over_http_the_address_to_give_slack_is_told(slack: Slack) -> None:
    findings = await looked(slack, HTTP)
    assert not worst(findings)
    assert findings[-1].says.startswith("SLACK_SIGNING_SECRET is set: requests come to POST /slack/events")
    assert "coach manifest slack --http" in findings[-1].says
    assert [call.method for call in slack.calls] == ["auth.test"]


async def test_a_secret_that_does_not_look_like_slacks_and_one_that_is_not_used_are_worth_a_look(slack: Slack) -> None:
    odd = (await looked(slack, {"slack_signing_secret": "shhh"}))[-1]
    assert (odd.state, "Basic Information" in odd.mend) == (State.UNSURE, True)
    both = (await looked(slack, HTTP | SOCKET))[-1]
    assert both.state is State.UNSURE
    assert "/slack/events is not served" in both.says


async def test_scopes_that_are_missing_are_named_with_how_to_get_them() -> None:
    few = frozenset(SCOPES) - {"files:read", "im:write"}
    async with Slack(settings=SlackSettings(scopes=few)) as slack:
        problem = only(await looked(slack, SOCKET))
    assert problem.says == "the app lacks scopes: files:read, im:write"
    assert "coach manifest slack" in problem.mend


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (SOCKET | {"slack_bot_token": "xoxb-other"}, "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
        (SOCKET | {"slack_bot_token": APP_TOKEN}, "Slack refuses SLACK_BOT_TOKEN (not_allowed_token_type)"),
        ({"slack_app_token": "xapp-other"}, "Slack refuses SLACK_APP_TOKEN (invalid_auth)"),
        ({"slack_app_token": BOT_TOKEN}, "Slack refuses SLACK_APP_TOKEN (not_allowed_token_type)"),
    ],
)
async def test_a_token_that_is_refused_is_told_with_slacks_code(
    slack: Slack, more: Mapping[str, str], says: str
) -> None:
    problem = only(await looked(slack, more))
    assert problem.says == says
    assert problem.mend


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_a_slack_that_is_away_or_asks_for_patience_is_no_fault_of_a_token(slack: Slack, method: str) -> None:
    setting = "SLACK_BOT_TOKEN" if method == "auth.test" else "SLACK_APP_TOKEN"
    for fault in ({"status": 503}, {"error": "internal_error"}, {"drop": True}):
        slack.fail(method, **fault)
        problem = only(await looked(slack, SOCKET))
        assert f"{setting} was not tried" in problem.says
    slack.fail(method, retry_after=30)
    findings = await looked(slack, SOCKET)
    assert not worst(findings)
    assert (State.UNSURE, f"{setting} could not be tried: Slack asks to come again later") in told(findings)


async def test_nobody_at_the_address_is_told() -> None:
    findings = await looked(f"http://127.0.0.1:{free_port()}/api/", SOCKET)
    assert [finding.says for finding in findings] == [
        "Slack cannot be reached, so SLACK_BOT_TOKEN was not tried",
        "Slack cannot be reached, so SLACK_APP_TOKEN was not tried",
    ]


@pytest.mark.parametrize(("ahead", "is_wrong"), [(-50.0, False), (50.0, False), (70.0, True), (-70.0, True)])
async def test_a_clock_that_is_off_is_told_before_signatures_fail(slack: Slack, ahead: float, is_wrong: bool) -> None:
    problems = worst(await looked(slack, HTTP, ahead))
    assert [problem.mend.startswith("set the clock") for problem in problems] == [True] * is_wrong


async def test_admins_of_another_workspace_are_counted(slack: Slack) -> None:
    findings = await looked(slack, SOCKET | {"coach_admins": "slack:T1/U1,slack:T2/UDANA,local,teams:t/o"})
    (strangers,) = [finding for finding in findings if "COACH_ADMINS" in finding.says]
    assert strangers.state is State.UNSURE
    assert strangers.says == "1 of the 2 of COACH_ADMINS in Slack are of another workspace than the token"
