"""The cases that ship are sound: loading has checked each line, this checks what they are as a whole."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.evaluation.cases import Cases, Form, Kind, Wording
from bot.evaluation.loading import load_cases
from bot.knowledge.library import FolderLibrary

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture
async def cases() -> Cases:
    return load_cases(KNOWLEDGE, await FolderLibrary(KNOWLEDGE).lessons())


async def test_there_are_enough_questions_of_every_kind_and_form(cases: Cases) -> None:
    kinds = Counter(case.kind for case in cases.questions)
    assert kinds[Kind.ANSWERABLE] >= 60
    assert kinds[Kind.UNANSWERABLE] >= 22
    assert kinds[Kind.HOSTILE] >= 10
    forms = Counter(case.form for case in cases.questions if case.kind is Kind.ANSWERABLE)
    assert min(forms[form] for form in Form) >= 6


async def test_every_section_and_guide_row_is_asked_about(cases: Cases) -> None:
    (lesson,) = await FolderLibrary(KNOWLEDGE).lessons()
    gold = [quote for case in cases.questions for quote in case.gold]
    asked = {passage.section for passage in lesson.passages for quote in gold if quote in passage.text}
    assert asked == {passage.section for passage in lesson.passages}
    assert all(any(quote in (row.dont_say, row.say, row.why) for quote in gold) for row in lesson.guide)


async def test_gold_lines_hold_what_an_answer_must_include(cases: Cases) -> None:
    for case in cases.questions:
        gold = " ".join(case.gold).lower()
        for alternatives in case.must_include:
            assert any(alternative.lower() in gold for alternative in alternatives), case.id


async def test_there_are_enough_drafts_with_and_without_violations(cases: Cases) -> None:
    violating = [case for case in cases.drafts if case.violations]
    assert len(violating) >= 28
    assert len(cases.drafts) - len(violating) >= 12
    assert max(len(case.violations) for case in violating) <= 4


async def test_drafts_are_as_long_as_mail_is_and_say_what_to_keep(cases: Cases) -> None:
    for case in cases.drafts:
        assert 50 <= len(case.text.split()) <= 250, case.id
        assert case.must_keep, case.id


async def test_every_row_is_violated_in_every_wording(cases: Cases) -> None:
    violated = {(violation.row, violation.wording) for case in cases.drafts for violation in case.violations}
    assert violated == {(row, wording) for row in range(1, 11) for wording in Wording}


async def test_verbatim_violations_hold_the_guides_words(cases: Cases) -> None:
    (lesson,) = await FolderLibrary(KNOWLEDGE).lessons()
    for case in cases.drafts:
        for violation in case.violations:
            if violation.wording is Wording.VERBATIM:
                dont_say = lesson.guide[violation.row - 1].dont_say.lower()
                assert dont_say in violation.sentence.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"), case.id


async def test_drafts_have_many_shapes(cases: Cases) -> None:
    shapes = {
        "quoted lines": r"(?m)^> ",
        "a forwarded chain": r"Forwarded message|Begin forwarded",
        "CRLF": "\r\n",
        "HTML": r"<p>|<div>",
        "Markdown": r"(?m)^## ",
        "code": "```",
        "links": "https://",
        "a phone's signature": "Sent from my",
        "nested bullets": r"(?m)^    - ",
        "labels": r"(?m)^- \w+: ",
        "emoji": "[\U0001f300-\U0001faff]",
        "curly quotes": "\N{RIGHT SINGLE QUOTATION MARK}",
    }
    for shape, pattern in shapes.items():
        assert any(re.search(pattern, case.text) for case in cases.drafts), shape
