import math

import pytest

from bot.core.replies import Finding
from bot.encoder.claim_encoder import ClaimEncoder, InContext
from bot.phrasing.finding import GuideClaimFinder
from bot.phrasing.judging import FINDING
from tests.phrasing.guides import DISHWASHERS, HOME_INSURANCE, first_lesson, knowledge, rows
from tests.phrasing.telling import ToldEncoder, certainty_of

GUIDE = rows(HOME_INSURANCE, DISHWASHERS)
SNAPSHOT = knowledge(GUIDE)
DRAFT = (
    "Hi Ana,\n\nthanks for the call. As promised, our policy covers every flood. You'll never pay a deductible!\n\n"
    "- This dishwasher is silent.\n- It doesn't wash everything in 20 minutes.\n\n"
    "Is your cellar below the river?\n\nBest,\nTom\n"
)


@pytest.fixture(scope="module")
def finder() -> GuideClaimFinder:
    return GuideClaimFinder(ClaimEncoder())


def said(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.row.dont_say for finding in findings]


async def test_findings_come_in_the_drafts_order_with_exact_quotes(finder: GuideClaimFinder) -> None:
    findings, _ = await finder.find(DRAFT, SNAPSHOT)
    assert said(findings) == [
        "Our policy covers every flood",
        "You'll never pay a deductible",
        "This dishwasher is silent",
    ]
    assert all(DRAFT[finding.start : finding.end] == finding.quote for finding in findings)
    assert all(finding.confidence >= FINDING for finding in findings)


async def test_what_is_not_sure_enough_is_a_note() -> None:
    sure, unsure, not_at_all = (
        InContext(f"Whatever the river does, {end}.") for end in ("we pay", "we help", "we write")
    )
    log_odds = {
        sure: {GUIDE[0].dont_say: 2.0},
        unsure: {GUIDE[1].dont_say: -0.5},
        not_at_all: {GUIDE[2].dont_say: -2.0},
    }
    finder = GuideClaimFinder(ToldEncoder(GUIDE, log_odds), certainty_of())
    findings, notes = await finder.find(" ".join(unit.text for unit in log_odds), SNAPSHOT)
    assert [(one.row, one.quote) for one in findings] == [(GUIDE[0], sure.text)]
    assert [(one.row, one.quote) for one in notes] == [(GUIDE[1], unsure.text)]
    assert notes[0].confidence == round(1 / (1 + math.exp(0.5)), 4)


async def test_a_paraphrase_of_a_row_with_examples_is_found(finder: GuideClaimFinder) -> None:
    findings, _ = await finder.find("We can train the model on your policy manuals.", knowledge(first_lesson()))
    assert said(findings) == ["We can train the model on your documents"]


async def test_a_sentence_is_judged_in_its_context() -> None:
    asked, told = InContext("It is.", before="Is this dishwasher silent?"), InContext("It is.", before="Is it ten yet?")
    encoder = ToldEncoder(GUIDE, {asked: {GUIDE[4].dont_say: 3.0}})
    finder = GuideClaimFinder(encoder, certainty_of())
    draft = "Is this dishwasher silent? It is. Is it ten yet? It is."
    findings, _ = await finder.find(draft, SNAPSHOT)
    assert [(one.row, one.start, one.end) for one in findings] == [(GUIDE[4], 27, 33)]
    assert {asked, told} <= set(encoder.asked)


async def test_each_sentence_has_its_neighbours_across_windows_and_the_last_one_none_after_it() -> None:
    sentences = [f"That was number {n}." for n in range(200)]
    encoder = ToldEncoder(GUIDE, {})
    await GuideClaimFinder(encoder, certainty_of()).find(" ".join(sentences), SNAPSHOT)
    beside = zip(["", *sentences], sentences, [*sentences[1:], ""], strict=False)
    assert encoder.asked[len(GUIDE) :] == [InContext(text, before, after) for before, text, after in beside]


async def test_list_items_are_read_with_the_line_that_leads_them_in() -> None:
    encoder = ToldEncoder(GUIDE, {})
    await GuideClaimFinder(encoder, certainty_of()).find("It isn't:\n\n- silent\n- free\n\nThanks.", SNAPSHOT)
    assert encoder.asked[len(GUIDE) :] == [
        InContext("It isn't:"),
        InContext("silent", before="It isn't:"),
        InContext("free", before="It isn't:"),
    ]


async def test_a_sentence_is_read_once_for_a_guide_and_again_for_a_changed_one() -> None:
    encoder = ToldEncoder(GUIDE, {})
    finder = GuideClaimFinder(encoder, certainty_of())
    await finder.find(DRAFT, SNAPSHOT)
    read = len(encoder.asked)
    await finder.find(DRAFT, SNAPSHOT)
    assert len(encoder.asked) == read
    await finder.find(DRAFT, knowledge(GUIDE[:4]))
    assert len(encoder.asked) > read


async def test_every_call_finds_the_same(finder: GuideClaimFinder) -> None:
    assert await finder.find(DRAFT, SNAPSHOT) == await finder.find(DRAFT, SNAPSHOT)


async def test_a_changed_guide_is_used_at_once(finder: GuideClaimFinder) -> None:
    await finder.find(DRAFT, SNAPSHOT)
    findings, _ = await finder.find(DRAFT, knowledge(rows(DISHWASHERS)))
    assert set(said(findings)) == {"This dishwasher is silent"}


async def test_a_draft_longer_than_one_window_is_judged_to_its_end(finder: GuideClaimFinder) -> None:
    draft = "The weather was fine on that day. " * 200 + "Our policy covers every flood."
    findings, _ = await finder.find(draft, SNAPSHOT)
    assert [finding.end for finding in findings] == [len(draft)]


async def test_a_snapshot_without_a_guide_finds_nothing(finder: GuideClaimFinder) -> None:
    assert await finder.find(DRAFT, knowledge(())) == ((), ())
