"""The entries of the trail, as they are written to the log: what happened, who did it, when and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.core.prompts import Effort

STREAM = "prompts"
"""The log's stream that holds the trail."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who did it, when and why. `id` makes every entry different from every other."""

    id: str
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A version was published. `source` is its whole file, `file` the name of the file it came from at a start."""

    kind: Literal["published"] = "published"
    stamp: Stamp
    version: int
    source: str
    digest: str
    model: str
    max_tokens: int
    effort: Effort
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """A version became the live one in place of `replaces`; a trial under way ended with it."""

    kind: Literal["activated"] = "activated"
    stamp: Stamp
    version: int
    replaces: int | None
    forced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialStarted:
    """A version began to serve `share` percent of the people beside the live one, in place of any other trial."""

    kind: Literal["trial started"] = "trial started"
    stamp: Stamp
    version: int
    share: int
    live: int
    forced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEnded:
    """The live version serves everybody again."""

    kind: Literal["trial ended"] = "trial ended"
    stamp: Stamp
    version: int
    live: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """The version live before, or a named one, became live in place of `replaces`; a trial under way ended with it."""

    kind: Literal["rolled back"] = "rolled back"
    stamp: Stamp
    version: int
    replaces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """The evaluation cases were put to a version. `basis` is a digest of the lessons and cases they were made of."""

    kind: Literal["evaluated"] = "evaluated"
    stamp: Stamp
    version: int
    engine: str
    basis: str
    passed: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """Somebody who is no admin tried something."""

    kind: Literal["denied"] = "denied"
    stamp: Stamp
    tried: str


Entry = Published | Activated | TrialStarted | TrialEnded | RolledBack | Evaluated | Denied
Move = Activated | TrialStarted | TrialEnded | RolledBack
"""Entries that change which version serves whom."""

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


def write_entry(entry: Entry) -> str:
    """Gives an entry as one line of JSON."""
    return _ENTRY.dump_json(entry).decode()


def read_entry(line: str) -> Entry:
    """Reads what `write_entry` gave.

    Raises:
        ValueError: it is no entry of this schema.
    """
    return _ENTRY.validate_json(line)
