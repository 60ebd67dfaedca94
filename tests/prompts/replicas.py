"""Replicas of the coach's versions on one log, and prompt files for them."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.state import Counters, Log
from bot.prompts.desk import VersionDesk
from bot.prompts.entries import STREAM, Entry, read_entry
from bot.prompts.history import SNAPSHOT_EVERY, History
from bot.prompts.prices import Prices
from bot.prompts.registry import PromptRegistry
from bot.prompts.serving import LiveVersions

ADMINS = frozenset({"ann", "bob"})
START = datetime(2026, 3, 1, 9, tzinfo=UTC)

_ids = itertools.count(1)


class Clock:
    """A time that only the test moves, in seconds."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Replica:
    history: History
    registry: PromptRegistry
    desk: VersionDesk
    live: LiveVersions


def replica(
    log: Log,
    counters: Counters,
    *,
    clock: Clock | None = None,
    prices: Prices | None = None,
    snapshot_every: int = SNAPSHOT_EVERY,
    new_id: Callable[[], str] = lambda: f"id-{next(_ids)}",
) -> Replica:
    clock = clock or Clock()
    history = History(log, snapshot_every=snapshot_every)
    registry = PromptRegistry(history, admins=ADMINS, now=clock.now, new_id=new_id)
    return Replica(
        history=history,
        registry=registry,
        desk=VersionDesk(history, registry, counters, prices=prices or {}, now=clock.now),
        live=LiveVersions(history, registry, counters, clock=clock),
    )


def prompt_file(rule: str = "Answer in one line.", *, model: str = "small-model", note: str = "the first words") -> str:
    return f"---\nmodel: {model}\nmax_tokens: 100\neffort: low\nnote: {note}\n---\n\n## Answering\n\n{rule}\n"


async def trail(log: Log) -> list[Entry]:
    return [read_entry(line) for line in await log.read(STREAM, limit=100_000)]
