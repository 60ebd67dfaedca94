import pytest

from bot.core.lessons import GuideRow
from bot.knowledge.examples import Stance
from bot.phrasing.judging import Judgement
from bot.training.claim_card import Judged, nearness
from bot.training.claim_data import Labelled
from tests.phrasing.guides import DISHWASHERS, rows

SILENT, _, FILTER = rows(DISHWASHERS)


@pytest.mark.parametrize(
    ("text", "row", "grade"),
    [
        ("This dishwasher is silent", SILENT, "verbatim"),
        ("And THIS DISHWASHER IS SILENT, mind you!", SILENT, "verbatim"),
        ("This dishwasher is quite silent.", SILENT, "near-verbatim"),
        ("Silent dishwashers, that's what we sell.", SILENT, "near-verbatim"),
        ("The filter cleans itself, so forget maintenance.", FILTER, "near-verbatim"),
        ("The filter is cleaned by itself.", FILTER, "close"),
        ("Our dishwasher makes no noise at all.", SILENT, "close"),
        ("You will hear nothing.", SILENT, "far"),
        ("", SILENT, "far"),
    ],
)
def test_a_claim_is_graded_by_the_words_that_it_shares_with_its_dont_say(text: str, row: GuideRow, grade: str) -> None:
    assert nearness(text, row) == grade


def judged(*confidences: float) -> Judged:
    sentence = Labelled("dishwashers", "You will hear nothing.", "", "", frozenset({1}), 1, Stance.ASSERTS)
    return Judged(sentence, tuple(Judgement(row, one) for row, one in zip((SILENT, FILTER), confidences, strict=False)))


def test_a_sentence_is_found_for_the_rows_of_its_findings_and_as_sure_as_its_surest_claim() -> None:
    assert (judged(0.9, 0.6).found, judged(0.9, 0.6).confidence) == ((1, 3), 0.9)
    assert (judged(0.55, 0.3).found, judged(0.55, 0.3).confidence) == ((1,), 0.55)
    assert (judged(0.49).found, judged(0.49).confidence) == ((), 0.49)
    assert (judged().found, judged().confidence) == ((), 0.0)
