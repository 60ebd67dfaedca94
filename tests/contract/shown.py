"""What a person sees, whichever channel they see it in: words, quotes, choices, the draft as it stands."""

from dataclasses import dataclass

from bot.core.choices import Choice


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer.

    `lines` are its paragraphs with the marks that lead to the quotes, `say` the words that stand ready to copy,
    `quotes` the lessons' lines that it rests on, `closest` the nearest ones where it rests on none, `version` the one
    that it is stamped with.
    """

    lines: tuple[str, ...]
    say: str | None = None
    quotes: tuple[str, ...] = ()
    closest: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence to change: what was written, what to say instead, why; what is offered and what was chosen.

    `stands` says that the new words stand; `reason` is why they do not, where the writer said so.
    """

    wrote: str
    instead: str
    why: tuple[str, ...]
    offered: tuple[Choice, ...] = tuple(Choice)
    stands: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that is not certain enough to change, what the guide would say, and why."""

    wrote: str
    would_say: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review. `count` is how many sentences it says there are to change, `draft` the rewritten draft to copy."""

    count: int
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    draft: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the guide."""

    dont_say: str
    say: str
    why: str


@dataclass(frozen=True, slots=True)
class Guided:
    """The guide, or what of it was searched for."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Helped:
    """What can be written and which lessons answer; `about` is the command that there is none of."""

    commands: tuple[tuple[str, str], ...]
    lessons: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version among others."""

    number: int
    note: str
    is_live: bool = False
    replies: int = 0
    up: int = 0
    down: int = 0
    evaluation: str = "not evaluated"


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version, the newest first."""

    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done and waits for a yes: what changes, why, and what to know before."""

    does: str
    changed: tuple[str, ...]
    reason: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A reply of one line: what was noted, done, refused or denied."""

    line: str


Shown = Answered | Reviewed | Guided | Helped | Versions | Proposal | Told
