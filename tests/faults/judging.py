"""What must hold for the reply to one message, whatever its script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.replies import Answer, Delta, EngineName, Event, Fallback, Reply, Review, Status
from bot.core.review import splice
from tests.engines.claude.asking import KNOWLEDGE
from tests.faults.scripts import Act, Message

LINES = {
    (passage.lesson, sentence.line, sentence.text) for passage in KNOWLEDGE.passages for sentence in passage.sentences
} | {(row.lesson, row.line, cell) for row in KNOWLEDGE.guide for cell in (row.dont_say, row.say, row.why)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that came of a message, and after how many seconds its last event."""

    events: tuple[Event, ...]
    seconds: float


def reply_of(outcome: Outcome) -> Reply:
    """The one reply, which must come last."""
    replies = [event for event in outcome.events if isinstance(event, Reply)]
    assert len(replies) == 1
    assert outcome.events[-1] is replies[0]
    return replies[0]


def whole_ones(acts: Sequence[Act]) -> set[str]:
    """The answers that may be what is said: those that nothing but retried failures comes before."""
    for act in acts:
        if act.whole is not None:
            return {act.whole}
        if act.ends:
            break
    return set()


def reasons(acts: Sequence[Act], *, left_alone: bool) -> set[Fallback]:
    """Why another engine may have replied. `left_alone` says that the breaker may have answered for other messages."""
    if left_alone:
        return set(Fallback) - {Fallback.BUDGET, Fallback.TOO_LONG}
    return {Fallback.SLOW}.union(*(act.reasons for act in acts))


def judge_answer(
    message: Message, outcome: Outcome, wholes: Mapping[str, Answer], instead: Answer, *, left_alone: bool
) -> None:
    """An answer is a whole one of the model's, to the character, or the lessons engine's with the reason."""
    answer = reply_of(outcome)
    assert isinstance(answer, Answer)
    assert all((cited.lesson, cited.line, cited.quote) in LINES for cited in answer.citations + answer.closest)
    deltas = [event.text for event in outcome.events if isinstance(event, Delta)]
    said = _said(answer)
    possible = [wholes[name] for name in whole_ones(message.acts)]
    if answer.fallback is None:
        assert said in [_said(whole) for whole in possible if whole.fallback is None]
        assert answer.engine is EngineName.CLAUDE
        assert "".join(deltas) in (answer.text, "" if not answer.covered else answer.text)
    else:
        assert answer.engine is EngineName.LESSONS
        possible_reasons = reasons(message.acts, left_alone=left_alone) | {whole.fallback for whole in possible}
        assert answer.fallback in possible_reasons
        assert said == _said(instead)
        # What was streamed before it fell is how a whole answer of the model's begins.
        streamed = "".join(deltas)
        assert streamed == answer.text or any(whole.text.startswith(streamed) for whole in wholes.values())


def _said(answer: Answer) -> tuple[object, ...]:
    return answer.text, answer.covered, answer.citations


def judge_review(message: Message, outcome: Outcome, draft: str, *, left_alone: bool) -> None:
    """A review leaves the draft alone outside its edits; that the result is clean is asked elsewhere."""
    review = reply_of(outcome)
    assert isinstance(review, Review)
    assert [event for event in outcome.events[:-1] if not isinstance(event, Status)] == []
    assert review.draft == draft
    assert review.rewritten == splice(draft, review.edits)  # raises where an edit's `before` does not fit
    assert all(
        any(edit.start <= finding.start and finding.end <= edit.end for edit in review.edits)
        for finding in review.findings
    )
    assert (review.engine is EngineName.LESSONS) == (review.fallback is not None)
    if review.fallback is None:
        assert whole_ones(message.acts)
    else:
        assert review.fallback in reasons(message.acts, left_alone=left_alone) | {Fallback.CUT_OFF}
