"""The program itself: its version, Python's, and those of the packages that it needs."""

import platform
import re
import sqlite3
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, requires, version

from bot import __version__
from bot.doctor.finding import Finding, State

SUBJECT = "program"
PACKAGE = "field-coach"
MEND = "install the coach anew: `make run` does"

_NEEDED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:>=(?P<least>[0-9.]+))?[^;]*")


def check(package: str = PACKAGE) -> Sequence[Finding]:
    """Says what runs here, and whether every package is as new as it must be."""
    ours = f"Field Coach {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    findings = [Finding(SUBJECT, State.OK, f"{ours}, {platform.system()} {platform.machine()}")]
    try:
        named = [_NEEDED.match(each) for each in requires(package) or () if "extra" not in each]
    except PackageNotFoundError:
        says = "the coach is not installed, so the packages it needs are not known"
        return [*findings, Finding(SUBJECT, State.UNSURE, says, MEND)]
    found: list[str] = []
    for each in filter(None, named):
        name, least = each["name"], each["least"]
        try:
            there = version(name)
        except PackageNotFoundError:
            findings.append(Finding(SUBJECT, State.PROBLEM, f"the package {name} is missing", MEND))
            continue
        found.append(f"{name} {there}")
        if least and _release(there) < _release(least):
            findings.append(Finding(SUBJECT, State.PROBLEM, f"{name} is {there}, and {least} is needed", MEND))
    return [*findings, Finding(SUBJECT, State.OK, f"packages: {', '.join(found)}")]


def _release(written: str) -> tuple[int, ...]:
    """The numbers that a version begins with, zeros at their end aside: 9.1.2.post2 is 9.1.2."""
    begins = re.match(r"\d+(?:\.\d+)*", written)
    numbers = [int(number) for number in begins[0].split(".")] if begins else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
