"""Teams: whether a token can be had, the keys that requests are signed with, the login's clock."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import requests

from bot.channels.teams.cloud import CLOUDS, Cloud
from bot.channels.teams.keys import SigningKeys
from bot.channels.teams.login import LoginHttp
from bot.channels.teams.refusals import KeysAwayError, RefusedTokenError
from bot.channels.teams.tokens import MsalTokens, TokenError, of_machine, of_secret
from bot.doctor.clocks import clock_finding, seconds_ahead
from bot.doctor.finding import Finding, State
from bot.settings import Settings

SUBJECT = "teams"
SECONDS = 4.0
"""How long all requests to the login may take together."""

_AADSTS = re.compile(r"AADSTS\d{1,10}")
_MEND = "compare TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_APP_TENANT_ID with the app's registration in Azure"
_MENDS = {
    "AADSTS7000215": "TEAMS_APP_PASSWORD is wrong: it is the value of a client secret, not its id",
    "AADSTS7000222": "TEAMS_APP_PASSWORD has expired: make a new client secret in the app's registration",
    "AADSTS700016": "there is no such app in that tenant: see TEAMS_APP_ID, TEAMS_APP_TENANT_ID and TEAMS_APP_TYPE",
    "AADSTS7000229": "the app is not set up in that tenant: see TEAMS_APP_TENANT_ID and TEAMS_APP_TYPE",
    "AADSTS90002": "there is no such tenant: see TEAMS_APP_TENANT_ID and TEAMS_CLOUD",
    "AADSTS900023": "there is no such tenant: see TEAMS_APP_TENANT_ID and TEAMS_CLOUD",
    "AADSTS900382": "the app is of another cloud: see TEAMS_CLOUD",
    "AADSTS90038": "the tenant is of another cloud: see TEAMS_CLOUD",
}
"""By Microsoft's codes (https://learn.microsoft.com/entra/identity-platform/reference-error-codes)."""


class DatedHttp:
    """Sends requests to the login within one deadline, and keeps what clock its last answer had, and when that came.

    `http` is a `requests.Session` or what passes for one.
    """

    def __init__(self, http: LoginHttp, *, now: Callable[[], float], seconds: float) -> None:
        self._http = http
        self._now = now
        self._ends = time.monotonic() + seconds
        self.date: str | None = None
        self.at = 0.0

    def get(self, url: str, **asked: Any) -> Any:  # noqa: ANN401 - as MSAL has it
        """Gets what is at an address."""
        return self._dated(self._http.get, url, asked)

    def post(self, url: str, **asked: Any) -> Any:  # noqa: ANN401
        """Posts a form to an address."""
        return self._dated(self._http.post, url, asked)

    def close(self) -> None:
        """Lets go of connections."""
        self._http.close()

    def _dated(self, send: Any, url: str, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401
        left = max(0.1, self._ends - time.monotonic())
        answer = send(url, **{**asked, "timeout": left})
        self.date, self.at = answer.headers.get("Date"), self._now()
        return answer


async def check(
    settings: Settings,
    *,
    cloud: Cloud | None = None,
    http: LoginHttp | None = None,
    now: Callable[[], float] = time.time,
    seconds: float = SECONDS,
) -> Sequence[Finding]:
    """Tries to get a token, and the keys.

    Args:
        settings: those of Teams are whole.
        cloud: another than theirs.
        http: what sends requests to the login.
        now: seconds since 1970.
        seconds: how long all of it may take.
    """
    cloud = cloud or CLOUDS[settings.teams_cloud]
    dated = DatedHttp(http or cast(LoginHttp, requests.Session()), now=now, seconds=seconds)
    tokens = _tokens(settings, cloud, dated)
    try:
        token, keys = await asyncio.gather(_token(tokens, settings), _keys(cloud, seconds))
    finally:
        tokens.close()
    # A machine's own identity comes from the machine: its clock says nothing.
    by_machine = settings.teams_app_type == "UserAssignedMSI"
    clocks = [] if by_machine or not dated.at else [clock_finding(SUBJECT, "Microsoft's login", _ahead(dated))]
    return [_where(settings), token, keys, *clocks]


def _ahead(dated: DatedHttp) -> float | None:
    return seconds_ahead(dated.date, dated.at)


def check_local(*, is_loopback: bool) -> Sequence[Finding]:
    """Says what the local mode is; `is_loopback` that the page is served to this machine alone."""
    says = "TEAMS_LOCAL IS ON: /api/messages takes unsigned requests of this machine, for the Agents Playground alone"
    if is_loopback:
        return [Finding(SUBJECT, State.UNSURE, says, "unset it wherever others can reach the coach")]
    mend = "unset TEAMS_LOCAL: through a proxy on this machine everybody would pass for this machine"
    return [Finding(SUBJECT, State.PROBLEM, f"{says}; and COACH_HOST lets other machines in", mend)]


def _tokens(settings: Settings, cloud: Cloud, http: LoginHttp) -> MsalTokens:
    """As the channel gets them."""
    app = settings.teams_app_id or ""
    if settings.teams_app_type == "UserAssignedMSI":
        return of_machine(app, cloud, http_client=http)
    tenant = "" if settings.teams_app_type == "MultiTenant" else settings.teams_app_tenant_id
    password = settings.teams_app_password.get_secret_value() if settings.teams_app_password else ""
    return of_secret(app, password, tenant or cloud.shared_tenant, cloud, http_client=http)


def _where(settings: Settings) -> Finding:
    kind, tenant = settings.teams_app_type, settings.teams_app_tenant_id
    whose = "people of any tenant" if kind == "MultiTenant" or not tenant else f"people of the tenant {tenant[:8]}-…"
    return _ok(f"TEAMS_APP_ID is set, cloud {settings.teams_cloud}, {kind}: {whose} are answered at POST /api/messages")


async def _token(tokens: MsalTokens, settings: Settings) -> Finding:
    try:
        await tokens.token()
    except TokenError as error:
        if error.passes:
            mend = "see that this machine reaches Microsoft's login of TEAMS_CLOUD; the coach tries again by itself"
            if settings.teams_app_type == "UserAssignedMSI":
                mend = "UserAssignedMSI works on a machine in Azure alone, with the identity assigned to it"
            return _problem("no token for now: the login cannot be reached, or fails itself", mend)
        code = _AADSTS.search(str(error))
        says = f"Microsoft refuses the app ({code[0]})" if code else "Microsoft refuses the app"
        return _problem(says, _MENDS.get(code[0], _MEND) if code else _MEND)
    return _ok("Microsoft gives a token for the app")


async def _keys(cloud: Cloud, seconds: float) -> Finding:
    try:
        await SigningKeys(cloud.metadata_url, seconds=seconds).get("")
    except KeysAwayError:
        mend = "see that this machine reaches login.botframework.com, in government clouds login.botframework.azure.us"
        return _problem("the keys that Teams signs with cannot be had, so its requests are refused", mend)
    except RefusedTokenError:  # there are keys, and none has an empty name
        pass
    return _ok("the keys that Teams signs with can be had")


def _ok(says: str) -> Finding:
    return Finding(SUBJECT, State.OK, says)


def _problem(says: str, mend: str) -> Finding:
    return Finding(SUBJECT, State.PROBLEM, says, mend)
