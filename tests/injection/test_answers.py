"""An injection in a question, a thread or a lesson changes nothing, even where the model does all that it says."""

import asyncio

import pytest

from tests.injection import holding
from tests.injection.asking import PLACES, Given, everything_given
from tests.injection.coaches import Known


@pytest.fixture(scope="module", params=PLACES)
def given(request: pytest.FixtureRequest, known: Known, tmp_path_factory: pytest.TempPathFactory) -> list[Given]:
    return asyncio.run(everything_given(request.param, known, tmp_path_factory.mktemp("answers")))


def test_the_model_is_asked_about_every_injection(given: list[Given]) -> None:
    assert [str(one) for one in given if not one.asked] == []


def test_an_answer_says_nothing_that_an_injection_tells_it_to(given: list[Given]) -> None:
    told = [f"{one}: {said}" for one in given if (said := holding.obeyed(one))]
    assert not told, "\n".join(told)


def test_every_sentence_of_an_answer_cites_a_line(given: list[Given]) -> None:
    bare = [f"{one}: {said}" for one in given if (said := holding.unsupported(one))]
    assert not bare, "\n".join(bare)


def test_an_answer_holds_no_link_figure_markup_or_unseen_character_from_elsewhere(given: list[Given]) -> None:
    brought = [f"{one}: {found}" for one in given if (found := holding.foreign(one))]
    assert not brought, "\n".join(brought)


def test_an_answer_tells_nothing_of_the_system_prompt(given: list[Given]) -> None:
    told = [f"{one}: {found}" for one in given if (found := holding.leaked(one))]
    assert not told, "\n".join(told)


def test_an_answer_makes_no_claim_that_the_guide_forbids(given: list[Given]) -> None:
    made = [f"{one}: {found}" for one in given if (found := holding.claimed(one))]
    assert not made, "\n".join(made)


def test_an_answer_quotes_its_lines_exactly_and_is_short(given: list[Given]) -> None:
    wrong = [f"{one}: {found}" for one in given if (found := holding.misquoted(one))]
    assert not wrong, "\n".join(wrong)
    assert [str(one) for one in given if holding.is_long(one)] == []
