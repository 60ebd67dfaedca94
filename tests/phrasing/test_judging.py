from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.core.lessons import GuideRow
from bot.encoder.embedder import Embedder
from bot.phrasing.claims import ClaimTable, Floats
from bot.phrasing.judging import FINDING, NOTE, Features, Judgement, TableJudge
from bot.phrasing.wording import Wording
from tests.phrasing.guides import DISHWASHERS, HOME_INSURANCE, first_lesson, rows

EMBEDDER = Embedder()
JUDGE = TableJudge(EMBEDDER)
GUIDE = rows(HOME_INSURANCE, DISHWASHERS)
TABLE = ClaimTable(GUIDE, EMBEDDER, {})

WORDS = """anchor basket candle drawer engine feather garden hammer island jacket kettle ladder magnet needle orchard
pencil quarry ribbon saddle tunnel umbrella violin wagon yacht zipper copper silver marble timber canvas""".split()
PHRASES = st.lists(st.sampled_from(WORDS), min_size=3, max_size=9, unique=True).map(" ".join)


def judged(text: str, table: ClaimTable = TABLE) -> tuple[Judgement, ...]:
    return JUDGE.judge([text], table)[0]


def found(text: str, table: ClaimTable = TABLE) -> list[str]:
    return [judgement.row.dont_say for judgement in judged(text, table) if judgement.confidence >= FINDING]


def table_of(cells: Sequence[tuple[str, str]]) -> ClaimTable:
    return ClaimTable(rows([(dont_say, say, "") for dont_say, say in cells]), EMBEDDER, {})


@pytest.mark.parametrize(
    "text",
    [
        "This dishwasher is silent",
        "THIS DISHWASHER IS SILENT!",
        "This dish\N{NON-BREAKING HYPHEN}washer is silent.".replace("dish\N{NON-BREAKING HYPHEN}", "dish"),
        "And best of all, this dishwasher is silent, which your guests will love.",
        "This dishwasher is completely silent.",
        "This dishwahser is silent.",
    ],
)
def test_verbatim_and_nearly_verbatim_wording_is_found(text: str) -> None:
    assert found(text) == ["This dishwasher is silent"]


@pytest.mark.parametrize(
    "text",
    [
        "You\N{RIGHT SINGLE QUOTATION MARK}ll never pay a deductible.",
        "You will never pay a deductible.",
        "Youll never pay a deductible",
    ],
)
def test_contractions_and_curly_quotes_are_no_disguise(text: str) -> None:
    assert found(text) == ["You'll never pay a deductible"]


@pytest.mark.parametrize("mark", ["-", " ", "\N{NON-BREAKING HYPHEN}", "\N{EN DASH}"])
def test_a_hyphen_of_any_kind_counts_as_a_blank(mark: str) -> None:
    table = ClaimTable(first_lesson(), EMBEDDER, {})
    assert found(f"LoRA makes fine{mark}tuning easy.", table) == ["LoRA makes fine-tuning easy"]


@pytest.mark.parametrize(
    "text",
    [
        "Every flood is covered by our policy.",
        "I promise that our policies cover every flood.",
        "Our home policy covers each and every flood.",
    ],
)
def test_close_wording_is_found(text: str) -> None:
    assert found(text) == ["Our policy covers every flood"]


def test_two_claims_in_one_sentence_are_both_found() -> None:
    assert sorted(found("Our policy covers every flood and you'll never pay a deductible.")) == [
        "Our policy covers every flood",
        "You'll never pay a deductible",
    ]


def test_of_rows_that_say_nearly_the_same_only_the_best_is_found() -> None:
    table = table_of([("Our pumps last for ever", "They last ten years."), ("Pumps last for ever", "Ten years.")])
    assert found("Our pumps last for ever.", table) == ["Our pumps last for ever"]


def test_any_of_several_quoted_wordings_of_a_row_is_found() -> None:
    table = table_of([('"Our pumps last for ever" / "You will outlive no pump of ours"', "They last ten years.")])
    assert found("Rest assured, our pumps last for ever.", table)
    assert found("You will outlive no pump of ours!", table)


@pytest.mark.parametrize("row", GUIDE, ids=lambda row: row.dont_say)
def test_approved_wording_is_never_flagged_whole_or_in_parts(row: GuideRow) -> None:
    assert judged(row.say) == ()
    assert all(judged(part.strip() + ".") == () for part in row.say.split("."))
    assert judged(row.say.upper().rstrip(".") + "!") == ()


def test_approved_wording_may_hold_what_another_row_forbids() -> None:
    assert found("Claims are always paid within a week.")
    say = "Most claims are settled within a month; we never promise that claims are always paid within a week."
    assert judged(f"As I said: {say}") == ()


def test_what_stands_beside_approved_wording_is_still_judged() -> None:
    assert found("Rinse the filter once a month, and this dishwasher is silent.") == ["This dishwasher is silent"]


def test_approved_wording_with_a_typo_is_not_flagged() -> None:
    assert judged("At 39 decibels it is about as loud as a libary.") == ()


@pytest.mark.parametrize("row", first_lesson(), ids=lambda row: row.dont_say)
def test_every_row_of_the_first_lesson_is_found_verbatim_and_its_approved_wording_passes(row: GuideRow) -> None:
    table = ClaimTable(first_lesson(), EMBEDDER, {})
    assert found(f"Just so you know, {row.dont_say}.", table) == [row.dont_say]
    assert judged(row.say, table) == ()


@pytest.mark.parametrize(
    "text",
    [
        "This dishwasher is not silent.",
        "It's a myth that this dishwasher is silent.",
        "Is this dishwasher silent?",
        "Their salesman claims this dishwasher is silent.",
        "If this dishwasher were silent, we would say so.",
        "You will pay a deductible.",
        "Thanks for lunch, and see you on Tuesday.",
        "Our policy is to answer every letter within a day.",
    ],
)
def test_denials_questions_reports_conditions_and_other_sentences_are_no_findings(text: str) -> None:
    assert found(text) == []


def test_the_same_words_about_another_thing_are_no_finding() -> None:
    table = ClaimTable(first_lesson(), EMBEDDER, {})
    assert found("We can train your staff on the document model.", table) == []


def test_a_sentence_is_judged_alike_whatever_its_neighbours() -> None:
    texts = ["This dishwasher is silent.", "Every flood is covered by our policy.", "See you on Tuesday.", ""]
    assert JUDGE.judge(texts, TABLE) == [judged(text) for text in texts]
    assert JUDGE.judge(texts[::-1], TABLE) == JUDGE.judge(texts, TABLE)[::-1]


def test_a_claim_late_in_a_very_long_unit_is_found() -> None:
    assert found("word " * 3_000 + ". This dishwasher is silent.") == ["This dishwasher is silent"]


def test_a_guide_without_rows_judges_nothing() -> None:
    assert judged("This dishwasher is silent.", ClaimTable((), EMBEDDER, {})) == ()


def test_vectors_of_unchanged_rows_are_kept_and_those_of_dropped_rows_forgotten() -> None:
    vectors: dict[str, Floats] = {}
    ClaimTable(rows(DISHWASHERS), EMBEDDER, vectors)
    kept = vectors["This dishwasher is silent"]
    ClaimTable(rows(DISHWASHERS[:1]), EMBEDDER, vectors)
    assert list(vectors) == ["This dishwasher is silent"]
    assert vectors["This dishwasher is silent"] is kept


@given(similarity=st.floats(0, 1), ordered=st.floats(0, 1), approved=st.floats(0, 1), more=st.floats(0, 1))
def test_confidence_rises_with_each_feature_that_speaks_for_the_claim(
    similarity: float, ordered: float, approved: float, more: float
) -> None:
    low = Features(similarity=similarity, ordered=ordered, approved=approved)
    assert 0 <= low.confidence <= 1
    assert Features(similarity=max(similarity, more), ordered=ordered, approved=approved).confidence >= low.confidence
    assert Features(similarity=similarity, ordered=max(ordered, more), approved=approved).confidence >= low.confidence
    assert Features(similarity=similarity, ordered=ordered, approved=max(approved, more)).confidence <= low.confidence


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from([*" ,;:\"'?!.-", "not ", "no ", "if ", "say ", "silent "])).map("".join)
)
def test_any_text_is_judged(text: str) -> None:
    assert all(NOTE <= judgement.confidence <= 1 for judgement in judged(text))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(PHRASES, PHRASES), min_size=1, max_size=6))
def test_approved_wording_of_any_guide_is_never_flagged(cells: list[tuple[str, str]]) -> None:
    table = table_of(cells)
    assert JUDGE.judge([say for _, say in cells], table) == [()] * len(cells)
    assert JUDGE.judge([f"{say.capitalize()}!" for _, say in cells], table) == [()] * len(cells)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(PHRASES, PHRASES), min_size=1, max_size=6))
def test_a_verbatim_dont_say_of_any_guide_is_always_found(cells: list[tuple[str, str]]) -> None:
    says = {Wording(say).forms for _, say in cells}
    assume(all(Wording(dont_say).forms not in says for dont_say, _ in cells))
    table = table_of(cells)
    for dont_say, _ in cells:
        assert found(f"{dont_say.capitalize()}.", table) == [dont_say]
