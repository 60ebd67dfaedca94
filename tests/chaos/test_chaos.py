"""Everything that breaks, for a few seconds each; longer: `make chaos`."""

import os
import sys
from pathlib import Path

import pytest

from tests.chaos.ground import Scenario, endured
from tests.chaos.harms import SCENARIOS

SECONDS = float(os.environ.get("COACH_CHAOS_SECONDS", "2.5"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: str(scenario.name))
async def test_nothing_acknowledged_is_lost_and_nothing_is_answered_twice(scenario: Scenario, tmp_path: Path) -> None:
    if scenario.store == "disk" and os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("a small disk is mounted, which takes root")
    figures = await endured(scenario, tmp_path, SECONDS)
    sys.stdout.write(f"\n{figures}\n")
    assert figures.harms > 0
    assert figures.messages > 0
