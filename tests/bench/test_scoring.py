import json

import pytest

from tests.bench.labelled import Labelled, read
from tests.bench.scoring import Judged, Share, best_threshold, by_stance, precision, recall, right_rows


def sentence(stance: str, *rows: int) -> Labelled:
    return Labelled(text="A claim.", before="", after="", stance=stance, rows=frozenset(rows))


JUDGED = (
    Judged(sentence("asserts", 1), frozenset({1})),
    Judged(sentence("asserts", 1, 8), frozenset({1, 3})),
    Judged(sentence("asserts", 2), frozenset({4})),
    Judged(sentence("asserts", 5), frozenset()),
    Judged(sentence("denies"), frozenset({5})),
    Judged(sentence("denies"), frozenset()),
    Judged(sentence("other"), frozenset()),
)


def test_a_sentence_counts_once_for_precision_and_recall_whichever_row_it_was_flagged_for() -> None:
    assert precision(JUDGED) == Share(3, 4)
    assert recall(JUDGED) == Share(3, 4)


def test_rows_are_counted_claim_by_claim_in_the_hits_alone_and_the_others_flagged_there_too() -> None:
    assert right_rows(JUDGED) == (Share(2, 4), 2)


def test_each_stance_without_a_claim_tells_how_many_were_flagged() -> None:
    assert by_stance(JUDGED) == {"denies": Share(1, 2), "other": Share(0, 1)}


def test_a_share_of_nothing_is_none() -> None:
    assert str(precision(JUDGED[-1:])) == "none (0 of 0)"
    assert str(Share(1, 8)) == "12.5% (1 of 8)"


@pytest.mark.parametrize(
    ("scores", "claiming", "threshold"),
    [
        ([0.9, 0.8, 0.7, 0.1], [True, False, True, False], 0.7),
        ([0.9, 0.8, 0.7, 0.1], [True, False, False, False], 0.9),
        ([0.5, 0.5, 0.2], [True, False, True], 0.2),
    ],
)
def test_the_best_threshold_has_the_highest_f1(scores: list[float], claiming: list[bool], threshold: float) -> None:
    assert best_threshold(scores, claiming) == threshold


def test_two_lines_of_one_sentence_are_one_sentence_that_makes_two_claims() -> None:
    lines = [
        {"text": "It knows, and stays current.", "row": 1, "stance": "asserts"},
        {"text": "It knows, and stays current.", "row": 8, "stance": "asserts"},
        {"text": "It knows, and stays current.", "row": 8, "stance": "denies", "before": "False:"},
        {"text": "Thanks.", "row": None, "stance": "other"},
    ]
    claiming, denying, other = read(json.dumps(line) for line in lines)
    assert (claiming.stance, claiming.rows) == ("asserts", frozenset({1, 8}))
    assert (denying.stance, denying.rows) == ("denies", frozenset())
    assert (other.draft, other.rows) == ("Thanks.", frozenset())


def test_what_is_found_in_the_sentences_around_does_not_count() -> None:
    labelled = Labelled(text="B.", before="A.", after="C.", stance="other", rows=frozenset())
    assert labelled.draft == "A. B. C."
    assert [labelled.holds(start, start + 2) for start in (0, 3, 6)] == [False, True, False]
