"""What the coach gives back: one frozen value for each kind of reply, and the signs of life before it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.lessons import GuideRow


class EngineName(StrEnum):
    """Who composed a reply."""

    LESSONS = "lessons"


@dataclass(frozen=True, slots=True)
class Status:
    """What the coach is doing now, for a person who waits."""

    text: str


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of an answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """One line of a lesson that an answer rests on. `quote` is exact; `line` is its line in the lesson's file."""

    n: int
    lesson: str
    section: str
    quote: str
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a question. Not covered: `citations` is empty and `closest` may hold the nearest lines."""

    question: str
    text: str
    covered: bool
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    engine: EngineName
    latency_ms: float
    model: str | None = None
    prompt_version: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim of the guide's don't-say list found in a draft.

    `start` and `end` are code points into the draft as given and `quote` is `draft[start:end]`: the whole sentence
    (or list item) that makes the claim. `confidence` is between 0 and 1.
    """

    row: GuideRow
    start: int
    end: int
    quote: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement: `draft[start:end]` is `before` and becomes `after`."""

    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Review:
    """The reply to a draft. Outside `edits`, which never overlap, `rewritten` is `draft` to the character.

    `notes` are claims that are not certain enough to change the draft. Every finding lies inside one edit; two
    findings in one sentence share it.
    """

    draft: str
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    edits: tuple[Edit, ...]
    rewritten: str
    engine: EngineName
    latency_ms: float
    prompt_version: int | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """The reply to `guide [words]`: the rows that fit the words, best first (all rows, in order, without words)."""

    words: str
    rows: tuple[GuideRow, ...]


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """One thing a person can write, and what it does."""

    usage: str
    does: str


@dataclass(frozen=True, slots=True)
class Help:
    """The reply to `help`, to an empty message and to a command that is not understood (`about` says which)."""

    entries: tuple[HelpEntry, ...]
    lessons: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The reply to `forget me`. `turns` counts what was erased."""

    turns: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The reply to input that cannot be taken: one line that says what is wrong and how to mend it."""

    reason: str


Reply = Answer | Review | Guide | Help | Forgotten | Refused
Event = Status | Delta | Reply
