import pytest

from bot.core.replies import Finding
from bot.encoder.embedder import Embedder
from bot.phrasing.finding import GuideClaimFinder
from bot.phrasing.judging import FINDING, NOTE
from tests.phrasing.guides import DISHWASHERS, HOME_INSURANCE, first_lesson, knowledge, rows

SNAPSHOT = knowledge(rows(HOME_INSURANCE, DISHWASHERS))
DRAFT = (
    "Hi Ana,\n\nthanks for the call. As promised, our policy covers every flood. You'll never pay a deductible!\n\n"
    "- This dishwasher is silent.\n- It doesn't wash everything in 20 minutes.\n\n"
    "Is your cellar below the river?\n\nBest,\nTom\n"
)


@pytest.fixture(scope="module")
def finder() -> GuideClaimFinder:
    return GuideClaimFinder(Embedder())


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


async def test_what_is_not_sure_enough_is_a_note(finder: GuideClaimFinder) -> None:
    guide = first_lesson()
    findings, notes = await finder.find("We can train the model on your policy manuals.", knowledge(guide))
    assert findings == ()
    assert said(notes) == ["We can train the model on your documents"]
    assert all(NOTE <= note.confidence < FINDING for note in notes)


async def test_every_call_finds_the_same(finder: GuideClaimFinder) -> None:
    assert await finder.find(DRAFT, SNAPSHOT) == await finder.find(DRAFT, SNAPSHOT)


async def test_a_changed_guide_is_used_at_once(finder: GuideClaimFinder) -> None:
    await finder.find(DRAFT, SNAPSHOT)
    findings, _ = await finder.find(DRAFT, knowledge(rows(DISHWASHERS)))
    assert said(findings) == ["This dishwasher is silent"]


async def test_a_draft_longer_than_one_window_is_judged_to_its_end(finder: GuideClaimFinder) -> None:
    draft = "The weather was fine on that day. " * 200 + "Our policy covers every flood."
    findings, _ = await finder.find(draft, SNAPSHOT)
    assert [finding.end for finding in findings] == [len(draft)]


async def test_a_snapshot_without_a_guide_finds_nothing(finder: GuideClaimFinder) -> None:
    assert await finder.find(DRAFT, knowledge(())) == ((), ())
