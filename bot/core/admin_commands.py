"""What admins write about the versions of the system prompt, read into values."""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ListVersions:
    """`prompts`: every version of the system prompt."""


@dataclass(frozen=True, slots=True)
class ShowVersion:
    """`prompts show N`: one version's text."""

    number: int


@dataclass(frozen=True, slots=True)
class DiffVersions:
    """`prompts diff A B`: what changes from one version to another."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class ShowTrail:
    """`prompts log [BEFORE]`: what happened to the versions, the newest first, from before an entry on."""

    before: int | None = None


@dataclass(frozen=True, slots=True)
class PublishVersion:
    """`prompts publish REASON` and a prompt file: a new version, not live yet."""

    text: str = field(repr=False)
    note: str


@dataclass(frozen=True, slots=True)
class ActivateVersion:
    """`prompts activate N [--share PERCENT] [--force] REASON`: makes a version live, or tries it with a share."""

    number: int
    note: str
    share: int | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class RollBack:
    """`rollback [N] REASON`: back to the version that was live before, or to a named one."""

    note: str
    to: int | None = None


MoveCommand = ActivateVersion | RollBack
"""Commands that change which version serves whom."""
AdminCommand = ListVersions | ShowVersion | DiffVersions | ShowTrail | PublishVersion | MoveCommand


@dataclass(frozen=True, slots=True)
class Malformed:
    """A command that lacks something; `usage` is how it is written."""

    usage: str


ADMIN_HELP = (
    ("prompts", "the versions of the system prompt: which is live, and what each did"),
    ("prompts show N", "one version's text"),
    ("prompts diff A B", "what changes from one version to another"),
    ("prompts publish REASON", "a new version, from the file that comes along or the lines below; not live yet"),
    ("prompts activate N REASON", "makes a version live; with --share 10 it serves a tenth of the people, as a trial"),
    ("rollback [N] REASON", "ends the trial or goes back to the version before, or to N"),
    ("prompts log", "who did what, when and why"),
)
"""What an admin can write and what it does."""

_WRITTEN = re.compile(
    r"\s*+/?(?:prompts(?:[ \t]++(?P<verb>list|show|diff|publish|activate|log|rollback))?"
    # Words that make it a sentence about rolling back.
    r"|(?P<alone>rollback)(?!\s++(?:of|is|isn't|are|was|were|plans?|in|on|means?|for|can|could|and|or|vs|versus)\b)"
    # The reason stands on the same line; a pasted text does not.
    r"(?!.*\n\s*\S))"
    r"(?P<rest>(?:\s[\s\S]*+)?)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"v?(\d{1,9})", re.IGNORECASE)
_SHARE = re.compile(r"--share[ \t=]++(\S++)(?:\s|\Z)")
_FORCE = re.compile(r"--force(?:\s|\Z)")
_DASH = re.compile("(?<!\\S)[\N{EN DASH}\N{EM DASH}](?=[a-z])")
"""What editors make of two hyphens."""
_OPTION = re.compile(r"(?:^|\s)--\S")


def parse_admin(text: str) -> AdminCommand | Malformed | None:
    """Reads a message about the versions; None when it is none, such as a question that begins with the same word."""
    written = _WRITTEN.fullmatch(text)
    if written is None or text.rstrip().endswith("?"):
        return None
    rest = written["rest"].strip()
    verb = "rollback" if written["alone"] else (written["verb"] or "").lower()
    match verb:
        case "" | "list":
            return None if rest else ListVersions()
        case "show":
            numbers = _numbers(rest)
            return ShowVersion(*numbers) if len(numbers) == 1 else Malformed("prompts show N")
        case "diff":
            numbers = _numbers(rest)
            return DiffVersions(*numbers) if len(numbers) == 2 else Malformed("prompts diff A B")
        case "log":
            numbers = _numbers(rest)
            return ShowTrail(*numbers) if len(numbers) == (1 if rest else 0) else Malformed("prompts log [BEFORE]")
        case "publish":
            note, _, lines = rest.partition("\n")
            return PublishVersion(text=lines.strip("\n"), note=note.strip())
        case "activate":
            return _activate(rest)
        case _:
            return _roll_back(rest)


def _activate(rest: str) -> ActivateVersion | Malformed:
    usage = Malformed("prompts activate N [--share PERCENT] [--force] REASON")
    share: int | None = None
    rest = _DASH.sub("--", rest)
    if asked := _SHARE.search(rest):
        percent = asked[1].removesuffix("%")
        if not percent.isdecimal() or len(percent) > 3:
            return usage
        share = int(percent)
        rest = rest[: asked.start()] + rest[asked.end() :]
    force = bool(_FORCE.search(rest))
    rest = _FORCE.sub("", rest, count=1).strip()
    number, note = _leading_number(rest)
    # An option that is none must not turn a trial into an activation.
    return (
        usage
        if number is None or _OPTION.search(rest)
        else ActivateVersion(number=number, note=note, share=share, force=force)
    )


def _roll_back(rest: str) -> RollBack:
    number, note = _leading_number(rest.removeprefix("to ") if _NUMBER.match(rest.removeprefix("to ")) else rest)
    return RollBack(to=number, note=note)


def _leading_number(rest: str) -> tuple[int | None, str]:
    """A number of a version and what stands behind it; None and everything when none leads."""
    first, *others = rest.split(None, 1)[:2] or [""]
    number = _NUMBER.fullmatch(first)
    return (int(number[1]), others[0].strip() if others else "") if number else (None, rest)


def _numbers(rest: str) -> list[int]:
    """The numbers of versions that `rest` consists of; empty when there is anything else in it."""
    found = [_NUMBER.fullmatch(word) for word in rest.split()[:3]]
    return [int(number[1]) for number in found if number] if all(found) else []
