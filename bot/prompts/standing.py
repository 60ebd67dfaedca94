"""How things stand: what the trail folds to. Pure; a snapshot of it spares reading the trail from its start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from bot.core.prompts import Effort, WentLive
from bot.prompts.entries import (
    Denied,
    Entry,
    Evaluated,
    Move,
    Published,
    TrialEnded,
    TrialStarted,
)
from bot.prompts.telling import told

FOLD = 1
"""Counts changes of what the trail folds to: a snapshot of another fold is not used."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A version's newest evaluation."""

    engine: str
    basis: str
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of a version without its text, which stands in the trail at `position`."""

    number: int
    position: int
    digest: str
    at: datetime
    by: str
    note: str
    model: str
    max_tokens: int
    effort: Effort
    file: str | None
    evaluation: Evaluation | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A version that serves `share` percent of the people. `position` is where in the trail it began, and names it.

    A trial whose share is changed goes on under the name it began with.
    """

    version: int
    share: int
    position: int


@dataclass(frozen=True, slots=True)
class LastMove:
    """The newest move: where it stands in the trail, who made it, when, and what it was."""

    position: int
    by: str
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The versions, which one is live and since when, which was live before it, and the trial under way.

    `length` is the number of entries that it was folded from, and `tip` the id of the last of them, by which another
    trail is told from one that went on.
    """

    length: int = 0
    tip: str = ""
    versions: Mapping[int, Version] = field(default_factory=dict)
    live: int | None = None
    previous: int | None = None
    went_live: WentLive | None = None
    trial: Trial | None = None
    last_move: LastMove | None = None
    fold: int = FOLD

    def from_file(self, name: str) -> Version | None:
        """The version that was published from the file `name` at a start."""
        return next((version for version in self.versions.values() if version.file == name), None)


def fold(standing: Standing, entries: Iterable[Entry]) -> Standing:
    """Gives how things stand after `entries`, which follow those that `standing` was folded from."""
    versions = dict(standing.versions)
    folding = replace(standing, versions=versions)
    for entry in entries:
        position = folding.length + 1
        match entry:
            case Published():
                versions[entry.version] = _version(entry, position)
            case Evaluated():
                versions[entry.version] = replace(versions[entry.version], evaluation=_evaluation(entry))
            case Denied():
                pass
            case _:
                folding = _moved(folding, entry, position)
        folding = replace(folding, length=position, tip=entry.stamp.id)
    return folding


def _moved(standing: Standing, entry: Move, position: int) -> Standing:
    last_move = LastMove(position=position, by=entry.stamp.by, at=entry.stamp.at, what=told(entry))
    match entry:
        case TrialStarted():
            ongoing = standing.trial if standing.trial and standing.trial.version == entry.version else None
            trial = Trial(entry.version, entry.share, ongoing.position if ongoing else position)
            return replace(standing, trial=trial, last_move=last_move)
        case TrialEnded():
            return replace(standing, trial=None, last_move=last_move)
        case _:
            return replace(
                standing,
                live=entry.version,
                previous=entry.replaces,
                went_live=WentLive(at=entry.stamp.at, by=entry.stamp.by),
                trial=None,
                last_move=last_move,
            )


def _version(entry: Published, position: int) -> Version:
    return Version(
        number=entry.version,
        position=position,
        digest=entry.digest,
        at=entry.stamp.at,
        by=entry.stamp.by,
        note=entry.stamp.note,
        model=entry.model,
        max_tokens=entry.max_tokens,
        effort=entry.effort,
        file=entry.file,
    )


def _evaluation(entry: Evaluated) -> Evaluation:
    return Evaluation(entry.engine, entry.basis, entry.passed, entry.failed, entry.stamp.at)


_STANDING: TypeAdapter[Standing] = TypeAdapter(Standing)


def write_standing(standing: Standing) -> str:
    """Gives the standing as JSON, for a snapshot."""
    return _STANDING.dump_json(standing).decode()


def read_standing(body: str) -> Standing | None:
    """Reads a snapshot; None when it is of another fold, from which the trail is read anew."""
    try:
        standing = _STANDING.validate_json(body)
    except ValidationError:
        return None
    return standing if standing.fold == FOLD else None
