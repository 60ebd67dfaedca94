"""Who may see and move versions of the system prompt: how many, never who."""

from collections.abc import Sequence

from bot.channels.terminal.layout import counted
from bot.channels.web.trust import is_loopback
from bot.core.messages import LOCAL
from bot.doctor.finding import Finding, State
from bot.settings import Settings

SUBJECT = "admins"
MEND = "name somebody in COACH_ADMINS: slack:TEAM/USER, teams:TENANT/OBJECT or local"


def check(settings: Settings, *, left_out: bool = False) -> Sequence[Finding]:
    """Says how many there are on platforms that are on; `left_out` that COACH_ADMINS could not be read."""
    if left_out:
        return [Finding(SUBJECT, State.UNSURE, "not known: COACH_ADMINS cannot be read", "see the settings above")]
    named = settings.coach_admins
    if not named:
        return [Finding(SUBJECT, State.PROBLEM, "nobody may move versions: COACH_ADMINS names nobody", MEND)]
    is_on = {
        "slack": settings.slack_bot_token is not None,
        "teams": bool(settings.teams_app_id or settings.teams_local),
    }
    people = [name.partition(":")[0] for name in named if name != LOCAL]
    reachable = [platform for platform in people if is_on.get(platform)]
    findings: list[Finding] = []
    if reachable:
        by_platform = ", ".join(
            f"{reachable.count(name):,} in {name.capitalize()}" for name in is_on if name in reachable
        )
        findings.append(Finding(SUBJECT, State.OK, f"{counted(len(reachable), 'admin')}: {by_platform}"))
    for platform in [name for name in is_on if name in people and not is_on[name]]:
        says = f"{people.count(platform):,} in {platform.capitalize()}, which is off: nobody for now"
        mend = f"set up {platform.capitalize()}, or take them out of COACH_ADMINS"
        findings.append(Finding(SUBJECT, State.UNSURE if reachable or LOCAL in named else State.PROBLEM, says, mend))
    if LOCAL in named:
        findings.append(_local(settings, alone=not reachable))
    return findings


def _local(settings: Settings, *, alone: bool) -> Finding:
    if is_loopback(settings.coach_host) and not settings.coach_web_token:
        return Finding(SUBJECT, State.OK, "`local`: whoever uses the command line or the page on this machine")
    says = "`local` is nobody on the page, which asks for a token: it is the command line alone"
    if not alone:
        return Finding(SUBJECT, State.OK, says)
    return Finding(SUBJECT, State.UNSURE, says, "name somebody in COACH_ADMINS who may move versions from chat")
