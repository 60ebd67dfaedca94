"""How far this machine's clock is from another's."""

from email.utils import parsedate_to_datetime

from bot.doctor.finding import Finding, State

MOST_SECONDS = 60.0
"""A larger difference is a problem: a signature, and a new token, holds for five minutes, and clocks drift on."""
_SAME = 2.0
"""What a whole second in a header and the way here come to."""


def seconds_ahead(date: str | None, now: float) -> float | None:
    """How many seconds `now` is ahead of a `Date` header (RFC 9110); None where there is none that can be read."""
    try:
        return now - parsedate_to_datetime(date or "").timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def clock_finding(subject: str, whose: str, ahead: float | None) -> Finding:
    """Says how this machine's clock stands to that of `whose`."""
    if ahead is None:
        return Finding(subject, State.UNSURE, f"{whose} does not tell the time, so the clocks cannot be compared")
    if abs(ahead) < _SAME:
        return Finding(subject, State.OK, f"this machine's clock agrees with that of {whose}")
    says = f"this machine's clock is {abs(ahead):,.0f} s {'ahead of' if ahead > 0 else 'behind'} that of {whose}"
    if abs(ahead) <= MOST_SECONDS:
        return Finding(subject, State.OK, says)
    return Finding(
        subject, State.PROBLEM, says, "set the clock of this machine, best by NTP: `timedatectl set-ntp true`"
    )
