"""The way in: what a chat platform sends is counted, whether it is let through or not."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from bot.channels.platform_measures import PlatformMeasures


class Doorway:
    """Counts what comes in. Why a request is not taken is the channel's own to name."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.duplicates = 0

    def measures(self, platform: str, *, is_connected: bool, failed: Mapping[str, int]) -> PlatformMeasures:
        """What was counted, for the platform of that name, with the calls to it that failed."""
        return PlatformMeasures(
            platform=platform,
            is_connected=is_connected,
            taken=self.taken,
            duplicates=self.duplicates,
            refused=self.refused,
            passed_over=self.passed_over,
            failed=failed,
        )

    def refuse(self, reason: StrEnum) -> None:
        """Counts a request that is not taken."""
        self.refused[reason.value] += 1
