"""What the log has of the decisions of writers, and what they come to."""

import json
from collections.abc import Mapping
from typing import Any

from bot.app import App
from bot.core.choices import Choice
from bot.core.decisions import DECISIONS, Feedback, read_decision

TOMORROW, BREAKS = "We can move you tomorrow.", "Nothing ever breaks."
DRAFT = f"Hi Dana,\n\n{TOMORROW} {BREAKS}\n\nBest\n"


async def learnt(app: App) -> list[Mapping[str, Any]]:
    """Every entry, the oldest first."""
    return [json.loads(entry) for entry in await app.store.log.read(DECISIONS, limit=1_000)]


async def counted(app: App, row: int) -> dict[Choice, int]:
    """How often each choice was the last about a finding of the guide's `row`, as `coach knowledge feedback` has it."""
    feedback = Feedback()
    for entry in await app.store.log.read(DECISIONS, limit=1_000):
        decision = read_decision(entry)
        assert decision
        feedback.add(decision)
    return next(({**each.counts} for each in feedback.rows() if each.row == row), {})
