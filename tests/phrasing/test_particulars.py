from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phrasing.particulars import particulars


def numbers(text: str) -> list[str]:
    return list(particulars(text).numbers)


def names(text: str, *ordinary: str) -> set[str]:
    return set(particulars(text, ordinary).names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in Q3", ["q3"]),
        ("for $1.2M", ["$1.2m"]),
        ("10k of them", ["10k"]),
        ("a 3-day pilot", ["3day"]),
        ("at 5pm ET", ["5pm"]),
        ("v2.1 of it", ["v2.1"]),
        ("two weeks", ["2week"]),
        ("a dozen", ["dozen"]),
        ("twice as many", ["twice"]),
        ("within a week", ["1week"]),
        ("by the end of the quarter", ["end quarter"]),
        ("next month", ["next month"]),
        ("35\u201360%", ["35", "60%"]),
        ("call 555-0142", ["555", "0142"]),
        ("in June", []),
    ],
)
def test_quantities_are_read_with_their_units(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2,400 files", "2400 files"),
        ("June 4th", "June 4"),
        ("a two-week test", "a test of 2 weeks"),
        ("5 percent", "5%"),
        ("$2 million", "$2M"),
        ("5 pm", "5pm"),
        ("it\u2019s 5", "it's 5"),
    ],
)
def test_writings_that_surely_mean_the_same_are_equal(one: str, other: str) -> None:
    assert numbers(one) == numbers(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5", "15"),
        ("1,50", "150"),
        ("3 days", "3 weeks"),
        ("$5", "5"),
        ("v2.1", "2.1"),
        ("5pm", "5am"),
        ("10k", "10"),
    ],
)
def test_other_quantities_are_not(one: str, other: str) -> None:
    assert numbers(one) != numbers(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dana, we can talk", {"dana"}),
        ("We asked the VA", {"VA"}),
        ("Moving is easy with FedRAMP", {"FedRAMP"}),
        ("our FedRAMP-authorised cloud", {"FedRAMP"}),
        ("Ask Acme's team", {"acme"}),
        ("I think I'm done. You are too", set()),
        ("This is R&D", {"R&D"}),
        ("by may we meet in May", {"may"}),
        ("on tuesday", {"tuesday"}),
        ("do NOT wait for IT", {"IT"}),
        ("Nicely put. Tested twice", set()),
    ],
)
def test_names_are_told_from_words_that_open_a_sentence(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_a_word_that_the_guide_knows_is_no_name_where_a_sentence_opens() -> None:
    assert names("Retrieval helps Retrieval Ltd", "retriev") == {"retrieval", "ltd"}
    assert names("Retrieval helps", "retriev") == set()
    assert names("Retrieval helps") == {"retrieval"}


def test_addresses_are_kept_to_the_letter() -> None:
    text = "See https://a.example/x?y=1, mail tom@a.example, or ask @dana in #sales; b.example works."
    assert set(particulars(text).addresses) == {
        "https://a.example/x?y=1",
        "tom@a.example",
        "@dana",
        "#sales",
        "b.example",
    }


@given(st.lists(st.integers(13, 10**9), max_size=8))
def test_every_figure_is_read_once_and_in_order(figures: list[int]) -> None:
    text = " then ".join(f"about {figure:,}" for figure in figures)
    assert numbers(text) == [str(figure) for figure in figures]


@given(st.text(max_size=200))
def test_any_text_is_read_and_markup_around_it_adds_nothing(text: str) -> None:
    found = particulars(text)
    assert found.all == found.addresses + Counter(found.numbers) + found.names
    assert particulars("**7** <b>days</b>").all == particulars("7 days").all
