"""What a new lesson gets at once: its guide alone decides, since the encoder was never trained on these subjects."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.core.lessons import GuideRow
from bot.encoder.certainty import load_certainty
from bot.encoder.claim_encoder import ClaimEncoder, Floats, InContext
from bot.phrasing.claims import ClaimTable
from bot.phrasing.context import in_context
from bot.phrasing.judging import FINDING, NOTE, SECOND, GuideJudge, Judgement
from bot.phrasing.sentences import MAX_WORDS
from bot.phrasing.wording import Wording
from tests.kept import CLAIM_ENCODER
from tests.phrasing.guides import DISHWASHERS, HOME_INSURANCE, first_lesson, rows
from tests.phrasing.telling import ToldEncoder, certainty_of, judged_as_told

CERTAINTY = load_certainty()
JUDGE = GuideJudge(CLAIM_ENCODER, CERTAINTY)
GUIDE = rows(HOME_INSURANCE, DISHWASHERS)

CONTEXTS = (
    InContext(""),
    InContext("", before="Let me be plain about what you get."),
    InContext("", before="Our policy covers every flood, and claims are always paid within a week."),
    InContext("", before="This dishwasher is silent, and it washes everything in 20 minutes.", after="That's right."),
    InContext("", before="You'll never pay a deductible.", after="I promise you that this dishwasher is silent."),
)
WORDS = """anchor basket candle drawer engine feather garden hammer island jacket kettle ladder magnet needle orchard
pencil quarry ribbon saddle tunnel umbrella violin wagon yacht zipper copper silver marble timber canvas""".split()
PHRASES = st.lists(st.sampled_from(WORDS), min_size=3, max_size=9, unique=True).map(" ".join)


def table_for(guide: Sequence[GuideRow]) -> ClaimTable:
    return ClaimTable(guide, CLAIM_ENCODER, CERTAINTY.learned, {})


def table_of(cells: Sequence[tuple[str, str]]) -> ClaimTable:
    return table_for(rows([(dont_say, say, "") for dont_say, say in cells]))


TABLE = table_for(GUIDE)
FIRST_LESSON = table_for(first_lesson())


def judged(text: str, table: ClaimTable = TABLE, *, beside: InContext = CONTEXTS[0]) -> tuple[Judgement, ...]:
    return JUDGE.judge([beside._replace(text=text)], table)[0]


def found(text: str, table: ClaimTable = TABLE) -> list[str]:
    return [judgement.row.dont_say for judgement in judged(text, table) if judgement.confidence >= FINDING]


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
    assert found(f"LoRA makes fine{mark}tuning easy.", FIRST_LESSON) == ["LoRA makes fine-tuning easy"]


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


def test_two_rows_of_one_lesson_in_one_sentence_are_both_found() -> None:
    assert sorted(found("Our policy covers every flood and you'll never pay a deductible.")) == [
        "Our policy covers every flood",
        "You'll never pay a deductible",
    ]


def test_rows_of_two_lessons_in_one_sentence_are_both_found() -> None:
    assert sorted(found("Our policy covers every flood, and this dishwasher is silent.")) == [
        "Our policy covers every flood",
        "This dishwasher is silent",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Our policy covers every flood.",
        "Rest assured, our policy covers every flood.",
        "Our policies cover all floods.",
    ],
)
def test_two_lessons_that_warn_of_the_same_claim_have_the_sentence_replaced_once(text: str) -> None:
    other = (("Our policy covers every flood", "River floods need an endorsement.", "Many do"),)
    assert found(text, table_for(rows(HOME_INSURANCE, other))) == ["Our policy covers every flood"]


def test_of_rows_that_say_nearly_the_same_only_the_best_is_found() -> None:
    table = table_of([("Our pumps last for ever", "They last ten years."), ("Pumps last for ever", "Ten years.")])
    assert found("Our pumps last for ever.", table) == ["Our pumps last for ever"]


def test_any_of_several_quoted_wordings_of_a_row_is_found() -> None:
    table = table_of([('"Our pumps last for ever" / "You will outlive no pump of ours"', "They last ten years.")])
    assert found("Rest assured, our pumps last for ever.", table)
    assert found("You will outlive no pump of ours!", table)


@pytest.mark.parametrize("beside", CONTEXTS)
@pytest.mark.parametrize("row", GUIDE, ids=lambda row: row.dont_say)
def test_approved_wording_is_never_flagged_whole_or_in_parts_whatever_the_context(
    row: GuideRow, beside: InContext
) -> None:
    assert judged(row.say, beside=beside) == ()
    assert all(judged(part.strip() + ".", beside=beside) == () for part in row.say.split("."))
    assert judged(row.say.upper().rstrip(".") + "!", beside=beside) == ()


@pytest.mark.parametrize("beside", CONTEXTS)
@pytest.mark.parametrize("row", GUIDE, ids=lambda row: row.dont_say)
def test_approved_wording_with_a_typo_is_never_flagged_whatever_the_context(row: GuideRow, beside: InContext) -> None:
    middle = len(row.say) // 2
    for slip in (
        row.say[:middle] + row.say[middle + 1 :],
        row.say[:middle] + row.say[middle] + row.say[middle:],
        row.say[:middle] + row.say[middle : middle + 2][::-1] + row.say[middle + 2 :],
    ):
        assert judged(slip, beside=beside) == (), slip


@pytest.mark.parametrize("beside", CONTEXTS)
@pytest.mark.parametrize("carrier", ["As I said: {}", "Please note, Ana: {}", "{} Shall we talk on Tuesday?"])
@pytest.mark.parametrize("row", GUIDE, ids=lambda row: row.dont_say)
def test_approved_wording_inside_a_longer_sentence_is_never_flagged_whatever_the_context(
    row: GuideRow, carrier: str, beside: InContext
) -> None:
    assert [one for one in judged(carrier.format(row.say), beside=beside) if one.confidence >= FINDING] == []


def test_approved_wording_may_hold_what_another_row_forbids() -> None:
    assert found("Claims are always paid within a week.")
    say = "Most claims are settled within a month; we never promise that claims are always paid within a week."
    assert judged(f"As I said: {say}") == ()


def test_what_stands_beside_approved_wording_is_still_judged() -> None:
    assert found("Rinse the filter once a month, and this dishwasher is silent.") == ["This dishwasher is silent"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Rinse the filter once a month, so is this dishwasher silent?", "so is this dishwasher silent?"),
        ("Rinse the filter once a month - this dishwasher is silent!", "this dishwasher is silent!"),
        ('Is it "silent"? Rinse the filter once a month. No!', 'Is it "silent?; No!'),
        ("Frankly, rinse the filter once a month, yes do", "Frankly; yes do"),
    ],
)
def test_what_stands_beside_approved_wording_is_read_with_its_end_mark(text: str, read: str) -> None:
    guide = rows(DISHWASHERS)
    encoder = ToldEncoder(guide, {})
    table = ClaimTable(guide, encoder, frozenset(), {})
    encoder.asked.clear()
    GuideJudge(encoder, certainty_of()).judge([InContext(text)], table)
    assert encoder.asked == [InContext(read)]


@pytest.mark.parametrize("row", first_lesson(), ids=lambda row: row.dont_say)
def test_every_row_of_the_first_lesson_is_found_verbatim_and_its_approved_wording_passes(row: GuideRow) -> None:
    assert found(f"Just so you know, {row.dont_say}.", FIRST_LESSON) == [row.dont_say]
    assert judged(row.say, FIRST_LESSON) == ()


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


@pytest.mark.parametrize(
    ("text", "before", "row"),
    [
        ("Yes, it is.", "Is this dishwasher silent?", "This dishwasher is silent"),
        ("I'd say it does.", "Does your policy cover every flood?", "Our policy covers every flood"),
    ],
)
def test_an_answer_makes_the_claim_that_was_asked_about(text: str, before: str, row: str) -> None:
    (claim,) = judged(text, beside=InContext("", before=before))
    assert (claim.row.dont_say, claim.confidence >= FINDING) == (row, True)
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("No, it doesn't.", "Does your policy cover every flood?"),
        *((text, "This dishwasher is silent.") for text in ("Thanks!", "Best,", "Agenda attached.", "Lunch?", "42")),
        *((text, "Our policy covers every flood.") for text in ("Thanks!", "K.", "Talk soon.", "Room 12", "0")),
    ],
)
def test_a_denial_or_a_courtesy_that_follows_makes_no_claim(text: str, before: str) -> None:
    beside = in_context(text, before, "")
    assert not [one for one in judged(text, beside=beside) if one.confidence >= FINDING]


def test_the_same_words_about_another_thing_are_no_finding() -> None:
    assert found("We can train your staff on the document model.", FIRST_LESSON) == []


def test_a_unit_is_judged_alike_whatever_is_judged_with_it() -> None:
    judge = GuideJudge(ClaimEncoder(), CERTAINTY)
    units = [
        InContext("This dishwasher is silent, I promise."),
        InContext("Every flood is covered by our policy."),
        InContext("And it is silent.", before="You will love this dishwasher."),
        InContext("See you on Tuesday."),
        InContext(""),
    ]
    assert judge.judge(units, TABLE) == [judge.judge([unit], TABLE)[0] for unit in units]
    assert judge.judge(units[::-1], TABLE) == judge.judge(units, TABLE)[::-1]


@pytest.mark.parametrize("words", [5, MAX_WORDS - 5, 250, 280, 1_000, 3_000])
def test_a_unit_of_any_length_is_judged_to_its_end(words: int) -> None:
    assert found("word " * words + "and this dishwasher is silent.") == ["This dishwasher is silent"]


def test_of_a_long_unit_every_word_is_read_once_and_its_neighbours_with_its_ends() -> None:
    text = " ".join(f"word{n}" for n in range(1_000))
    guide = rows(DISHWASHERS)
    encoder = ToldEncoder(guide, {})
    table = ClaimTable(guide, encoder, frozenset(), {})
    encoder.asked.clear()
    GuideJudge(encoder, certainty_of()).judge([InContext(text, before="Before.", after="After.")], table)
    assert "".join(one.text for one in encoder.asked) == text
    assert all(len(one.text) <= 480 for one in encoder.asked)
    first, *middle, last = encoder.asked
    assert (first.before, first.after, last.before, last.after) == ("Before.", "", "", "After.")
    assert all(one == InContext(one.text) for one in middle)


def test_a_unit_in_another_context_may_be_judged_otherwise() -> None:
    guide = rows(DISHWASHERS)
    alone, denied = InContext("It is silent, they say."), InContext("It is silent, they say.", after="They're wrong.")
    encoder = ToldEncoder(guide, {alone: {guide[0].dont_say: 3.0}, denied: {guide[0].dont_say: -3.0}})
    table = ClaimTable(guide, encoder, frozenset(), {})
    assert [len(made) for made in GuideJudge(encoder, certainty_of()).judge([alone, denied], table)] == [1, 0]


@pytest.mark.parametrize(("second", "claimed"), [(SECOND + 0.01, 2), (SECOND - 0.01, 1)])
def test_a_row_with_too_small_a_share_of_its_lessons_odds_is_no_second_claim(second: float, claimed: int) -> None:
    guide = rows(HOME_INSURANCE[:2])
    log_odds = {guide[0].dont_say: 4 + math.log(1 - second), guide[1].dont_say: 4 + math.log(second)}
    judgements = judged_as_told(InContext("Whatever comes, we pay."), guide, log_odds)
    assert [judgement.row for judgement in judgements] == list(guide[:claimed])


def test_a_share_counts_in_its_own_lesson_only() -> None:
    guide = rows(HOME_INSURANCE[:1], DISHWASHERS[:1])
    unit = InContext("Our policy covers every flood, mark my words, and this dishwasher is silent.")
    log_odds = {guide[0].dont_say: 6.0, guide[1].dont_say: 1.0}
    assert [judgement.row for judgement in judged_as_told(unit, guide, log_odds)] == list(guide)


@pytest.mark.parametrize("count", [3, 4])
def test_however_many_rows_of_a_lesson_are_equally_likely_the_likeliest_is_found(count: int) -> None:
    guide = rows(HOME_INSURANCE[:count])
    judgements = judged_as_told(InContext("Whatever comes, we pay."), guide, {row.dont_say: 4.0 for row in guide})
    assert judgements


def test_a_row_that_had_examples_is_judged_by_them_and_another_by_its_table() -> None:
    guide = rows(HOME_INSURANCE[:2])
    learned, other = guide
    certainty = certainty_of(
        learned.dont_say.upper() + "!", of_learned=(0.5, 1.0), of_table=(0.0, 0.0, 0.0, 0.0, math.log(3))
    )
    unit = InContext("Whatever comes, we pay.")
    (by_examples,) = judged_as_told(unit, guide, {learned.dont_say: 2.0}, certainty)
    assert by_examples == Judgement(row=learned, confidence=round(1 / (1 + math.exp(-2)), 4))
    (by_table,) = judged_as_told(unit, guide, {other.dont_say: 2.0}, certainty)
    assert by_table == Judgement(row=other, confidence=0.75)


def test_a_row_without_examples_counts_its_words_and_one_with_examples_does_not() -> None:
    guide = rows(DISHWASHERS[:1])
    of_table = (1.0, 2.0, -4.0, 8.0, -3.0)
    verbatim, other = (
        judged_as_told(InContext(text), guide, {guide[0].dont_say: 2.0}, certainty_of(of_table=of_table))
        for text in ("I say this dishwasher is silent.", "You will hear nothing at all.")
    )
    assert verbatim[0].confidence > 0.99
    assert other[0].confidence == round(1 / (1 + math.exp(1)), 4)
    knowing = certainty_of(guide[0].dont_say, of_table=of_table)
    (learned,) = judged_as_told(InContext("I say this dishwasher is silent."), guide, {guide[0].dont_say: 0.0}, knowing)
    assert learned.confidence == 0.5


@pytest.mark.parametrize("log_odds", [-3.0, -1.0, 0.0, 2.0])
def test_what_is_likely_enough_is_a_note_or_a_finding_with_its_chance(log_odds: float) -> None:
    guide = rows(DISHWASHERS[:1])
    chance = 1 / (1 + math.exp(-log_odds))
    judgements = judged_as_told(InContext("You will hear nothing at all."), guide, {guide[0].dont_say: log_odds})
    assert [judgement.confidence for judgement in judgements] == ([round(chance, 4)] if chance >= NOTE else [])


def test_a_guide_without_rows_judges_nothing() -> None:
    assert judged("This dishwasher is silent.", table_for(())) == ()


def test_vectors_of_unchanged_rows_are_kept_and_those_of_dropped_rows_forgotten() -> None:
    vectors: dict[str, Floats] = {}
    ClaimTable(rows(DISHWASHERS), CLAIM_ENCODER, frozenset(), vectors)
    kept = vectors["This dishwasher is silent"]
    ClaimTable(rows(DISHWASHERS[:1]), CLAIM_ENCODER, frozenset(), vectors)
    assert list(vectors) == ["This dishwasher is silent"]
    assert vectors["This dishwasher is silent"] is kept


TEXTS = st.text(max_size=400) | st.lists(
    st.sampled_from([*" ,;:\"'?!.-", "not ", "no ", "if ", "say ", "silent "])
).map("".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS, TEXTS)
def test_any_text_is_judged_in_any_context(text: str, before: str, after: str) -> None:
    judgements = judged(text, beside=InContext("", before=before, after=after))
    assert all(NOTE <= judgement.confidence <= 1 for judgement in judgements)
    assert sorted(judgements, key=lambda one: -one.confidence)[:1] == list(judgements[:1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(PHRASES, PHRASES), min_size=1, max_size=6), st.sampled_from(CONTEXTS))
def test_approved_wording_of_any_guide_is_never_flagged(cells: list[tuple[str, str]], beside: InContext) -> None:
    table = table_of(cells)
    units = [beside._replace(text=text) for _, say in cells for text in (say, f"{say.capitalize()}!")]
    assert JUDGE.judge(units, table) == [()] * len(units)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(PHRASES, PHRASES), min_size=1, max_size=6))
def test_a_verbatim_dont_say_of_any_guide_is_always_found(cells: list[tuple[str, str]]) -> None:
    says = {Wording(say).forms for _, say in cells}
    assume(all(Wording(dont_say).forms not in says for dont_say, _ in cells))
    table = table_of(cells)
    for dont_say, _ in cells:
        assert found(f"{dont_say.capitalize()}.", table) == [dont_say]
