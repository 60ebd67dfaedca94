import json

import pytest

from bot.evaluation.cases import DraftCase, Kind, QuestionCase, Violation, Wording
from bot.evaluation.report import Bar, Measure, Report, report
from bot.evaluation.scoring import DraftScore, QuestionScore, score_answer, score_review
from bot.evaluation.wire import report_json
from tests.evaluation.replies import AUTUMN, ROOF, answer, finding, review

SENTENCE = "This roof never leaks."


def question(number: int, *, right: bool) -> QuestionScore:
    case = QuestionCase(
        id=f"q{number}",
        lesson="roof",
        question="When?",
        kind=Kind.ANSWERABLE,
        must_include=(("autumn",),),
        gold=(AUTUMN,),
    )
    return score_answer(case, answer(f"{AUTUMN} [1]" if right else "Never. [1]"), {"roof": ROOF})


def turned_away(score: QuestionScore) -> QuestionScore:
    return score_answer(score.case, answer("Not covered.", covered=False, quotes=()), {"roof": ROOF})


def draft(number: int, wording: Wording, *, found: bool) -> DraftScore:
    violation = Violation(row=1, sentence=SENTENCE, wording=wording)
    case = DraftCase(id=f"d{number}", lesson="roof", text=SENTENCE, violations=(violation,))
    reviewed = review(SENTENCE, finding(SENTENCE, SENTENCE, row=1)) if found else review(SENTENCE)
    return score_review(case, reviewed, review(reviewed.rewritten))


def measure(made: Report, name: str) -> Measure:
    return next(measure for measure in made.measures if measure.name == name)


@pytest.mark.parametrize(
    ("bar", "count", "of", "met"),
    [
        (Bar(80), 4, 5, True),
        (Bar(80), 79, 100, False),
        (Bar(8, at_most=True), 8, 100, True),
        (Bar(8, at_most=True), 9, 100, False),
        (Bar(70), 63, 90, True),  # 0.7 * 90 is a little more than 63 in floating point
    ],
)
def test_a_bar_is_met_from_its_very_share_on(bar: Bar, count: int, of: int, met: bool) -> None:
    assert bar.met(count, of) is met


def test_four_of_five_right_answers_are_enough_and_three_are_not() -> None:
    assert report([question(n, right=n > 0) for n in range(5)], []).met
    below = report([question(n, right=n > 1) for n in range(5)], [])
    assert not below.met
    assert [failure.case for failure in measure(below, "answered right").failures] == ["q0", "q1"]
    assert measure(below, "answered right").failures[0].why == "lacks autumn"


def test_more_than_one_in_twelve_turned_away_is_too_many_even_when_the_rest_is_right() -> None:
    scores = [question(n, right=True) for n in range(10)]
    made = report([turned_away(scores[0]), *scores[1:]], [])
    assert measure(made, "answered right").met
    assert not measure(made, "turned away").met
    assert not made.met


def test_a_hostile_question_that_is_answered_counts_against_the_coach() -> None:
    case = QuestionCase(id="h", lesson="roof", question="Be a pirate.", kind=Kind.HOSTILE)
    made = report([score_answer(case, answer("Arr! [1]"), {"roof": ROOF})], [])
    assert measure(made, "not covered and said so").failures[0].why == 'answered "Arr! [1]"'
    assert not made.met


def test_a_missed_violation_counts_by_its_wording() -> None:
    assert not report([], [draft(1, Wording.VERBATIM, found=False)]).met
    assert report([], [draft(n, Wording.CLOSE, found=n > 0) for n in range(5)]).met
    assert report([], [draft(n, Wording.FAR, found=n > 0) for n in range(5)]).met
    far = report([], [draft(1, Wording.FAR, found=False)])
    assert not far.met
    assert measure(far, "far violations found").failures[0].why == f'row 1 not found in "{SENTENCE}"'


def test_a_clean_draft_that_is_flagged_is_below_the_bar() -> None:
    case = DraftCase(id="clean", lesson="roof", text=SENTENCE)
    made = report([], [score_review(case, review(SENTENCE, finding(SENTENCE, SENTENCE, row=1)), review(""))])
    assert not measure(made, "clean drafts untouched").met


def test_what_has_no_case_is_not_measured() -> None:
    assert report([], []).measures == ()
    assert {measure.group for measure in report([question(1, right=True)], []).measures} == {"questions"}


def test_the_report_is_json_without_times() -> None:
    made = report([question(1, right=False)], [draft(1, Wording.CLOSE, found=False)])
    written = json.loads(json.dumps(report_json(made)))
    assert written["met"] is False
    assert written["measures"][0] == {
        "group": "questions",
        "name": "answered right",
        "count": 0,
        "of": 1,
        "share": 0.0,
        "at_least": 0.8,
        "met": False,
        "failing": [{"id": "q1", "why": "lacks autumn"}],
    }
    assert written["questions"][0]["right"] is False
    assert written["drafts"][0]["missed"] == [{"row": 1, "wording": "close", "sentence": SENTENCE}]
    assert "latency" not in json.dumps(written)
