"""Puts the cases to a coach, one after another, as a person would."""

from collections.abc import AsyncIterator, Sequence

from bot.core.coach import Coach
from bot.core.lessons import Lesson
from bot.core.messages import Incoming
from bot.core.replies import Answer, Refused, Review
from bot.evaluation.cases import DraftCase, QuestionCase
from bot.evaluation.scoring import DraftScore, QuestionScore, score_answer, score_review

PERSON = "local:eval"


class CaseRefusedError(Exception):
    """The coach does not take a case's text: it is too long, or binary."""

    def __init__(self, case: QuestionCase | DraftCase, refused: Refused) -> None:
        super().__init__(f"case {case.id!r:.60}: {refused.reason}")


async def score_questions(
    coach: Coach, cases: Sequence[QuestionCase], lessons: Sequence[Lesson]
) -> AsyncIterator[QuestionScore]:
    """Asks each question in a thread of its own and yields its score; `lessons` are those in force.

    Raises:
        CaseRefusedError: the coach takes a case's text for no question.
    """
    known = {lesson.id: lesson for lesson in lessons}
    for case in cases:
        try:
            for earlier in case.thread:
                await _answer(coach, case, earlier)
            answer = await _answer(coach, case, case.question)
        finally:
            await _forget(coach, case)
        yield score_answer(case, answer, known)


async def score_drafts(coach: Coach, cases: Sequence[DraftCase]) -> AsyncIterator[DraftScore]:
    """Reviews each draft, then what it was rewritten to, and yields its score.

    Raises:
        CaseRefusedError: the coach takes a case's text for no draft.
    """
    for case in cases:
        review = await _review(coach, case, case.text)
        yield score_review(case, review, await _review(coach, case, review.rewritten))


async def _answer(coach: Coach, case: QuestionCase, question: str) -> Answer:
    async for event in coach.ask(question, person=PERSON, thread=_thread(case)):
        if isinstance(event, Refused):
            raise CaseRefusedError(case, event)
        if isinstance(event, Answer):
            return event
    raise RuntimeError(f"the coach ended without an answer to case {case.id!r:.60}")


async def _review(coach: Coach, case: DraftCase, text: str) -> Review:
    reply = await coach.review(text)
    if isinstance(reply, Refused):
        raise CaseRefusedError(case, reply)
    if isinstance(reply, Review):
        return reply
    raise RuntimeError(f"the coach gave no review of case {case.id!r:.60}")


async def _forget(coach: Coach, case: QuestionCase) -> None:
    """Erases the case's thread: the next evaluation must not find it."""
    forget = Incoming(id=_thread(case), person=PERSON, thread=_thread(case), text="forget me")
    async for _ in coach.handle(forget):
        pass


def _thread(case: QuestionCase) -> str:
    return f"{PERSON}:{case.id}"
