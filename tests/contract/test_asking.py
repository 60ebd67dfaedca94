"""Questions: the answer, what it rests on, what to say, and what the lessons do not answer."""

import pytest

from bot.core.ask import MAX_QUESTION
from tests.contract.channel import Coached
from tests.contract.coach import LONG, MARKUP
from tests.contract.differences import UNKNOWN
from tests.contract.seeing import sees
from tests.contract.shown import Answered, Told

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION, FOLLOW_UP = "How should gutters be cleared in autumn?", "Why is it so?"
GUTTERS, ROOF = "Clear the gutters every autumn.", "A roof lasts thirty years when its gutters are kept clear."


def answer(number: int) -> Answered:
    """The answer about gutters as the `number`th of its conversation."""
    return Answered(
        lines=(f"(question {number}) {GUTTERS} [1] {ROOF} [2]",),
        quotes=(GUTTERS, ROOF),
        version=1,
    )


async def test_an_answer_shows_the_lines_that_it_rests_on_and_the_version_that_made_it(coached: Coached) -> None:
    rep = await coached.person()
    await rep.ask(QUESTION)
    await sees(rep, answer(1))


async def test_a_follow_up_is_understood_in_its_conversation_and_nowhere_else(coached: Coached) -> None:
    rep = await coached.person()
    await rep.ask(QUESTION)
    await rep.ask(FOLLOW_UP)
    await sees(rep, answer(2))
    elsewhere = await coached.person()
    await elsewhere.ask(FOLLOW_UP)
    await sees(elsewhere, UNKNOWN)


async def test_what_the_lessons_do_not_answer_is_said_with_the_closest_lines(coached: Coached) -> None:
    rep = await coached.person()
    await rep.ask("Which gutters travel abroad by ship?")
    await sees(rep, Answered(lines=UNKNOWN.lines, closest=(ROOF, GUTTERS), version=1))


async def test_approved_wording_stands_ready_to_copy(coached: Coached) -> None:
    rep = await coached.person()
    await rep.ask("Can I say this roof never leaks?")
    say, not_, why = "This roof is guaranteed for ten years", "This roof never leaks", "No roof never leaks"
    await sees(
        rep, Answered(lines=(f'Not: "{not_}" [2]', f"Why: {why} [3]"), say=say, quotes=(say, not_, why), version=1)
    )


async def test_a_line_that_looks_like_markup_is_quoted_as_it_stands_in_the_lesson(coached: Coached) -> None:
    rep = await coached.person()
    await rep.ask("Do lichen and moss love shade?")
    await sees(rep, Answered(lines=(f"(question 1) {MARKUP} [1]",), quotes=(MARKUP,), version=1))


async def test_a_long_line_is_quoted_whole(coached: Coached) -> None:
    rep = await coached.person()
    await rep.ask("Where does flashing go?")
    await sees(rep, Answered(lines=(f"(question 1) {LONG} [1]",), quotes=(LONG,), version=1))


ODD = [
    "gutters, autumn: <b>in</b> *it* & _co._ `x` [x](http://x) <at>Bo</at> <@U2> &amp;?",
    "\N{FAMILY} gutters \U0001f469\u200d\U0001f469\u200d\U0001f467 autumn e\u0301 \u05e9\u05dc\u05d5\u05dd \ufdfa?",
    "gutters autumn " + "\N{COMBINING ACUTE ACCENT}" * 60 + "?",
    "gutters, autumn; '\"--$(rm -rf /)'; DROP {{7*7}} %s %n \\x1b[2J",
]
GARBAGE = ["?? ;; %%%", "\N{PILE OF POO}" * 3, "]]>>><<<{{", "asdf jkl qwer ty"]


async def test_an_odd_question_is_a_question(coached: Coached) -> None:
    rep = await coached.person()
    for number, question in enumerate(ODD, 1):
        await rep.ask(question)
        await sees(rep, answer(number))


async def test_garbage_is_not_in_the_lessons(coached: Coached) -> None:
    rep = await coached.person()
    for garbage in GARBAGE:
        await rep.ask(garbage)
        await sees(rep, UNKNOWN)


async def test_a_question_that_is_too_long_is_told_so_in_a_line(coached: Coached) -> None:
    rep = await coached.person()
    await rep.say("why " * 600)
    await sees(rep, Told(f"The question has 2,399 characters; at most {MAX_QUESTION:,} are taken. Send it in parts."))
