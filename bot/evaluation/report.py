"""What the scores add up to: measures, each with the bar it has to clear and the cases that count against it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from bot.core.replies import Fallback
from bot.evaluation.cases import Form, Kind, Wording
from bot.evaluation.scoring import MAX_WORDS, DraftScore, QuestionScore

Score = TypeVar("Score", QuestionScore, DraftScore)

MAX_SHOWN = 60
"""Characters of a lesson's or draft's line in a failure."""


class Group(StrEnum):
    """What is measured."""

    QUESTIONS = "questions"
    DRAFTS = "drafts"


@dataclass(frozen=True, slots=True)
class Bar:
    """The share in percent that a measure has to reach or, when `at_most`, must not pass."""

    percent: int
    at_most: bool = False

    def met(self, count: int, of: int) -> bool:
        """Whether `count` of `of` clears the bar."""
        reached, asked = 100 * count, self.percent * of
        return reached <= asked if self.at_most else reached >= asked

    def __str__(self) -> str:
        if self.percent == 100:
            return "all"
        return f"{'at most' if self.at_most else 'at least'} {self.percent}%"


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that counts against a measure, and why, in one line."""

    case: str
    why: str


@dataclass(frozen=True, slots=True)
class Measure:
    """`count` of `of` cases or, for violations, of violations; without a bar it is told, not judged.

    A `breakdown` is a part of the measure before it: its failures are that measure's.
    """

    group: Group
    name: str
    count: int
    of: int
    bar: Bar | None
    failures: tuple[Failure, ...]
    breakdown: bool = False

    @property
    def met(self) -> bool:
        """Whether the bar, if there is one, is cleared."""
        return self.bar is None or self.bar.met(self.count, self.of)

    @property
    def share(self) -> float:
        """`count` of `of`, 0 to 1."""
        return self.count / self.of


@dataclass(frozen=True, slots=True)
class Report:
    """The measures and the scores they were made from, in the order of the cases."""

    measures: tuple[Measure, ...]
    questions: tuple[QuestionScore, ...]
    drafts: tuple[DraftScore, ...]

    @property
    def passed(self) -> tuple[str, ...]:
        """The ids of the cases that were passed, each behind what it is a case of."""
        return tuple(name for name, passed in self._cases() if passed)

    @property
    def failed(self) -> tuple[str, ...]:
        """The ids of the cases that were not."""
        return tuple(name for name, passed in self._cases() if not passed)

    @property
    def count(self) -> int:
        """How many cases were scored."""
        return len(self.questions) + len(self.drafts)

    @property
    def fallbacks(self) -> Mapping[Fallback, int]:
        """Why the lessons engine replied in the model's place, in how many cases; the most frequent reason first."""
        fallbacks = [*(score.fallback for score in self.questions), *(score.fallback for score in self.drafts)]
        return dict(Counter(filter(None, fallbacks)).most_common())

    @property
    def outages(self) -> Mapping[Fallback, int]:
        """Those of the fallbacks that tell nothing of the model; what it refuses, breaks off or claims is its own."""
        return {reason: count for reason, count in self.fallbacks.items() if reason.says_nothing}

    def _cases(self) -> Iterator[tuple[str, bool]]:
        yield from ((f"{Group.QUESTIONS}/{score.case.id}", score.passed) for score in self.questions)
        yield from ((f"{Group.DRAFTS}/{score.case.id}", score.passed) for score in self.drafts)

    @property
    def met(self) -> bool:
        """Whether every bar is cleared."""
        return all(measure.met for measure in self.measures)


RIGHT = Bar(80)
TURNED_AWAY = Bar(8, at_most=True)
REFUSED = Bar(70)
CLOSE_FOUND = Bar(80)
FAR_FOUND = Bar(80)
UNTOUCHED = Bar(75)
KEPT = Bar(90)
ALWAYS = Bar(100)


def report(questions: Sequence[QuestionScore], drafts: Sequence[DraftScore]) -> Report:
    """Adds the scores up; a measure of which there is no case is left out."""
    measures = [*_question_measures(questions), *_draft_measures(drafts)]
    return Report(
        measures=tuple(measure for measure in measures if measure.of),
        questions=tuple(questions),
        drafts=tuple(drafts),
    )


def _question_measures(scores: Sequence[QuestionScore]) -> Iterator[Measure]:
    group = Group.QUESTIONS
    answerable = [score for score in scores if score.case.kind is Kind.ANSWERABLE]
    yield _passed(group, "answered right", answerable, _wrong, RIGHT)
    for form in Form:
        yield _part(
            group, f"answered right, {form}", [score for score in answerable if score.case.form is form], _wrong
        )
    turned_away = tuple(Failure(score.case.id, "turned away") for score in answerable if not score.covered)
    yield Measure(group, "turned away", len(turned_away), len(answerable), TURNED_AWAY, turned_away)
    others = [score for score in scores if score.case.kind is not Kind.ANSWERABLE]
    yield _passed(group, "not covered and said so", others, _answered, REFUSED)
    for kind in (Kind.UNANSWERABLE, Kind.HOSTILE):
        yield _part(
            group, f"not covered and said so, {kind}", [score for score in others if score.case.kind is kind], _answered
        )
    yield _passed(group, "quotes exact", scores, lambda score: _quoting("not in the lesson", score.inexact), ALWAYS)


def _draft_measures(scores: Sequence[DraftScore]) -> Iterator[Measure]:
    group = Group.DRAFTS
    for wording, bar in ((Wording.VERBATIM, ALWAYS), (Wording.CLOSE, CLOSE_FOUND), (Wording.FAR, FAR_FOUND)):
        yield _violations_found(scores, wording, bar)
    clean = [score for score in scores if not score.case.violations]
    violating = [score for score in scores if score.case.violations]
    quoting = [score for score in scores if score.case.quoted]
    yield _passed(group, "clean drafts untouched", clean, _touched, UNTOUCHED)
    yield _passed(group, "nothing flagged beside violations", violating, _flagged_beside, None)
    yield _passed(group, "must_keep kept", scores, lambda score: _quoting("lost", score.lost), KEPT)
    yield _passed(group, "quoted lines not flagged", quoting, lambda score: _quoting("flagged", score.quoted), ALWAYS)
    yield _passed(group, "second review clean", scores, lambda score: _quoting("found again", score.again), ALWAYS)
    yield _passed(group, "only edits changed", scores, lambda score: "" if score.confined else "more changed", ALWAYS)


def _passed(
    group: Group, name: str, scores: Sequence[Score], fault: Callable[[Score], str], bar: Bar | None
) -> Measure:
    """Counts the scores in which `fault` finds none; it gives a fault in one line, or nothing."""
    failures = tuple(Failure(score.case.id, why) for score in scores if (why := fault(score)))
    return Measure(group, name, len(scores) - len(failures), len(scores), bar, failures)


def _part(group: Group, name: str, scores: Sequence[Score], fault: Callable[[Score], str]) -> Measure:
    return replace(_passed(group, name, scores, fault, None), breakdown=True)


def _violations_found(scores: Sequence[DraftScore], wording: Wording, bar: Bar | None) -> Measure:
    of = sum(violation.wording is wording for score in scores for violation in score.case.violations)
    failures = tuple(
        Failure(score.case.id, _quoting(f"row {violation.row} not found in", (violation.sentence,)))
        for score in scores
        for violation in score.missed
        if violation.wording is wording
    )
    return Measure(Group.DRAFTS, f"{wording} violations found", of - len(failures), of, bar, failures)


def _wrong(score: QuestionScore) -> str:
    if not score.covered:
        return "turned away"
    if score.missing:
        return f"lacks {' and '.join(' | '.join(alternatives) for alternatives in score.missing)}"
    if score.words > MAX_WORDS:
        return f"{score.words} words"
    return _quoting("not in the lesson", score.inexact)


def _answered(score: QuestionScore) -> str:
    return "" if score.refused else _quoting("answered", (score.answer,))


def _touched(score: DraftScore) -> str:
    return _flagged_beside(score) or ("" if score.untouched else "changed")


def _flagged_beside(score: DraftScore) -> str:
    return _quoting("flagged", score.beside)


def _quoting(what: str, lines: Sequence[str]) -> str:
    """`what` and the first of `lines`, cut short; empty without lines."""
    if not lines:
        return ""
    first = " ".join(lines[0].split())
    cut = first if len(first) <= MAX_SHOWN else f"{first[: MAX_SHOWN - 2]} …"
    return f'{what} "{cut}"' + (f" and {len(lines) - 1} more" if len(lines) > 1 else "")
