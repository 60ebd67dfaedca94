"""Puts the cases to a coach, one after another, as a person would."""

from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

from bot.core.coach import Coach
from bot.core.lessons import Lesson
from bot.core.messages import Incoming, Meant
from bot.core.replies import Answer, Refused, Reply, Review
from bot.evaluation.cases import DraftCase, QuestionCase
from bot.evaluation.scoring import DraftScore, QuestionScore, score_answer, score_review

PERSON = "eval"
"""Whom the cases' questions come from; no person."""


class CaseRefusedError(Exception):
    """The coach does not take a case's text: it is too long, or binary."""

    def __init__(self, case: QuestionCase | DraftCase, refused: Refused) -> None:
        super().__init__(f"case {case.id!r:.60}: {refused.reason}")


async def score_questions(
    coach: Coach, cases: Sequence[QuestionCase], lessons: Sequence[Lesson]
) -> AsyncIterator[QuestionScore]:
    """Asks each question in a thread of its own and yields its score; `lessons` are those in force.

    The coach must not know the threads from an earlier evaluation.

    Raises:
        CaseRefusedError: the coach takes a case's text for no question.
    """
    known = {lesson.id: lesson for lesson in lessons}
    for case in cases:
        earlier = [await _answer(coach, case, asked) for asked in case.thread]
        answer = await _answer(coach, case, case.question)
        yield score_answer(case, answer, known, earlier)


async def score_drafts(coach: Coach, cases: Sequence[DraftCase]) -> AsyncIterator[DraftScore]:
    """Reviews each draft, then what it was rewritten to, and yields its score.

    Raises:
        CaseRefusedError: the coach takes a case's text for no draft.
    """
    for case in cases:
        review = await _review(coach, case, case.text)
        yield score_review(case, review, await _review(coach, case, review.rewritten))


async def _answer(coach: Coach, case: QuestionCase, question: str) -> Answer:
    reply = await _reply(coach, case, question, Meant.QUESTION)
    if isinstance(reply, Answer):
        return reply
    raise RuntimeError(f"the coach gave no answer to case {case.id!r:.60}")


async def _review(coach: Coach, case: DraftCase, text: str) -> Review:
    reply = await _reply(coach, case, text, Meant.DRAFT)
    if isinstance(reply, Review):
        return reply
    raise RuntimeError(f"the coach gave no review of case {case.id!r:.60}")


async def _reply(coach: Coach, case: QuestionCase | DraftCase, text: str, meant: Meant) -> Reply:
    thread = f"{PERSON}:{case.id}"
    reply = await coach.reply(Incoming(id=uuid4().hex, person=PERSON, thread=thread, text=text, meant=meant))
    if isinstance(reply, Refused):
        raise CaseRefusedError(case, reply)
    return reply
