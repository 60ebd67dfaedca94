"""Reads a screen of plain text: the labels that all channels share, and what stands below each."""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from bot.core.choices import Choice
from tests.contract.shown import Answered, Change, Guided, Helped, Note, Proposal, Row, Shown, Told, Version, Versions

WROTE = re.compile(r"(?:\d+\. )?You wrote")
INSTEAD, WHY, WOULD_SAY = "Say instead", "Why it matters", "The guide would say"
NOTES = "Worth a look, left as it is:"
OFFERS = {Choice.USE: "Use this", Choice.KEEP: "Keep mine", Choice.NOT_MEANT: "Not what I meant"}
CHOSEN = re.compile(
    r"You use these words\.|Not what you meant: your words stay\.|You keep your words(?:\.|: (?P<why>.+))"
)
STAMP = re.compile(r"Prompt version (\d+) \N{MIDDLE DOT} .+")
ENDS = re.compile(r"Rewritten draft.*|Prompt version \d+ .*")
"""What stands behind the last note."""
_ROW = re.compile(r"(?:\d+\. )?Don't say: (.+)\nDo say: (.+)\nWhy: (.+)")
_VERSION = re.compile(
    r"(?P<live>\N{BLACK CIRCLE} )?Version (?P<number>\d+).*\n"
    r"(?P<replies>\d+) repl(?:y|ies) \N{MIDDLE DOT} (?P<up>\d+) up, (?P<down>\d+) down.* "
    r"\N{MIDDLE DOT} (?P<evaluation>[^\N{MIDDLE DOT}\n]+)\npublished .+ \N{EM DASH} (?P<note>.+)"
)
_DASH = " \N{EM DASH} "
_SAY = re.compile(r"Say: [\"\u201c](?P<words>.+?)[\"\u201d]\.?(?: ?\[\d+\])*")
_COUNT = re.compile(r"(?P<count>[\d,]+) sentences? say|Nothing (?:surely )?to change")


def answered(
    lines: Sequence[str], *, quotes: Sequence[str] = (), closest: Sequence[str] = (), version: int | None = None
) -> Answered:
    """An answer of these lines; blank ones only space them."""
    said = [found for line in lines if (found := _SAY.fullmatch(line.strip()))]
    prose = tuple(line.strip() for line in lines if line.strip() and not _SAY.fullmatch(line.strip()))
    (say,) = [found["words"] for found in said] or [None]
    return Answered(lines=prose, say=say, quotes=tuple(quotes), closest=tuple(closest), version=version)


def is_review(lines: Iterable[str]) -> bool:
    """Whether any of the lines says what came of a review."""
    return any(map(_COUNT.match, lines))


def count_of(lines: Sequence[str]) -> int:
    """How many sentences a review says there are to change."""
    (found,) = [found for line in lines if (found := _COUNT.match(line))]
    return int((found["count"] or "0").replace(",", ""))


def changes_of(lines: Sequence[str]) -> tuple[Change, ...]:
    """The cards of a review."""
    until = lines.index(NOTES) if NOTES in lines else len(lines)
    starts = [number for number, line in enumerate(lines[:until]) if WROTE.fullmatch(line)]
    return tuple(_change(lines[first + 1 : end]) for first, end in pairwise([*starts, until]))


def notes_of(lines: Sequence[str]) -> tuple[Note, ...]:
    """What of a review stands under `NOTES`."""
    if NOTES not in lines:
        return ()
    told = lines[lines.index(NOTES) + 1 :]
    starts = [number - 1 for number, line in enumerate(told) if line == WOULD_SAY]
    return tuple(Note(told[at], told[at + 2], _below(told[at:], WHY)) for at in starts)


def proposal(lines: Sequence[str], *, reason: re.Pattern[str], warning: re.Pattern[str]) -> Proposal:
    """What is proposed; each pattern finds the words of its lines in its only group."""
    (does,) = [line for line in lines if line.startswith(("Make version", "Go back", "End the", "Give version"))]
    ((why,),) = [_found(reason, lines)]
    changed = tuple(line for line in lines if line.startswith(("- ", "+ ")))
    return Proposal(does=does, changed=changed, reason=why, warnings=_found(warning, lines))


def stamp_of(lines: Iterable[str]) -> int | None:
    """The version that a reply is stamped with."""
    return next((int(found[1]) for line in lines if (found := STAMP.fullmatch(line))), None)


def guided(lines: Iterable[str]) -> Guided:
    """The guide's rows."""
    return Guided(tuple(Row(*found.groups()) for found in _ROW.finditer("\n".join(lines))))


def told(lines: Sequence[str], *, ways: Collection[tuple[str, str]]) -> Shown:
    """A line, or what a reply of more turns out to be; `ways` are the channel's own ways in, which help tells too."""
    plain = "\n".join(lines)
    if f"help{_DASH}this list" in plain:
        return _helped(lines, ways)
    if "[Cancel]" in plain:
        return proposal(lines, reason=re.compile(r"Reason: (.+)"), warning=re.compile(r"Note: (.+)"))
    listed = tuple(map(_version, _VERSION.finditer(plain)))
    return Versions(listed) if listed else Told(lines[0])


def about_of(lines: Sequence[str]) -> str:
    """The command that help says there is none of."""
    about = re.fullmatch(r"There is no command (.+)\.", lines[0])
    return about[1] if about else ""


def lessons_of(lines: Sequence[str]) -> tuple[str, ...]:
    """The lessons that help names."""
    (lessons,) = [line.removeprefix("Lessons: ") for line in lines if line.startswith("Lessons: ")]
    return tuple(lessons.split("; "))


def _helped(lines: Sequence[str], ways: Collection[tuple[str, str]]) -> Helped:
    entries = [tuple(line.split(_DASH, 1)) for line in lines if _DASH in line]
    commands = tuple((usage, does) for usage, does in entries if (usage, does) not in ways)
    return Helped(commands, lessons_of(lines), about_of(lines))


def _version(found: re.Match[str]) -> Version:
    return Version(
        number=int(found["number"]),
        note=found["note"],
        is_live=found["live"] is not None,
        replies=int(found["replies"]),
        up=int(found["up"]),
        down=int(found["down"]),
        evaluation=found["evaluation"],
    )


def _change(told: Sequence[str]) -> Change:
    wrote, label, instead, *rest = told
    assert label == INSTEAD, told
    chosen = [found for line in rest if (found := CHOSEN.fullmatch(line))]
    offered = tuple(
        choice
        for choice, words in OFFERS.items()
        if any(line in (f"[{words}]", f"[\N{CHECK MARK} {words}]") for line in rest)
    )
    return Change(
        wrote=wrote,
        instead=instead,
        why=tuple(line for line in _below(rest, WHY) if not CHOSEN.fullmatch(line)),
        offered=offered,
        stands=not chosen or chosen[-1][0].startswith("You use"),
        reason=(chosen[-1]["why"] or "") if chosen else "",
    )


def _below(lines: Sequence[str], label: str) -> tuple[str, ...]:
    """The lines below a label, up to a button."""
    if label not in lines:
        return ()
    found = []
    for line in lines[lines.index(label) + 1 :]:
        if line.startswith("[") or ENDS.fullmatch(line):
            break
        found.append(line)
    return tuple(found)


def _found(pattern: re.Pattern[str], lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(found[1] for line in lines if (found := pattern.fullmatch(line)))
