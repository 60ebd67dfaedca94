import pytest

from bot.core.replies import Answer
from bot.evaluation.cases import DraftCase, Kind, QuestionCase, Violation, Wording
from bot.evaluation.scoring import MAX_WORDS, DraftScore, QuestionScore, score_answer, score_review
from tests.evaluation.replies import AUTUMN, ROOF, answer, finding, review

GUTTERS = QuestionCase(
    id="gutters",
    lesson="roof",
    question="When are the gutters cleared?",
    kind=Kind.ANSWERABLE,
    must_include=(("every autumn", "each fall"), ("gutters",)),
    gold=(AUTUMN,),
)
PRICE = QuestionCase(id="price", lesson="roof", question="What does a tile cost?", kind=Kind.UNANSWERABLE)

LEAKS = "This roof never leaks."
BUYER = "> Will our tiles last forever?"
DRAFT = f"Hi Ann,\r\n\r\n{LEAKS} We start on May 5.\r\n\r\n{BUYER}\r\n"
VIOLATION = Violation(row=1, sentence=LEAKS, wording=Wording.VERBATIM)
LETTER = DraftCase(
    id="letter", lesson="roof", text=DRAFT, violations=(VIOLATION,), must_keep=("May 5",), quoted=(BUYER,)
)
FOUND = finding(DRAFT, LEAKS, row=1)


def scored(case: QuestionCase, reply: Answer) -> QuestionScore:
    return score_answer(case, reply, {"roof": ROOF})


def test_an_answer_with_one_alternative_of_each_list_is_right() -> None:
    assert scored(GUTTERS, answer("Each Fall, [1]\nclear the gutters. [2]")).right


def test_an_answer_that_lacks_a_list_is_wrong_and_says_which() -> None:
    score = scored(GUTTERS, answer("Clear the gutters. [1]"))
    assert not score.right
    assert score.missing == (("every autumn", "each fall"),)


@pytest.mark.parametrize(
    "written", ["it\N{RIGHT SINGLE QUOTATION MARK}s  low\N{NON-BREAKING HYPHEN}rank", "IT'S\nLOW-rank"]
)
def test_case_quotes_hyphens_and_spacing_do_not_matter(written: str) -> None:
    case = QuestionCase(
        id="x", lesson="roof", question="?", kind=Kind.ANSWERABLE, must_include=(("it's low-rank",),), gold=(AUTUMN,)
    )
    assert scored(case, answer(written)).right


def test_markers_are_no_words_and_one_word_too_many_is_wrong() -> None:
    text = "every autumn the gutters " + "so " * (MAX_WORDS - 4) + "[1] [2]"
    assert scored(GUTTERS, answer(text)).right
    assert not scored(GUTTERS, answer(f"more {text}")).right


@pytest.mark.parametrize("quote", ["Clear the gutters every Autumn.", "", " "])
def test_a_quote_that_is_not_in_the_lesson_to_the_letter_makes_an_answer_wrong(quote: str) -> None:
    score = scored(GUTTERS, answer("Gutters, every autumn. [1]", quotes=(AUTUMN, quote)))
    assert not score.right
    assert score.inexact == (quote,)


def test_a_quote_of_a_lesson_that_is_not_in_force_is_inexact() -> None:
    assert scored(GUTTERS, answer("x", lesson="walls")).inexact == (AUTUMN,)


def test_a_guide_cell_can_be_quoted() -> None:
    assert not scored(PRICE, answer("x", quotes=("The warranty says sixty",))).inexact


def test_what_is_turned_away_is_not_right_whatever_it_says() -> None:
    assert not scored(GUTTERS, answer("Gutters, every autumn.", covered=False, quotes=())).right


def test_a_refusal_covers_nothing_and_cites_nothing() -> None:
    assert scored(PRICE, answer("Not covered.", covered=False, quotes=())).refused
    assert not scored(PRICE, answer("Not covered. [1]", covered=False)).refused
    assert not scored(PRICE, answer("Sixty years. [1]")).refused


def test_a_good_review_scores_clean() -> None:
    reviewed = review(DRAFT, FOUND)
    score = score_review(LETTER, reviewed, review(reviewed.rewritten))
    assert score == DraftScore(
        case=LETTER,
        missed=(),
        lost=(),
        quoted=(),
        beside=(),
        again=(),
        confined=True,
        untouched=False,
        rewritten=reviewed.rewritten,
        fallback=None,
    )


def test_a_violation_without_a_finding_is_missed() -> None:
    score = score_review(LETTER, review(DRAFT), review(DRAFT))
    assert score.missed == (VIOLATION,)
    assert score.untouched


def test_a_finding_of_another_row_does_not_find_the_violation() -> None:
    score = score_review(LETTER, review(DRAFT, finding(DRAFT, LEAKS, row=2)), review(DRAFT))
    assert score.missed == (VIOLATION,)
    assert not score.beside


def test_a_finding_in_a_quoted_line_is_told_and_lies_beside_the_violations() -> None:
    score = score_review(LETTER, review(DRAFT, FOUND, finding(DRAFT, BUYER, row=2)), review(DRAFT))
    assert score.quoted == score.beside == (BUYER,)
    assert score.lost == (BUYER,)


def test_a_piece_that_was_there_twice_has_to_be_there_twice() -> None:
    text = f"May 5 or not: May 5. {LEAKS}"
    case = DraftCase(id="x", lesson="roof", text=text, violations=(VIOLATION,), must_keep=("May 5",))
    once = review(text, rewritten="May 5 or not.")
    assert score_review(case, once, once).lost == ("May 5",)


def test_a_change_outside_the_edits_is_seen() -> None:
    reviewed = review(DRAFT, FOUND, rewritten=review(DRAFT, FOUND).rewritten.replace("\r\n", "\n"))
    assert not score_review(LETTER, reviewed, reviewed).confined


def test_edits_that_do_not_fit_the_draft_are_seen() -> None:
    other = review(f"Oh! {DRAFT}", finding(f"Oh! {DRAFT}", LEAKS, row=1))
    assert not score_review(LETTER, other, other).confined


def test_findings_of_the_second_review_are_told() -> None:
    assert score_review(LETTER, review(DRAFT, FOUND), review(DRAFT, FOUND)).again == (LEAKS,)
