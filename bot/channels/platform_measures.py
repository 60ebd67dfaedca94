"""What one process counts of a chat platform."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlatformMeasures:
    """What this process has counted of one chat platform since it started.

    `taken` is by what messages are meant as, `refused` and `passed_over` by the reason; `duplicates` were taken before.
    """

    platform: str
    is_connected: bool
    taken: Mapping[str, int]
    duplicates: int
    refused: Mapping[str, int]
    passed_over: Mapping[str, int]
