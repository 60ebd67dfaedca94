from collections.abc import Sequence

import pytest

from bot.core.lessons import GuideRow, Knowledge, Lesson, Passage, Sentence
from bot.core.ports import AnswerTask, Composed, Evidence, Hit, RewriteTask, Rewriting
from bot.core.replies import Delta, Finding
from bot.engines.lessons import LessonsEngine
from bot.phrasing.splicing import GuideSplicer
from tests.core.pinned import PROMPT

PASSAGE = Passage(
    lesson="bikes",
    section="Brakes",
    ordinal=0,
    sentences=(Sentence("Discs stop a bike in the wet.", 5), Sentence("They weigh more than rim brakes.", 5)),
)
ROW = GuideRow("bikes", "Guide", 1, "Discs never fade", "Discs fade late", "Keeps a promise we can keep", line=9)
CELLS = Passage("bikes", "Guide", -1, tuple(Sentence(cell, 9) for cell in (ROW.dont_say, ROW.say, ROW.why)))


def knowledge(*titles: str) -> Knowledge:
    return Knowledge(
        tuple(
            Lesson(id=title.lower(), title=title, order=0, sections=("Brakes", "Gears"), passages=(), guide=())
            for title in titles
        )
    )


def evidence(hits: Sequence[Hit], *, covered: bool = True, misuse: bool = False) -> Evidence:
    return Evidence(question="q", hits=tuple(hits), coverage=0.5, covered=covered, misuse=misuse)


async def answer(found: Evidence, lessons: Knowledge) -> tuple[str, Composed]:
    streamed, composed = "", None
    async for item in LessonsEngine().answer(AnswerTask("q", found, lessons), PROMPT, person="local"):
        if isinstance(item, Delta):
            streamed += item.text
        else:
            composed = item
    assert composed is not None
    return streamed, composed


async def test_an_answer_is_the_lessons_sentences_each_with_its_citation() -> None:
    hits = [Hit(PASSAGE, 1, 0.9), Hit(PASSAGE, 0, 0.5)]
    streamed, composed = await answer(evidence(hits), knowledge("Bikes"))
    assert composed.text == "Discs stop a bike in the wet. [1] They weigh more than rim brakes. [2]"
    assert [citation.quote for citation in composed.citations] == [sentence.text for sentence in PASSAGE.sentences]
    assert streamed == composed.text


async def test_a_question_about_wording_is_answered_by_the_guide_row() -> None:
    hits = [Hit(CELLS, 1, 0.9, ROW), Hit(PASSAGE, 0, 0.1)]
    _, composed = await answer(evidence(hits), knowledge("Bikes"))
    assert composed.text == (
        'Say: "Discs fade late" [1]\n\nNot: "Discs never fade" [2]\n\nWhy: Keeps a promise we can keep [3]'
    )
    assert [citation.quote for citation in composed.citations] == [ROW.say, ROW.dont_say, ROW.why]


async def test_the_lines_behind_a_guide_row_follow_it() -> None:
    hits = [Hit(CELLS, 1, 0.9, ROW), Hit(PASSAGE, 0, 0.6)]
    _, composed = await answer(evidence(hits), knowledge("Bikes"))
    assert composed.text.endswith("\n\nDiscs stop a bike in the wet. [4]")
    assert [citation.n for citation in composed.citations] == list(range(1, len(composed.citations) + 1))


@pytest.mark.parametrize("misuse", [False, True])
async def test_what_is_not_covered_says_so_and_what_is(misuse: bool) -> None:
    _, composed = await answer(
        evidence([Hit(PASSAGE, 0, 0.1)], covered=False, misuse=misuse), knowledge("Bikes", "Locks")
    )
    assert not composed.covered
    assert composed.citations == ()
    assert "They cover Bikes; Locks." in composed.text
    assert [citation.quote for citation in composed.closest] == ([] if misuse else [PASSAGE.sentences[0].text])


async def test_without_lessons_the_coach_says_that_none_is_loaded() -> None:
    _, composed = await answer(evidence([], covered=False), knowledge())
    assert "No lesson is loaded" in composed.text


async def test_a_long_list_of_lessons_is_cut_with_its_count() -> None:
    lessons = knowledge(*(f"Lesson {number}" for number in range(12)))
    _, composed = await answer(evidence([], covered=False), lessons)
    assert "and 8 more" in composed.text
    assert len(composed.text.split()) <= 150


async def test_a_draft_gets_no_words_but_the_approved_ones() -> None:
    draft = "Hi. Discs never fade. Bye."
    finding = Finding(row=ROW, start=4, end=21, quote="Discs never fade.", confidence=0.9)
    (approved,) = await GuideSplicer().edits(draft, [finding])
    assert (approved.before, approved.after) == ("Discs never fade.", "Discs fade late.")
    task = RewriteTask(draft, (finding,), (approved,), knowledge("Bikes"))
    assert await LessonsEngine().rewrite(task, PROMPT, person="local") == Rewriting()
