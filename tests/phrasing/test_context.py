import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.encoder.claim_encoder import InContext
from bot.phrasing.context import in_context, leans, points_back

ALONE = "Every bee that leaves our hive comes home before dark, whatever the weather."
"""A sentence that stands for itself."""


@pytest.mark.parametrize(
    "text",
    [
        "They do.",
        "All of them, always.",
        "And every bee that leaves our hive comes home before dark.",
        "Then every bee that leaves our hive comes home before dark.",
        "Not that every bee that leaves our hive comes home before dark.",
        "Every bee that leaves our hive knows it by heart after a week.",
        "Every bee that leaves our hive knows its way home after a week.",
        "Within a week our hive will, whatever the weather, look after itself and them.",
        "Within a week it'll look after the whole garden by day and by night.",
        "Within a week it\N{RIGHT SINGLE QUOTATION MARK}ll look after the whole garden by day and by night.",
        "WITHIN A WEEK THEY LOOK AFTER THE WHOLE GARDEN BY DAY AND BY NIGHT.",
    ],
)
def test_a_sentence_that_goes_on_and_one_with_a_pronoun_lean_on_the_one_before(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        ALONE,
        ALONE.upper(),
        "Our hive holds sixty thousand bees in June.",
        "Whatever it-girls say, bees sting every summer.",
        "Thanks!",
        "42",
        "",
    ],
)
def test_a_sentence_that_stands_for_itself_leans_on_nothing(text: str) -> None:
    assert not leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "That's right.",
        "That\N{RIGHT SINGLE QUOTATION MARK}s right.",
        "They're wrong, and we told them so last year.",
        "They\N{RIGHT SINGLE QUOTATION MARK}re wrong.",
        "SCRATCH THAT!",
        '"No."',
        "... Sorry, strike the last line.",
        "I made that up.",
        "spot-on",
    ],
)
def test_a_remark_may_be_on_the_sentence_before(text: str) -> None:
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42!",
        "Thanks for lunch.",
        "Thatcher came by on Tuesday.",
        "Noisy hives are happy hives.",
        "It is so quiet in our garden that you can hear the bees breathe at night.",
    ],
)
def test_what_says_nothing_opens_otherwise_or_is_long_is_no_remark(text: str) -> None:
    assert not points_back(text)


def test_a_remark_has_fourteen_words_at_most() -> None:
    assert points_back("no " * 14)
    assert not points_back("no " * 15)


def test_a_sentence_is_read_with_the_neighbours_that_matter_to_it() -> None:
    assert in_context("They do.", "Bees sting.", "That's wrong.") == InContext(
        "They do.", "Bees sting.", "That's wrong."
    )
    assert in_context(ALONE, "Bees sting.", "That's wrong.") == InContext(ALONE, "", "That's wrong.")
    assert in_context("They do.", "Bees sting.", ALONE) == InContext("They do.", "Bees sting.", "")
    assert in_context(ALONE, "Bees sting.", ALONE) == InContext(ALONE)


def test_there_may_be_no_neighbour_and_no_text() -> None:
    assert in_context("They do.", "", "") == InContext("They do.")
    assert in_context("", "Bees sting.", "That's wrong.") == InContext("", after="That's wrong.")
    assert in_context("", "", "") == InContext("")


@given(st.text(), st.text(), st.text())
def test_any_text_is_read_as_it_is_with_whole_neighbours_or_none(text: str, before: str, after: str) -> None:
    read = in_context(text, before, after)
    assert read.text == text
    assert read.before == (before if leans(text) else "")
    assert read.after == (after if points_back(after) else "")


@given(st.text())
def test_curly_apostrophes_are_read_as_straight_ones(text: str) -> None:
    straight = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    assert leans(text) is leans(straight)
    assert points_back(text) is points_back(straight)
