"""Where moves of versions are announced."""

from collections.abc import Sequence

from bot.doctor.finding import Finding, State
from bot.settings import Settings

SUBJECT = "announcements"


def check(settings: Settings, *, left_out: bool = False) -> Sequence[Finding]:
    """Says on which platform; `left_out` that COACH_ADMIN_CHANNEL is not used for a fault of the settings."""
    if left_out:
        says = "COACH_ADMIN_CHANNEL is set and of no use"
        return [Finding(SUBJECT, State.PROBLEM, says, "see the settings above: it, or its platform, is not right")]
    if settings.coach_admin_channel is None:
        return [Finding(SUBJECT, State.OFF, "no COACH_ADMIN_CHANNEL: moves of versions are announced nowhere")]
    platform = settings.coach_admin_channel.partition(":")[0].capitalize()
    says = f"moves of versions are announced in {platform}, in a channel that the coach must be a member of"
    return [Finding(SUBJECT, State.OK, says)]
