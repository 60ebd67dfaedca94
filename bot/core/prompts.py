"""Versions of the system prompt as values: what an engine is given of one, and what admins are shown."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

Effort = Literal["low", "medium", "high", "xhigh", "max"]
"""How much a model may think; the values of `output_config.effort`."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of the system prompt. `text` is its Markdown sections, `max_tokens` bounds a reply."""

    version: int
    text: str = field(repr=False)
    model: str
    max_tokens: int
    effort: Effort


@dataclass(frozen=True, slots=True)
class Serving:
    """The version that serves one message.

    `stale` says that the store is away and this is the last version known to be live. `trial` is the position of the
    trail at which the trial under way began, None when there is none.
    """

    prompt: Prompt
    stale: bool = False
    trial: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that one reply took; what is read from or written to the provider's cache is not in `input_tokens`."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0


NO_TOKENS = Usage()


@dataclass(frozen=True, slots=True)
class Tally:
    """What one reply adds to its version's figures.

    `guarded` says that the guard refused what the model wrote, `fell_back` that another engine answered in its place.
    """

    latency_ms: float
    model: str | None = None
    usage: Usage = NO_TOKENS
    guarded: bool = False
    fell_back: bool = False


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """What a version's replies took of one model; `dollars` is None where no price is set for it."""

    model: str
    usage: Usage
    dollars: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a version did. `cost` is dollars for a thousand replies, None where no price is set for its model.

    `latency_ms` are upper bounds of the median and of the 95th percentile of its replies; None without replies.
    """

    replies: int = 0
    up: int = 0
    down: int = 0
    guarded: int = 0
    fell_back: int = 0
    usage: Usage = NO_TOKENS
    cost: float | None = None
    latency_ms: tuple[int, int] | None = None
    by_model: tuple[ModelFigures, ...] = ()

    @property
    def from_cache(self) -> float | None:
        """The share, 0 to 1, of the tokens sent to a model that its provider read from its cache; None without any."""
        read = self.usage.cache_read_tokens
        sent = self.usage.input_tokens + read + self.usage.cache_write_tokens
        return read / sent if sent else None


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The newest evaluation of a version: how many cases passed, which failed, by which engine, when."""

    passed: int
    failed: tuple[str, ...]
    engine: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WentLive:
    """Since when a version is live, and who made it so."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version as admins see it.

    `live` is set for the live one; `share` is the percentage of people that a trial gives it to. `at`, `by` and `note`
    are of its publication.
    """

    number: int
    live: WentLive | None
    share: int | None
    at: datetime
    by: str
    note: str
    digest: str
    model: str
    effort: Effort
    max_tokens: int
    figures: Figures
    evaluated: Evaluated | None


@dataclass(frozen=True, slots=True)
class VersionList:
    """The reply to `prompts`: every version, the newest first. `now` is when it was made."""

    versions: tuple[VersionCard, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class VersionText:
    """The reply to `prompts show N`; `text` is the file as it was published."""

    card: VersionCard
    text: str
    now: datetime


class Change(StrEnum):
    """What a line of a comparison is; the value is the sign before it."""

    SAME = " "
    REMOVED = "-"
    ADDED = "+"
    GAP = "…"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One line. `marks` are the parts of `text` that differ from the line it replaces, as (start, end)."""

    change: Change
    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """The reply to `prompts diff A B`: what changes from version `old` to `new`; no lines when nothing does."""

    old: int
    new: int
    lines: tuple[ChangedLine, ...]


class Act(StrEnum):
    """What happened to the versions."""

    PUBLISHED = "published"
    ACTIVATED = "activated"
    TRIAL_STARTED = "trial started"
    TRIAL_ENDED = "trial ended"
    ROLLED_BACK = "rolled back"
    EVALUATED = "evaluated"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One entry of the trail. `replaces` is the version that was live before; `detail` says the rest in words."""

    position: int
    act: Act
    at: datetime
    by: str
    note: str
    version: int | None = None
    replaces: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Trail:
    """The reply to `prompts log`: entries, the newest first; `earlier` says that there are older ones."""

    entries: tuple[TrailEntry, ...]
    earlier: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """What an act would do, for a person to confirm: nothing has happened yet.

    `replaces` is the card of the version that would no longer be live (None for a trial and for the first version),
    `warnings` what to know before, a line each. `position` is the trail's end that this was made from.
    """

    act: Act
    version: VersionCard
    replaces: VersionCard | None
    share: int | None
    note: str
    diff: VersionDiff | None
    warnings: tuple[str, ...]
    position: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """An act that was done. `summary` says in a sentence what is so now; `entry` is None when it was so before."""

    entry: TrailEntry | None
    summary: str


PromptReply = VersionList | VersionText | VersionDiff | Trail | Proposed | Moved
