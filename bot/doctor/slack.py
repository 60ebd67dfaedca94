"""Slack: its tokens, what they may do, how its requests come in, its clock."""

import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import aiohttp

from bot.channels.slack.api import SlackApi, SlackAwayError, SlackRefusedError
from bot.channels.slack.manifest import EVENTS_PATH, SCOPES
from bot.doctor.clocks import clock_finding, seconds_ahead
from bot.doctor.finding import Finding, State
from bot.settings import Settings

SUBJECT = "slack"
SCOPES_HEADER = "x-oauth-scopes"

_BOT_TOKEN = "copy the Bot User OAuth Token, xoxb-…, from the app's Install App page into SLACK_BOT_TOKEN"  # noqa: S105
_APP_TOKEN = "make an app-level token, xapp-…, with connections:write and turn Socket Mode on: README, In Slack"  # noqa: S105
_REACH = "see that this machine reaches SLACK_API_URL, else slack.com"
_CODES = frozenset(
    "access_denied account_inactive app_missing_action_url ekm_access_denied enterprise_is_restricted invalid_auth "
    "missing_scope no_permission not_allowed_token_type not_authed org_login_required team_access_not_granted "
    "token_expired token_revoked two_factor_setup_required".split()
)
"""Why Slack refuses a token, in its own words; others are not repeated."""
_SECRET = re.compile(r"[0-9a-f]{32}")
_AILING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


async def check(settings: Settings, *, now: Callable[[], float] = time.time) -> Sequence[Finding]:
    """Tries the tokens. `now` is seconds since 1970."""
    assert settings.slack_bot_token  # noqa: S101 - who has none is not looked at
    api = SlackApi(settings.slack_bot_token.get_secret_value(), url=settings.slack_api_url)
    await api.open()
    try:
        findings = [each async for each in _bot_token(api, settings, now)]
        if settings.slack_app_token:
            findings.append(await _app_token(api, settings.slack_app_token.get_secret_value()))
    finally:
        await api.close()
    return [*findings, *_signed(settings)]


async def _bot_token(api: SlackApi, settings: Settings, now: Callable[[], float]) -> AsyncIterator[Finding]:
    try:
        async with api.session.post(
            f"{api.url}auth.test", headers={"Authorization": f"Bearer {api.token}"}, allow_redirects=False
        ) as response:
            date, scopes, status = response.headers.get("Date"), response.headers.get(SCOPES_HEADER), response.status
            at = now()
            said = await _object(response)
    except (aiohttp.ClientError, OSError):
        yield _problem("Slack cannot be reached, so SLACK_BOT_TOKEN was not tried", _REACH)
        return
    if said.get("ok") is True:
        yield _ok("SLACK_BOT_TOKEN is taken")
        yield _scopes(scopes)
        for finding in _admins(settings, said.get("team_id")):
            yield finding
    else:
        yield _refused("SLACK_BOT_TOKEN", status, said.get("error"), _BOT_TOKEN)
    yield clock_finding(SUBJECT, "Slack", seconds_ahead(date, at))


async def _object(response: aiohttp.ClientResponse) -> Mapping[str, Any]:
    """What was answered, empty for what is no JSON object."""
    try:
        body = await response.json(content_type=None)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _scopes(granted: str | None) -> Finding:
    if granted is None:
        return Finding(SUBJECT, State.UNSURE, "Slack does not tell what the app may do, so its scopes are not checked")
    has = {scope.strip() for scope in granted.split(",")}
    missing = [scope for scope in SCOPES if scope not in has]
    if missing:
        mend = "paste `coach manifest slack` into the app's App Manifest page, then install the app anew"
        return _problem(f"the app lacks scopes: {', '.join(missing)}", mend)
    more = len(has - set(SCOPES))
    return _ok(f"the app has all {len(SCOPES)} scopes that it needs" + (f", and {more} more" if more else ""))


def _admins(settings: Settings, team: object) -> Sequence[Finding]:
    """Admins of other workspaces: nobody, in the one that the token is of."""
    named = [
        name.removeprefix("slack:").partition("/")[0] for name in settings.coach_admins if name.startswith("slack:")
    ]
    others = sum(each != team for each in named)
    if not others:
        return []
    says = f"{others:,} of the {len(named):,} of COACH_ADMINS in Slack are of another workspace than the token"
    return [
        Finding(SUBJECT, State.UNSURE, says, "in slack:TEAM/USER, TEAM is the workspace's id, T…: README, In Slack")
    ]


async def _app_token(api: SlackApi, token: str) -> Finding:
    """Asks for an address to open a socket at, and does not open one: Slack would share events out to it."""
    try:
        await api.socket_address(token)
    except SlackRefusedError as error:
        status = 429 if error.retry_after is not None else 200
        return _refused("SLACK_APP_TOKEN", status, error.code, _APP_TOKEN)
    except SlackAwayError:
        return _problem("Slack cannot be reached, so SLACK_APP_TOKEN was not tried", _REACH)
    return _ok("SLACK_APP_TOKEN is taken: requests come over a socket (Socket Mode)")


def _signed(settings: Settings) -> Sequence[Finding]:
    """How requests come in where Slack calls the coach."""
    if settings.slack_signing_secret is None:
        return []
    if settings.slack_app_token:
        says = f"SLACK_SIGNING_SECRET is set too and not used: the socket is, and POST {EVENTS_PATH} is not served"
        return [Finding(SUBJECT, State.UNSURE, says, "unset one of the two")]
    says = f"SLACK_SIGNING_SECRET is set: requests come to POST {EVENTS_PATH}"
    if not _SECRET.fullmatch(settings.slack_signing_secret.get_secret_value()):
        mend = "compare it with Signing Secret on the app's Basic Information page: requests signed otherwise get 401"
        return [Finding(SUBJECT, State.UNSURE, f"{says}; it does not look as Slack's do", mend)]
    told = f"the address to give Slack is the coach's public https address and {EVENTS_PATH} at its end"
    return [_ok(f"{says}; {told}: `coach manifest slack --http https://…`")]


def _refused(setting: str, status: int, code: object, mend: str) -> Finding:
    if status == 429 or code == "ratelimited":
        says = f"{setting} could not be tried: Slack asks to come again later"
        return Finding(SUBJECT, State.UNSURE, says, "try again in a minute")
    if status >= 500 or code in _AILING or not isinstance(code, str):
        return _problem(f"what answers fails, or is no Slack: {setting} was not tried", _REACH)
    return _problem(f"Slack refuses {setting}" + (f" ({code})" if code in _CODES else ""), mend)


def _ok(says: str) -> Finding:
    return Finding(SUBJECT, State.OK, says)


def _problem(says: str, mend: str) -> Finding:
    return Finding(SUBJECT, State.PROBLEM, says, mend)
