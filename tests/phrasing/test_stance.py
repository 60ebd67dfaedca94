import pytest

from bot.phrasing.overlap import Weights, overlap
from bot.phrasing.stance import Reading, Stance, read_stance
from bot.phrasing.wording import Wording


def stance(sentence: str, claim: str) -> Stance:
    text, wanted = Wording(sentence), Wording(claim)
    shared = overlap(text, wanted, Weights({}, 1))
    return read_stance(Reading(text), Reading(wanted), shared.pairs)


FLOOD = "Our policy covers every flood"
DEDUCTIBLE = "You'll never pay a deductible"


@pytest.mark.parametrize(
    "sentence",
    [
        "Our policy covers every flood.",
        "As our CTO says, our policy covers every flood.",
        "I can confirm that our policy covers every flood.",
        "Rest assured that our policy covers every flood.",
        "The broker says our policy covers every flood, and he is right.",
        "There is no reason our policy can't cover every flood.",
        "Not only does our policy cover every flood, it covers the cellar too.",
        "You can't go wrong: our policy covers every flood.",
        "Don't worry, our policy covers every flood.",
        "No problem, our policy covers every flood.",
        "Our policy covers every flood, no exceptions.",
        "With no extra fee, our policy covers every flood.",
        "Our policy covers every flood, so you won't need a second one.",
        "Some say it takes years, but our policy covers every flood.",
        "Once you sign, our policy covers every flood.",
        "There's no doubt that our policy covers every flood.",
        "You'll be glad to hear that our policy covers every flood.",
        "As I told Maria, our policy covers every flood.",
        "Our customers tell us our policy covers every flood.",
        "It goes without saying that our policy covers every flood.",
        "Whether it's a river or a pipe, our policy covers every flood.",
        'My rule of thumb: "our policy covers every flood" and nothing else matters.',
        "If you pay by card, our policy covers every flood.",
    ],
)
def test_an_assertion_stays_one_whatever_negation_report_or_condition_stands_beside_it(sentence: str) -> None:
    assert stance(sentence, FLOOD) is Stance.ASSERTS


@pytest.mark.parametrize(
    "sentence",
    [
        "Our policy doesn't cover every flood.",
        "Our policy won't cover every flood.",
        "No policy of ours covers every flood.",
        "Nobody, our broker included, can say our policy covers every flood.",
        "It's a myth that our policy covers every flood.",
        "It isn't true that our policy covers every flood.",
        "It would be misleading to say that our policy covers every flood.",
        "I'd avoid saying that our policy covers every flood.",
        "I wouldn't go as far as to say our policy covers every flood.",
        "Please don't assume that our policy covers every flood.",
        "I said our policy covers every flood; that was wrong.",
        "I wrote that our policy covers every flood, and I take that back.",
        "Our policy covers every flood? I'm afraid not.",
        "'Our policy covers every flood' is not something I can put in writing.",
        "I doubt that our policy covers every flood.",
        "It's rarely true that our policy covers every flood.",
        "Few brokers would agree that our policy covers every flood.",
        "I wish I could say that our policy covers every flood.",
        "Don't let anyone convince you that our policy covers every flood.",
        "Our policy covers every flood - not true, I'm afraid.",
        "Rather than claim our policy covers every flood, we list the exclusions.",
        "Our policy no longer covers every flood.",
        "I overstated things when I wrote that our policy covers every flood.",
    ],
)
def test_a_denial_is_told_by_negation_that_reaches_the_claim_or_by_its_frame(sentence: str) -> None:
    assert stance(sentence, FLOOD) is Stance.DENIES


def test_a_claim_that_is_negative_itself_is_asserted_by_a_negative_sentence() -> None:
    assert stance("With us you will never have to pay a deductible.", DEDUCTIBLE) is Stance.ASSERTS


def test_a_claim_that_is_negative_itself_is_denied_by_a_positive_sentence() -> None:
    assert stance("You will pay a deductible.", DEDUCTIBLE) is Stance.DENIES


def test_a_second_negation_denies_a_negative_claim() -> None:
    assert stance("I can't promise you'll never pay a deductible.", DEDUCTIBLE) is Stance.DENIES


def test_not_just_denies_a_claim_that_says_just() -> None:
    assert stance("A warranty is not just a piece of paper.", "A warranty is just a piece of paper") is Stance.DENIES


def test_two_negatives_that_make_a_necessity_assert_it() -> None:
    claim = "You need to buy your own pump"
    assert stance("You won't get far until you buy your own pump.", claim) is Stance.ASSERTS


@pytest.mark.parametrize(
    "sentence",
    [
        "Does our policy cover every flood?",
        "Do you think our policy covers every flood?",
        "Could you ask them whether our policy covers every flood?",
        "Let me know if our policy covers every flood.",
    ],
)
def test_a_neutral_question_asks(sentence: str) -> None:
    assert stance(sentence, FLOOD) is Stance.ASKS


@pytest.mark.parametrize(
    "sentence",
    [
        "Did you know our policy covers every flood?",
        "Why wait when our policy covers every flood?",
        "Our policy covers every flood, right?",
        "Our policy covers every flood, doesn't it?",
        "Our policy covers every flood, so shall I send the form?",
    ],
)
def test_a_question_that_tells_asserts(sentence: str) -> None:
    assert stance(sentence, FLOOD) is Stance.ASSERTS


@pytest.mark.parametrize(
    "sentence",
    [
        "A broker may tell you that our policy covers every flood.",
        "Their agent claims our policy covers every flood.",
        "You mentioned that our policy covers every flood.",
        "I heard that our policy covers every flood.",
        "Some people say our policy covers every flood.",
        "According to the forum, our policy covers every flood.",
        "The brochure calls it a bargain and says our policy covers every flood.",
        '"Our policy covers every flood" is how their ad puts it.',
        "Our policy covers every flood, or so they say.",
        "I was told that our policy covers every flood.",
        "There's a belief that our policy covers every flood.",
        "In their view, our policy covers every flood.",
        "The competitor's brochure: our policy covers every flood.",
        'Brokers love the phrase "our policy covers every flood."',
        "When a broker says our policy covers every flood, ask for the exclusions.",
    ],
)
def test_what_somebody_else_says_is_reported(sentence: str) -> None:
    assert stance(sentence, FLOOD) is Stance.REPORTED


def test_what_stands_inside_an_if_is_supposed() -> None:
    assert stance("If our policy covered every flood, we would be bankrupt.", FLOOD) is Stance.SUPPOSES


def test_a_claim_that_has_an_if_itself_is_asserted_with_it() -> None:
    claim = "If the pump fails, we replace it free"
    assert stance("If the pump ever fails, we replace it free.", claim) is Stance.ASSERTS


def test_an_empty_sentence_has_no_negation_to_read() -> None:
    assert stance("", FLOOD) is Stance.ASSERTS
