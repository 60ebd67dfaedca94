"""Trials: who takes part, when they are looked at, and that the test is Fisher's exact test."""

from fractions import Fraction
from itertools import pairwise
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.prompts.trial import (
    DOWN,
    FAILED,
    LEAST_DIFFERENCE,
    LEVEL,
    RATED,
    REPLIES,
    SIGNALS,
    clearly_worse,
    fisher_greater,
    is_look,
    takes_part,
)

PEOPLE = [f"slack:T1/U{number}" for number in range(10_000)]
FAILURES, RATINGS = SIGNALS
persons = st.text(alphabet=st.characters(exclude_categories=[]))


def exact(bad: int, of: int, other_bad: int, other_of: int) -> Fraction:
    """The same tail by counting: of all ways to give out the bad ones, those that give this side as many or more."""
    all_bad, total = bad + other_bad, of + other_of
    ways = sum(comb(all_bad, count) * comb(total - all_bad, of - count) for count in range(bad, min(of, all_bad) + 1))
    return Fraction(ways, comb(total, of))


def failures(failed: int, replies: int) -> dict[str, int]:
    return {FAILED: failed, REPLIES: replies}


@pytest.mark.parametrize("share", [1, 10, 50, 99])
def test_about_the_share_of_the_people_takes_part(share: int) -> None:
    part = sum(takes_part(person, version=7, share=share) for person in PEOPLE)
    deviation = (len(PEOPLE) * share / 100 * (1 - share / 100)) ** 0.5
    assert abs(part - len(PEOPLE) * share / 100) < 4 * deviation


@given(persons, st.integers(1, 9_999), st.integers(1, 99))
def test_a_person_always_takes_part_or_never_does(person: str, version: int, share: int) -> None:
    assert takes_part(person, version=version, share=share) == takes_part(person, version=version, share=share)


@given(persons, st.integers(1, 9_999))
def test_whoever_takes_part_still_does_when_the_share_grows(person: str, version: int) -> None:
    taking = [takes_part(person, version=version, share=share) for share in range(101)]
    assert not taking[0]
    assert taking[100]
    assert all(after or not before for before, after in pairwise(taking))


def test_another_candidate_meets_other_people() -> None:
    both = sum(takes_part(person, version=1, share=50) and takes_part(person, version=2, share=50) for person in PEOPLE)
    assert 2_300 < both < 2_700


def test_looks_are_taken_at_30_replies_and_at_twice_as_many_each_time() -> None:
    assert [count for count in range(-30, 2_000) if is_look(count)] == [30, 60, 120, 240, 480, 960, 1_920]


def test_the_lady_tasting_tea() -> None:
    assert fisher_greater(3, 4, 1, 4) == pytest.approx(17 / 70, abs=1e-12)
    assert fisher_greater(4, 4, 0, 4) == pytest.approx(1 / 70, abs=1e-12)


def test_the_test_is_exact_for_every_small_table() -> None:
    for of in range(1, 13):
        for other_of in range(1, 13):
            for bad in range(of + 1):
                for other_bad in range(other_of + 1):
                    chance = fisher_greater(bad, of, other_bad, other_of)
                    assert abs(chance - float(exact(bad, of, other_bad, other_of))) < 1e-9


@settings(deadline=None)
@given(st.data(), st.integers(1, 2_000), st.integers(1, 2_000))
def test_the_test_is_exact_for_large_tables(data: st.DataObject, of: int, other_of: int) -> None:
    bad, other_bad = data.draw(st.integers(0, of)), data.draw(st.integers(0, other_of))
    chance = fisher_greater(bad, of, other_bad, other_of)
    assert abs(chance - float(exact(bad, of, other_bad, other_of))) < 1e-9


@pytest.mark.parametrize(("look", "replies"), [(1, 30), (2, 60), (3, 120), (4, 240), (5, 480)])
def test_the_kth_look_has_its_part_of_the_level_and_all_parts_are_the_level(look: int, replies: int) -> None:
    level = LEVEL / 2 / (look * (look + 1))
    for live_failed in range(0, 2 * replies, max(1, replies // 10)):
        live = failures(live_failed, 4 * replies)
        least = next(
            failed
            for failed in range(live_failed // 4, replies + 1)
            if clearly_worse(FAILURES, failures(failed, replies), live)
        )
        assert exact(least, replies, live_failed, 4 * replies) < level
        is_small = (least - 1) / replies - live_failed / (4 * replies) < LEAST_DIFFERENCE
        assert is_small or exact(least - 1, replies, live_failed, 4 * replies) >= level
    assert sum(LEVEL / 2 / (number * (number + 1)) for number in range(1, 10_000)) * len(SIGNALS) < LEVEL


def test_a_candidate_that_is_worse_is_told_with_both_shares_and_the_test() -> None:
    assert clearly_worse(FAILURES, failures(12, 30), failures(10, 300)) == (
        "clearly worse: 12 of its 30 replies failed, against 10 of 300 of the live version "
        "(one-sided Fisher exact test, p = 1e-08)"
    )
    assert clearly_worse(RATINGS, {DOWN: 25, RATED: 30}, {DOWN: 20, RATED: 90}) == (
        "clearly worse: 25 of its 30 rated replies were rated down, against 20 of 90 of the live version "
        "(one-sided Fisher exact test, p = 3e-09)"
    )


def test_a_small_difference_is_not_held_against_a_candidate_however_certain() -> None:
    replies = 30 * 2**12
    worse = clearly_worse(FAILURES, failures(replies * 3 // 100, replies), failures(0, 10 * replies))
    slightly = clearly_worse(FAILURES, failures(replies * 19 // 1000, replies), failures(0, 10 * replies))
    assert worse
    assert slightly is None


@pytest.mark.parametrize(
    ("candidate", "live"),
    [
        ({}, {}),
        (failures(29, 29), failures(0, 1_000)),
        (failures(30, 30), {}),
        (failures(0, 30), failures(0, 30)),
        (failures(3, 30), failures(30, 30)),
        ({DOWN: -1, RATED: 30}, {DOWN: 0, RATED: 30}),
    ],
)
def test_too_few_replies_or_none_to_compare_with_are_not_held_against_a_candidate(
    candidate: dict[str, int], live: dict[str, int]
) -> None:
    assert [clearly_worse(signal, candidate, live) for signal in SIGNALS] == [None, None]


def test_a_rating_that_was_lost_and_then_taken_back_does_not_end_a_trial() -> None:
    assert clearly_worse(RATINGS, {DOWN: 1, RATED: 30}, {DOWN: -1, RATED: 5}) is None
