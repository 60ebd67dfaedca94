"""Times in words."""

from datetime import UTC, datetime


def age(at: datetime, now: datetime) -> str:
    """How long ago `at` was: "now", "5 min", "3 h", "12 d"."""
    minutes = int((now - at).total_seconds()) // 60
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60):,} d"


def ago(at: datetime, now: datetime) -> str:
    """The same in a sentence: "just now", "3 h ago"."""
    shown = age(at, now)
    return "just now" if shown == "now" else f"{shown} ago"


def utc(at: datetime) -> str:
    """The time to the minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
