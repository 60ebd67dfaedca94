"""What a trail may hold and what an act must come to, in plain words and without the program's own fold.

A trail is a list of entries as the log holds them. `after` refuses an entry that nobody could rightly have appended.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.admin_commands import ActivateVersion, MoveCommand, RollBack
from bot.prompts.standing import Standing
from tests.prompts.replicas import ADMINS

Written = Mapping[str, Any]
"""An entry of the trail, as JSON holds it."""


@dataclass(frozen=True)
class Publish:
    text: str
    good: bool = True


@dataclass(frozen=True)
class Evaluate:
    number: int
    engine: str
    basis: str
    failed: frozenset[str]


@dataclass(frozen=True)
class EndTrial:
    """`auto` ends the trial that began at `position`."""

    position: int


@dataclass(frozen=True)
class Start:
    """A replica starts with these files in its prompts folder."""

    files: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class Act:
    """`seen` is the position of the proposal that a person confirms, None for a move at once."""

    person: str
    what: Publish | MoveCommand | Evaluate | EndTrial | Start
    seen: int | None = None


CASES = ("a", "b", "c")
PROGRAM = {"start": ("published", "activated"), "auto": ("trial ended",)}
"""What the program may do by itself, by the names it does so under."""


@dataclass(frozen=True)
class Kept:
    """A version. `measured` is the engine and basis of its newest evaluation, `failed` what it failed then."""

    digest: str
    text: str
    by: str
    file: str | None
    position: int
    measured: tuple[str, str] | None = None
    failed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Trial:
    version: int
    share: int
    position: int


@dataclass(frozen=True)
class State:
    """How things stand after `length` entries. `moved` is where the last move stands and who made it."""

    length: int = 0
    versions: Mapping[int, Kept] = field(default_factory=dict)
    live: int | None = None
    previous: int | None = None
    trial: Trial | None = None
    moved: tuple[int, str] = (0, "")


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_held_back(state: State, number: int) -> bool:
    """Whether the gate is closed: the version fails a case that the live one passes."""
    ours, theirs = state.versions[number], state.versions.get(state.live or 0)
    if theirs is None or ours.measured is None or ours.measured != theirs.measured:
        return False
    return bool(ours.failed - theirs.failed)


def expected(state: State, act: Act) -> str:
    """The kind of the entry that `act` appends when it is decided on in `state`, or "unchanged", or "refused"."""
    what = act.what
    if isinstance(what, EndTrial):
        return "trial ended" if state.trial and state.trial.position == what.position else "unchanged"
    if act.person not in ADMINS:
        return "denied"
    if act.seen is not None and state.moved[0] > act.seen:
        return "refused"
    match what:
        case Publish():
            is_known = any(kept.text == what.text for kept in state.versions.values())
            return "published" if what.good and not is_known else "refused"
        case Evaluate():
            return "evaluated" if what.number in state.versions else "refused"
        case ActivateVersion():
            return _activation(state, what)
        case RollBack():
            return _rolling_back(state, what)
        case Start():
            raise ValueError("a start may append several entries")


def _activation(state: State, what: ActivateVersion) -> str:
    if what.number not in state.versions:
        return "refused"
    if what.share is None and what.number == state.live:
        return "trial ended" if state.trial else "unchanged"
    if what.share is not None:
        if not 1 <= what.share <= 99 or state.live is None or what.number == state.live:
            return "refused"
        if state.trial and (state.trial.version, state.trial.share) == (what.number, what.share):
            return "unchanged"
    if is_held_back(state, what.number) and not what.force:
        return "refused"
    return "activated" if what.share is None else "trial started"


def _rolling_back(state: State, what: RollBack) -> str:
    if what.to is None and state.trial:
        return "trial ended"
    number = state.previous if what.to is None else what.to
    if number is None or number not in state.versions or state.live is None:
        return "refused"
    if number == state.live:
        return "trial ended" if state.trial else "unchanged"
    return "rolled back"


def after(state: State, entry: Written) -> State:
    """Gives how things stand after `entry`; fails for one that could not be appended by right."""
    kind, by = entry["kind"], entry["stamp"]["by"]
    state = replace(state, length=state.length + 1)
    if kind == "denied":
        assert by not in ADMINS
        return state
    assert by in ADMINS or kind in PROGRAM[by], "nobody else may"
    match kind:
        case "published":
            return _published(state, entry)
        case "evaluated":
            measured = (entry["engine"], entry["basis"])
            kept = replace(state.versions[entry["version"]], measured=measured, failed=frozenset(entry["failed"]))
            return replace(state, versions={**state.versions, entry["version"]: kept})
        case _:
            return _moved(state, entry)


def _published(state: State, entry: Written) -> State:
    number, file, digest = entry["version"], entry["file"], entry["digest"]
    assert digest == digest_of(entry["source"])
    assert number == max([int(file[:-3]) if file else 1, *(known + 1 for known in state.versions)])
    if file is None:
        assert all(kept.digest != digest for kept in state.versions.values()), "the very same text again"
    else:
        assert all(kept.file != file for kept in state.versions.values()), "the same file again"
    kept = Kept(digest=digest, text=entry["source"], by=entry["stamp"]["by"], file=file, position=state.length)
    return replace(state, versions={**state.versions, number: kept})


def _moved(state: State, entry: Written) -> State:
    number = entry["version"]
    assert number in state.versions
    moved = replace(state, moved=(state.length, entry["stamp"]["by"]))
    match entry["kind"]:
        case "trial started":
            assert number != state.live == entry["live"]
            assert entry["forced"] or not is_held_back(state, number)
            assert state.trial is None or (state.trial.version, state.trial.share) != (number, entry["share"])
            goes_on = state.trial is not None and state.trial.version == number
            position = state.trial.position if state.trial and goes_on else state.length
            return replace(moved, trial=Trial(number, entry["share"], position))
        case "trial ended":
            assert state.trial
            assert (state.trial.version, state.live) == (number, entry["live"])
            return replace(moved, trial=None)
        case kind:
            assert number != state.live == entry["replaces"]
            if kind == "activated":
                assert entry["forced"] or not is_held_back(state, number)
                assert entry["stamp"]["by"] != "start" or (state.live, number) == (None, min(state.versions))
            else:
                assert kind == "rolled back"
                assert state.live is not None
            return replace(moved, live=number, previous=state.live, trial=None)


def check_start(window: Sequence[State], start: Start, *, refused: bool) -> None:
    """Checks that a start published its files and saw a version live, or was refused for a file that was changed.

    `window` is how things stood while it ran.
    """
    state = window[-1]
    published = {kept.file: kept.text for kept in state.versions.values() if kept.file}
    is_changed = any(published.get(name, text) != text for name, text in start.files.items())
    assert refused == is_changed
    if refused:
        return
    for name, text in start.files.items():
        by_number = state.versions.get(int(name.removesuffix(".md")))
        assert published.get(name) == text or (by_number and by_number.text == text)
    assert any(state.live is not None or not state.versions for state in window)


def check_standing(standing: Standing, state: State) -> None:
    """Checks that the program's fold of a trail says what this one says; the texts stand in the trail."""
    trial, moved = standing.trial, standing.last_move
    assert standing.length == state.length
    assert (standing.live, standing.previous) == (state.live, state.previous)
    assert (trial and (trial.version, trial.share, trial.position)) == (
        state.trial and (state.trial.version, state.trial.share, state.trial.position)
    )
    assert ((moved.position, moved.by) if moved else (0, "")) == state.moved
    assert standing.versions.keys() == state.versions.keys()
    for number, kept in state.versions.items():
        version = standing.versions[number]
        measured = version.evaluation
        assert version.number == number
        assert (version.digest, version.by, version.file) == (kept.digest, kept.by, kept.file)
        assert version.position == kept.position
        assert (measured and (measured.engine, measured.basis)) == kept.measured
        assert frozenset(measured.failed if measured else ()) == kept.failed
