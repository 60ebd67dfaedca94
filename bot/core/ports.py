"""What the core needs from outside, as Protocols: knowledge, retrieval, claim finding, an engine, thread memory."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.lessons import GuideRow, Knowledge, Passage
from bot.core.messages import Turn
from bot.core.replies import Citation, Delta, Edit, EngineName, Finding


class Library(Protocol):
    """Where the lessons come from."""

    async def current(self) -> Knowledge:
        """Gives the lessons in force now; re-reads what has changed. Never raises for a broken file."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the lessons as evidence for a question.

    `passage.sentences[sentence]` is the line and `relevance`, 0 to 1, how likely it is to answer. A hit on the
    guide has `row` set: its passage then holds the row's cells (don't say, say and, unless empty, why) as its
    sentences.
    """

    passage: Passage
    sentence: int
    relevance: float
    row: GuideRow | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the lessons hold on one question.

    `hits` come best first. `coverage`, 0 to 1, says how likely the lessons are to answer, `covered` whether that
    is enough, `misuse` that the text asks the coach to leave its job rather than to do it. `question` is the text as
    understood (typos mended, a follow-up made whole).
    """

    question: str
    hits: tuple[Hit, ...]
    coverage: float
    covered: bool
    misuse: bool = False


class Retriever(Protocol):
    """Finds the lines of the lessons that answer a question."""

    async def search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn] = ()) -> Evidence:
        """Gives the evidence for `question`, which may lean on the thread's earlier turns."""
        ...

    async def guide(self, words: str, knowledge: Knowledge) -> tuple[GuideRow, ...]:
        """Gives the guide rows that fit `words`, best first; all rows in order when `words` is blank."""
        ...


class ClaimFinder(Protocol):
    """Finds the sentences of a draft that assert a don't-say claim."""

    async def find(self, draft: str, knowledge: Knowledge) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Gives the findings and the notes, each in the draft's order."""
        ...


@dataclass(frozen=True, slots=True)
class Composed:
    """An engine's finished answer."""

    text: str
    covered: bool
    citations: tuple[Citation, ...] = ()
    closest: tuple[Citation, ...] = ()
    model: str | None = None


class Engine(Protocol):
    """Who answers and rewrites."""

    @property
    def name(self) -> EngineName:
        """The engine's name, as replies carry it."""
        ...

    def answer(
        self, evidence: Evidence, knowledge: Knowledge, thread: Sequence[Turn]
    ) -> AsyncIterator[Delta | Composed]:
        """Streams the answer's text, then gives it whole as the last item."""
        ...

    async def rewrite(self, draft: str, findings: Sequence[Finding]) -> tuple[Edit, ...]:
        """Gives the edits, in order and without overlap, that replace every finding; never a whole draft."""
        ...


class ThreadMemory(Protocol):
    """What was asked and answered lately in a thread."""

    async def recent(self, thread: str) -> tuple[Turn, ...]:
        """Gives the thread's last turns, oldest first."""
        ...

    async def append(self, thread: str, turn: Turn) -> None:
        """Keeps one more turn; the oldest is dropped when the thread is full."""
        ...

    async def forget(self, person: str) -> int:
        """Erases every turn of `person` and gives how many there were."""
        ...
