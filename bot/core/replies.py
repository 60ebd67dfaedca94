"""What the coach gives back: one frozen value for each kind of reply, and the signs of life before it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.core.lessons import GuideRow
from bot.core.messages import Reaction
from bot.core.prompts import PromptReply


class EngineName(StrEnum):
    """Who composed a reply."""

    CLAUDE = "claude"
    LESSONS = "lessons"


class Fallback(StrEnum):
    """Why the lessons engine replied in a model's place."""

    SLOW = "slow"
    BUSY = "busy"
    """It takes no more requests now, or has failed so often lately that it is left alone for a while."""
    AWAY = "away"
    """It cannot be reached, or failed itself."""
    DENIED = "denied"
    """It does not take what it is sent: a wrong key, an unknown model, no permission."""
    REFUSED = "refused"
    """It would not reply to this."""
    CUT_OFF = "cut off"
    """Its reply ended in the middle, or cannot be read."""
    GUARDED = "guarded"
    """What it wrote makes a don't-say claim."""
    BUDGET = "budget"
    """The day's tokens are used up, or cannot be counted since the store is away."""
    TOO_LONG = "too long"
    """The draft is longer than what is sent to a model."""

    @property
    def says_nothing(self) -> bool:
        """Whether it says nothing of how well the model does under a version of the prompt."""
        return self in (Fallback.SLOW, Fallback.BUSY, Fallback.AWAY, Fallback.DENIED, Fallback.BUDGET)


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
    """The reply to a question. Not covered: `citations` is empty and `closest` may hold the nearest lines.

    `id` is the question's message. `prompt_stale` says that `prompt_version` is the last one known to be live,
    `fallback` why `engine` is not the one that usually answers. `text` is what counts: pieces of it that were streamed
    before may have been an answer that broke off.
    """

    id: str
    question: str
    text: str
    covered: bool
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    engine: EngineName
    latency_ms: float
    model: str | None
    prompt_version: int
    prompt_stale: bool
    fallback: Fallback | None = None

    @property
    def say(self) -> str | None:
        """What to say to the buyer, ready to copy, where the answer sets it apart in a paragraph of its own."""
        found = _SAY.search(self.text)
        return _MARK.sub("", found["words"]) if found else None


_SAY = re.compile(r"^Say: [\"\u201c](?P<words>[^\n]+?)[\"\u201d]\.?(?: ?\[\d+\]|$)", re.MULTILINE)
_MARK = re.compile(r" ?\[\d+\]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim of the guide's don't-say list found in a draft.

    `start` and `end` are code points into the draft as given and `quote` is `draft[start:end]`: the whole sentence
    (or list item) that makes the claim. `confidence` is between 0 and 1; a claim that only a model found has that of
    the least certain finding.
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
    prompt_version: int
    prompt_stale: bool
    model: str | None = None
    fallback: Fallback | None = None


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
    """The reply to `forget me`. It counts what was erased: answers, messages not answered yet, and records."""

    turns: int
    messages: int = 0
    records: int = 0


@dataclass(frozen=True, slots=True)
class Noted:
    """The reply to what a person thinks of an answer."""

    reaction: Reaction


@dataclass(frozen=True, slots=True)
class Refused:
    """The reply to what cannot be taken or done: one line that says what is wrong and how to mend it.

    `denied` says that the person may not, `limit` whose rate of messages is used up.
    """

    reason: str
    denied: bool = False
    limit: Literal["", "person", "workspace"] = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The reply to a message that the coach failed on again and again; an operator finds it as `id`."""

    id: str


Reply = Answer | Review | Guide | Help | Forgotten | Noted | Refused | Failed | PromptReply
Event = Status | Delta | Reply
