"""Evaluation cases as values: what is asked or reviewed, and what a right reply holds. A bad case cannot be made."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import ClassVar

from pydantic import ConfigDict

from bot.core.lessons import Lesson

_STRICT = ConfigDict(extra="forbid", strict=True)


class Kind(StrEnum):
    """What a right reply to a question is: an answer from the lesson, or saying that it is not covered."""

    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    HOSTILE = "hostile"


class Form(StrEnum):
    """How an answerable question is put: `far` shares few words with the lesson, `guide` asks for wording."""

    PLAIN = "plain"
    FAR = "far"
    TYPO = "typo"
    GUIDE = "guide"
    FOLLOW_UP = "follow-up"


class Wording(StrEnum):
    """How near a violation's wording is to the guide's don't-say."""

    VERBATIM = "verbatim"
    CLOSE = "close"
    FAR = "far"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCase:
    """One question.

    `thread` holds the questions asked before it. A right answer holds, for each list of `must_include`, one of its
    alternatives; `gold` are the exact lines of the lesson that answer. Both are empty unless it is answerable.

    Raises:
        ValueError: the fields contradict each other.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: str
    lesson: str
    question: str
    kind: Kind
    form: Form = Form.PLAIN
    thread: tuple[str, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()
    gold: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require_words(id=self.id, lesson=self.lesson, question=self.question)
        for asked in self.thread:
            _require_words(thread=asked)
        for alternatives in self.must_include:
            if not alternatives or not all(map(str.strip, alternatives)):
                raise ValueError("must_include: each list needs alternatives, and none of them empty")
        if self.kind is Kind.ANSWERABLE and not (self.must_include and self.gold):
            raise ValueError("an answerable question needs must_include and gold")
        if self.kind is not Kind.ANSWERABLE and (self.must_include or self.gold):
            raise ValueError(f"a question that is {self.kind} takes no must_include and no gold")
        if self.kind is Kind.ANSWERABLE and (self.form is Form.FOLLOW_UP) != bool(self.thread):
            raise ValueError('a question with a thread has the form "follow-up", and no other has it')


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One claim to find: the guide's row, from 1, that `sentence` asserts."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    row: int
    sentence: str
    wording: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCase:
    """One draft.

    Each violation's sentence occurs once in `text`; `must_keep` are pieces of it that a rewriting leaves as they
    are, and `quoted` the lines that somebody else wrote, which it leaves too and which are never flagged.

    Raises:
        ValueError: a piece is not in the text, is there twice, or overlaps a violation.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: str
    lesson: str
    text: str
    violations: tuple[Violation, ...] = ()
    must_keep: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require_words(id=self.id, lesson=self.lesson, text=self.text)
        violated = [_only_span(self.text, violation.sentence, "violations") for violation in self.violations]
        for line in self.quoted:
            _only_span(self.text, line, "quoted")
        for piece in self.kept:
            if not piece or piece not in self.text:
                raise ValueError(f"must_keep: {piece!r:.60} is not in the text")
            if any(overlap(kept, span) for kept in occurrences(self.text, piece) for span in violated):
                raise ValueError(f"must_keep: {piece!r:.60} overlaps a violation")

    @property
    def kept(self) -> tuple[str, ...]:
        """Everything that a rewriting leaves as it is."""
        return self.must_keep + self.quoted


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases to score, in the order of their files."""

    questions: tuple[QuestionCase, ...] = ()
    drafts: tuple[DraftCase, ...] = ()

    def __len__(self) -> int:
        return len(self.questions) + len(self.drafts)

    def __iter__(self) -> Iterator[QuestionCase | DraftCase]:
        return chain(self.questions, self.drafts)

    def digest(self, lessons: Sequence[Lesson]) -> str:
        """What an evaluation with these cases of `lessons` rests on, as hexadecimal: equal for equal ones."""
        return hashlib.sha256(repr((self, tuple(lessons))).encode("utf-8", "surrogatepass")).hexdigest()

    def of(self, lessons: frozenset[str]) -> "Cases":
        """The cases of these lessons only."""
        return Cases(
            questions=tuple(case for case in self.questions if case.lesson in lessons),
            drafts=tuple(case for case in self.drafts if case.lesson in lessons),
        )


Span = tuple[int, int]


def occurrences(text: str, piece: str) -> Iterator[Span]:
    """Yields where `piece` starts and ends in `text`, again and again without overlap."""
    start = text.find(piece)
    while start >= 0:
        end = start + len(piece)
        yield start, end
        start = text.find(piece, end)


def overlap(one: Span, other: Span) -> bool:
    """Whether two stretches of a text share a character."""
    return one[0] < other[1] and other[0] < one[1]


def _only_span(text: str, piece: str, name: str) -> Span:
    if not piece or (count := text.count(piece)) == 0:
        raise ValueError(f"{name}: {piece!r:.60} is not in the text")
    if count > 1:
        raise ValueError(f"{name}: {piece!r:.60} is in the text {count} times: write more of it")
    return next(occurrences(text, piece))


def _require_words(**fields: str) -> None:
    for name, value in fields.items():
        if not value.strip():
            raise ValueError(f"{name} is empty")
