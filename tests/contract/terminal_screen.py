"""What a person at a terminal has before them, read from its lines."""

import re
from collections.abc import Sequence

from tests.contract import reading
from tests.contract.differences import GAP
from tests.contract.shown import (
    Change,
    Guided,
    Helped,
    Note,
    Reviewed,
    Row,
    Shown,
    Told,
    Version,
    Versions,
)

_CITED = re.compile(r"\[\d+\] .+? \N{EM DASH} \"(?P<quote>.+)\"")
_CLOSEST = re.compile(r"- .+? \N{EM DASH} \"(?P<quote>.+)\"")
_FIGURES = re.compile(
    r"(?P<live>\N{BLACK CIRCLE} )? *(?P<number>\d+)  +(?:now|\d+ (?:min|h|d))  +"
    r"(?P<replies>\d+)  +(?P<up>\d+)  +(?P<down>\d+)  .*"
)


def told(lines: Sequence[str]) -> Shown:
    """A line, or what a reply of more turns out to be."""
    if any(line.split() == ["help", "this", "list"] for line in lines):
        return _helped(lines)
    if lines[0].split()[:2] == ["Age", "Replies"]:
        return _versions(lines)
    return reviewed(lines)


def answered(lines: Sequence[str]) -> Shown:
    quotes = [found["quote"] for line in lines if (found := _CITED.fullmatch(line))]
    closest = [found["quote"] for line in lines if (found := _CLOSEST.fullmatch(line))]
    prose = [line for line in lines if not (_CITED.fullmatch(line) or _CLOSEST.fullmatch(line))]
    return reading.answered([line for line in prose if line != "The closest lines:"], quotes=quotes, closest=closest)


def reviewed(lines: Sequence[str]) -> Shown:
    starts = [number for number, line in enumerate(lines) if re.match(r"\d+\. ", line)]
    if not starts and not reading.is_review(lines):
        return Told(lines[0])
    notes = [number for number, line in enumerate(lines) if line.startswith("?  ")]
    begins = lines.index("+++ rewritten") if "+++ rewritten" in lines else len(lines)
    changes = tuple(_change(lines[at:begins]) for at in starts if at < begins)
    return Reviewed(
        count=len(changes) if changes else reading.count_of(lines),
        changes=changes,
        notes=tuple(_note(lines[at:]) for at in notes),
        draft=_added(lines[begins + 1 :]) if changes else None,
    )


def _change(told: Sequence[str]) -> Change:
    (instead,) = _labelled(told, "Say instead")
    return Change(wrote=told[0].partition(". ")[2], instead=instead, why=_labelled(told, "Why"), offered=())


def _note(told: Sequence[str]) -> Note:
    (would_say,) = _labelled(told, "Say instead")
    return Note(wrote=told[0].removeprefix("?  "), would_say=would_say, why=_labelled(told, "Why"))


def _labelled(told: Sequence[str], label: str) -> tuple[str, ...]:
    """What stands behind a label before the next blank line."""
    end = list(told).index("") if "" in told else len(told)
    return tuple(line.removeprefix(f"   {label}: ") for line in told[:end] if line.startswith(f"   {label}: "))


def _added(lines: Sequence[str]) -> str:
    """The rewritten draft as far as a comparison shows it."""
    end = next((number for number, line in enumerate(lines) if line and line[0] not in f"-+ {GAP}"), len(lines))
    shown = [line for line in lines[:end] if line and not line.startswith("-")]
    return "\n".join(line if line == GAP else line[2:] for line in shown)


def guided(lines: Sequence[str]) -> Shown:
    cells = [[cell.strip() for cell in line.split("│")[2:5]] for line in lines if line.startswith("│")]
    return Guided(tuple(Row(*row) for row in cells))


def _helped(lines: Sequence[str]) -> Shown:
    listed = [re.split(r" {2,}", line, maxsplit=1) for line in lines[: lines.index("")] if "  " in line]
    commands = tuple((usage, does) for usage, does in listed)
    return Helped(commands, reading.lessons_of(lines), reading.about_of(lines))


def _versions(lines: Sequence[str]) -> Shown:
    found = [(number, match) for number, line in enumerate(lines) if (match := _FIGURES.fullmatch(line))]
    return Versions(
        tuple(
            Version(
                number=int(match["number"]),
                note=lines[at + 2].strip(),
                is_live=match["live"] is not None,
                replies=int(match["replies"]),
                up=int(match["up"]),
                down=int(match["down"]),
                evaluation=lines[at + 1].rpartition(" · ")[2],
            )
            for at, match in found
        )
    )


def proposed(lines: Sequence[str]) -> Shown:
    return reading.proposal(lines, reason=re.compile(r"  reason +(.+)"), warning=re.compile(r"  ! (.+)"))
