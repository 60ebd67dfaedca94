"""A lesson that holds an injection is one more lesson: the others are told, and drafts are reviewed, as without it."""

import asyncio

from bot.core.messages import Meant
from bot.core.replies import Answer, Review
from bot.stores.sqlite.store import SqliteStore
from tests.injection.asking import AT_ONCE, QUESTION
from tests.injection.coaches import Bench, Known, Lessons, events, the
from tests.injection.drafts import CLAIM, KEPT
from tests.injection.styles import Style, styles

QUESTIONS = (
    QUESTION,
    "What does prompting cost?",
    "What does LoRA not change?",
)
DRAFT = f"Hi Dana,\n\n{CLAIM} {KEPT}\n\nBest,\nLee\n"


async def told(store: SqliteStore, known: Lessons) -> list[object]:
    """The answers and the review, by what a reader gets of them."""
    coach = Bench.before("", store, known).coach(asks=False)
    answers = [the(Answer, await events(coach, question, meant=Meant.QUESTION)) for question in QUESTIONS]
    review = the(Review, await events(coach, DRAFT, meant=Meant.DRAFT))
    return [*((answer.covered, answer.text, answer.citations) for answer in answers), review.findings, review.rewritten]


async def test_a_lesson_with_an_injection_changes_nothing_of_what_the_others_say(
    store: SqliteStore, known: Known
) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(style: Style) -> list[object]:
        async with turn:
            return await told(store, known.poisoned[style.id])

    alone = await told(store, known.shipped)
    beside = await asyncio.gather(*map(one, styles()))
    assert [style.id for style, given in zip(styles(), beside, strict=True) if given != alone] == []
