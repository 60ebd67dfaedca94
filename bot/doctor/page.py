"""The page: whom it is served to."""

from collections.abc import Sequence

from bot.channels.web.trust import is_loopback
from bot.doctor.finding import Finding, State
from bot.settings import Settings

SUBJECT = "page"


def check(settings: Settings) -> Sequence[Finding]:
    """Says whether it may be served where the settings have it."""
    token = settings.coach_web_token.get_secret_value().strip() if settings.coach_web_token else ""
    if is_loopback(settings.coach_host):
        who = "to whoever signs in with COACH_WEB_TOKEN" if token else "to this machine alone"
        return [Finding(SUBJECT, State.OK, f"served on loopback, {who}")]
    if token:
        says = "served off loopback, to whoever signs in with COACH_WEB_TOKEN"
        return [Finding(SUBJECT, State.OK, says)]
    says = "COACH_HOST is not this machine alone, and there is no COACH_WEB_TOKEN: it is not served"
    return [Finding(SUBJECT, State.PROBLEM, says, "set COACH_WEB_TOKEN, or leave COACH_HOST at 127.0.0.1")]
