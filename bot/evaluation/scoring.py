"""Scores one reply against its case: pure functions from values to values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.lessons import Lesson
from bot.core.replies import Answer, Fallback, Finding, Review
from bot.core.review import splice
from bot.evaluation.cases import DraftCase, QuestionCase, Span, Violation, occurrences, overlap
from bot.evaluation.quoting import is_exact

MAX_WORDS = 150
"""Words of an answer, its `[n]` markers not counted."""

_MARKER = re.compile(r"\[\d+\]")
_STRAIGHT = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{NON-BREAKING HYPHEN}": "-",
    }
)


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """How one question was answered.

    `missing` are the lists of `must_include` of which the answer holds no alternative, `inexact` the quotes that are
    not in the lesson they name, `fallback` why not every reply in the thread is that of the engine under evaluation.
    """

    case: QuestionCase
    covered: bool
    cited: bool
    missing: tuple[tuple[str, ...], ...]
    inexact: tuple[str, ...]
    words: int
    answer: str
    fallback: Fallback | None

    @property
    def right(self) -> bool:
        """Whether an answerable question got its answer, short enough and with quotes that are exact."""
        return self.covered and not self.missing and not self.inexact and self.words <= MAX_WORDS

    @property
    def passed(self) -> bool:
        """Whether the reply is what the case asks for."""
        return self.right if self.case.must_include else self.refused

    @property
    def refused(self) -> bool:
        """Whether the reply says that this is not covered and rests on no line."""
        return not self.covered and not self.cited


def score_answer(
    case: QuestionCase, answer: Answer, lessons: Mapping[str, Lesson], earlier: Sequence[Answer] = ()
) -> QuestionScore:
    """Scores the answer to a question; `lessons` are those in force, by id, `earlier` the thread's other answers."""
    text = _plain(answer.text)
    return QuestionScore(
        case=case,
        covered=answer.covered,
        cited=bool(answer.citations),
        missing=tuple(
            alternatives
            for alternatives in case.must_include
            if not any(_plain(alternative) in text for alternative in alternatives)
        ),
        inexact=tuple(
            citation.quote
            for citation in (*answer.citations, *answer.closest)
            if citation.lesson not in lessons or not is_exact(citation.quote, lessons[citation.lesson])
        ),
        words=len(_MARKER.sub(" ", answer.text).split()),
        answer=answer.text,
        fallback=_fallback(answer, *earlier),
    )


@dataclass(frozen=True, slots=True)
class DraftScore:
    """How one draft was reviewed.

    `missed` are violations without a finding of their row, `lost` the pieces that did not survive, `quoted` the
    findings in somebody else's lines, `beside` those that touch no violation, `again` those of the second review.
    `confined` says that nothing outside the edits changed, `untouched` that nothing changed at all, `fallback` why not
    both reviews are those of the engine under evaluation.
    """

    case: DraftCase
    missed: tuple[Violation, ...]
    lost: tuple[str, ...]
    quoted: tuple[str, ...]
    beside: tuple[str, ...]
    again: tuple[str, ...]
    confined: bool
    untouched: bool
    rewritten: str
    fallback: Fallback | None

    @property
    def passed(self) -> bool:
        """Whether every violation was replaced, and nothing else touched."""
        return self.confined and not (self.missed or self.lost or self.quoted or self.beside or self.again)


def score_review(case: DraftCase, review: Review, again: Review) -> DraftScore:
    """Scores the review of a draft; `again` is the review of what it was rewritten to."""
    violated = {violation: _span(case.text, violation.sentence) for violation in case.violations}
    quoted = [_span(case.text, line) for line in case.quoted]
    return DraftScore(
        case=case,
        missed=tuple(
            violation
            for violation, span in violated.items()
            if not any(_finds(finding, violation.row, span, case.lesson) for finding in review.findings)
        ),
        lost=tuple(piece for piece in case.kept if not _survives(piece, before=case.text, after=review.rewritten)),
        quoted=_touching(review, quoted),
        beside=tuple(
            finding.quote
            for finding in review.findings
            if not any(overlap((finding.start, finding.end), span) for span in violated.values())
        ),
        again=tuple(finding.quote for finding in again.findings),
        confined=_confined(case, review),
        untouched=review.rewritten == case.text,
        rewritten=review.rewritten,
        fallback=_fallback(review, again),
    )


def _fallback(*replies: Answer | Review) -> Fallback | None:
    return next((reply.fallback for reply in replies if reply.fallback), None)


def _plain(text: str) -> str:
    """Lower-cased, with straight quotes and single spaces, as `must_include` is compared."""
    return " ".join(text.lower().translate(_STRAIGHT).split())


def _span(text: str, piece: str) -> Span:
    return next(occurrences(text, piece))


def _finds(finding: Finding, row: int, span: Span, lesson: str) -> bool:
    named = (finding.row.lesson, finding.row.row) == (lesson, row)
    return named and overlap((finding.start, finding.end), span)


def _touching(review: Review, spans: list[Span]) -> tuple[str, ...]:
    return tuple(
        finding.quote
        for finding in review.findings
        if any(overlap((finding.start, finding.end), span) for span in spans)
    )


def _survives(piece: str, *, before: str, after: str) -> bool:
    return after.count(piece) >= before.count(piece)


def _confined(case: DraftCase, review: Review) -> bool:
    try:
        return splice(case.text, review.edits) == review.rewritten
    except ValueError:
        return False
