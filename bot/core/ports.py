"""What the core needs from outside, as Protocols: knowledge, retrieval, claim finding, an engine, prompt versions."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.core.admin_commands import AdminCommand
from bot.core.lessons import GuideRow, Knowledge, Passage
from bot.core.messages import Turn
from bot.core.prompts import NO_TOKENS, Moved, Prompt, PromptReply, Serving, Tally, Usage
from bot.core.replies import Citation, Delta, Edit, EngineName, Fallback, Finding, Refused


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


class Splicer(Protocol):
    """Puts the approved wording itself into a draft."""

    async def edits(self, draft: str, findings: Sequence[Finding]) -> tuple[Edit, ...]:
        """Gives the edits, in order and without overlap, that replace every finding."""
        ...


class ReplacementCheck(Protocol):
    """Judges what an engine would put into a draft in its own words."""

    async def fault(self, edit: Edit, approved: Edit, rows: Sequence[GuideRow]) -> str | None:
        """Says in a few words why `edit` must not stand, None when it may.

        `approved` is the edit of the same place with the approved wording itself, `rows` what it is about.
        """
        ...

    def loses(self, approved: Edit, rows: Sequence[GuideRow]) -> bool:
        """Whether the approved wording takes names, figures, dates or links away that are no part of the claim."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """How an engine came to what it gives.

    `model` and `usage` are set where a model was asked, whatever became of that. `guarded` says that the guard refused
    something that it wrote, `fallback` why `engine` is not the one that was asked.
    """

    engine: EngineName
    model: str | None = None
    usage: Usage = NO_TOKENS
    guarded: bool = False
    fallback: Fallback | None = None


BY_LESSONS = Made(EngineName.LESSONS)


@dataclass(frozen=True, slots=True)
class Composed:
    """An engine's finished answer."""

    text: str
    covered: bool
    citations: tuple[Citation, ...] = ()
    closest: tuple[Citation, ...] = ()
    made: Made = BY_LESSONS


@dataclass(frozen=True, slots=True)
class AnswerTask:
    """A question as it was asked, what the lessons hold on it, and the thread's turns before it."""

    question: str = field(repr=False)
    evidence: Evidence = field(repr=False)
    knowledge: Knowledge = field(repr=False)
    thread: tuple[Turn, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RewriteTask:
    """A draft under review: what was found in it, and the edits with the approved wording itself."""

    draft: str = field(repr=False)
    findings: tuple[Finding, ...]
    approved: tuple[Edit, ...]
    knowledge: Knowledge = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What an engine proposes for a draft; nothing of it is in force before it is checked.

    `edits` are other words for places of the approved edits, or of `added`, claims that nobody else has found.
    `doubted` are claims that are not certain.
    """

    edits: tuple[Edit, ...] = ()
    added: tuple[Finding, ...] = ()
    doubted: tuple[Finding, ...] = ()
    made: Made = BY_LESSONS


class Engine(Protocol):
    """Who answers and rewrites."""

    @property
    def name(self) -> EngineName:
        """The engine's name, as replies carry it."""
        ...

    @property
    def left_alone(self) -> Fallback | None:
        """Why another engine replies in its place for now, without it being asked; None as long as it is asked."""
        ...

    def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Streams the answer's text as `prompt` asks for it, then gives it whole as the last item."""
        ...

    async def rewrite(self, task: RewriteTask, prompt: Prompt, *, person: str) -> Rewriting:
        """Proposes edits in words of its own; never a whole draft."""
        ...

    async def prepare(self) -> None:
        """Loads what the first reply would have to wait for."""
        ...

    async def close(self) -> None:
        """Lets go of what is open."""
        ...


class Prompts(Protocol):
    """Which version serves whom, and what came of it."""

    async def serving(self, person: str) -> Serving:
        """Gives the version that serves `person` now."""
        ...

    async def replied(self, served: Serving, tally: Tally) -> None:
        """Counts one reply. Never raises for a store that is away: a figure is not worth a reply."""
        ...

    async def reacted(self, version: int, trial: int | None, *, up: int, down: int, first: bool) -> None:
        """Counts what a person thinks of a reply; `first` unless they had said so before and think better of it."""
        ...


class PromptDesk(Protocol):
    """Does what admins command about versions."""

    def is_admin(self, person: str) -> bool:
        """Whether `person` may."""
        ...

    async def handle(
        self, command: AdminCommand, *, person: str, confirmed: int | None, act: str | None = None
    ) -> PromptReply | Refused:
        """Does what is commanded, or says in a reply why not; an act that asks first gives `Proposed` until confirmed.

        `confirmed` is the position of the `Proposed` that the person agreed to. What is commanded again under the same
        `act` is done once.
        """
        ...

    async def told(self, position: int) -> Moved | Refused:
        """Tells the move at a position of the trail; refused when there is none."""
        ...
