"""Which settings are set, by name; what is wrong with them; names that are none."""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from bot.doctor.finding import Finding, State
from bot.doctor.reading import Reading
from bot.settings import Settings

SUBJECT = "settings"

ALIKE = 75
"""Likeness of a name to a setting's, 0 to 100, from which a slip is likelier than another program's name."""
ALIKE_ABROAD = 85
"""The same for names that begin as many do which are no settings of the coach's."""
_OURS = ("COACH_", "SLACK_", "TEAMS_", "CLAUDE_")
_ABROAD = ("ANTHROPIC_", "REDIS_")
_SETTINGS = tuple(name.upper() for name in Settings.model_fields)
_NAME = re.compile(r"[A-Z0-9_]{1,60}")


def check(reading: Reading) -> Sequence[Finding]:
    """Says what is set, what is wrong with it, and which names are no setting's."""
    return [*_set(reading), *_wrong(reading), *_unknown(reading)]


def _set(reading: Reading) -> Iterator[Finding]:
    environment = {name for name in _SETTINGS if name.lower() in reading.in_environment}
    file = {name for name in _SETTINGS if name.lower() in reading.in_file}
    for where, there in (("in the environment", environment), ("in .env", file - environment)):
        if there:
            yield _ok(f"set {where}: {_listed(there)}")
    yield _ok(f"as they come: {_listed(set(_SETTINGS) - environment - file)}")
    twice = {name for name in environment & file if not _agree(reading, name.lower())}
    if twice:
        says = f"set in the environment and otherwise in .env: {_listed(twice)}; the environment counts"
        yield Finding(SUBJECT, State.UNSURE, says, "keep one of the two")


def _agree(reading: Reading, name: str) -> bool:
    return reading.in_environment[name] == reading.in_file[name]


def _wrong(reading: Reading) -> Iterator[Finding]:
    for fault in reading.faults:
        yield Finding(SUBJECT, State.PROBLEM, fault.says, fault.mend)


def _unknown(reading: Reading) -> Iterator[Finding]:
    names = {name.upper() for name in (*reading.in_environment, *reading.in_file)} - set(_SETTINGS)
    rest: set[str] = set()
    for name in sorted(names):
        if not name.startswith(_OURS + _ABROAD):
            continue
        meant = _near_miss(name, reading)
        if meant:
            mend = f"write {meant}, if that is meant"
            yield Finding(SUBJECT, State.PROBLEM, f"{_shown(name)} is no setting, and does nothing", mend)
        elif name.startswith(_OURS):
            rest.add(name)
    if rest:
        says = f"no settings of the coach, and without effect: {', '.join(sorted(set(map(_shown, rest))))}"
        yield Finding(SUBJECT, State.UNSURE, says, "unset them, unless another program needs them")


def _near_miss(name: str, reading: Reading) -> str | None:
    """The setting that a name may be meant for: one that is not set."""
    unset = [each for each in _SETTINGS if each.lower() not in {*reading.in_environment, *reading.in_file}]
    least = ALIKE if name.startswith(_OURS) else ALIKE_ABROAD
    found = process.extractOne(name, unset, scorer=fuzz.ratio, score_cutoff=least)
    return found[0] if found else None


def _shown(name: str) -> str:
    """A name that whoever wrote it may have meant as something else entirely."""
    return name if _NAME.fullmatch(name) else "(a name that is not shown)"


def _listed(names: set[str]) -> str:
    return ", ".join(name for name in _SETTINGS if name in names)


def _ok(says: str) -> Finding:
    return Finding(SUBJECT, State.OK, says)
