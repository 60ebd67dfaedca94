"""What one process counts of a chat platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field

AWAY, LIMITED, REFUSED = "away", "limited", "refused"
"""Why a call to a platform failed: it cannot be reached or failed itself, wants to be asked later, or said no."""


@dataclass(frozen=True, slots=True)
class PlatformMeasures:
    """What this process has counted of one chat platform since it started.

    `taken` is by what messages are meant as, `refused` and `passed_over` by the reason; `duplicates` were taken before.
    `failed` are calls to the platform, by the reason.
    """

    platform: str
    is_connected: bool
    taken: Mapping[str, int]
    duplicates: int
    refused: Mapping[str, int]
    passed_over: Mapping[str, int]
    failed: Mapping[str, int] = field(default_factory=dict)
