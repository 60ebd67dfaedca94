import re

from bot.core.lessons import GuideRow
from tests.bench.linter import configuration
from tests.bench.terms import terms
from tests.phrasing.guides import first_lesson, rows


def found(guide: tuple[GuideRow, ...], text: str) -> set[int]:
    """The rows whose terms are in the text, on word boundaries and in any case, as textlint matches them."""
    return {term.row.row for term in terms(guide) if re.search(rf"\b{term.pattern}\b", text, re.IGNORECASE)}


def test_every_dont_say_is_a_term_however_its_apostrophe_and_hyphen_are_typed() -> None:
    guide = first_lesson()
    for row in guide:
        assert row.row in found(guide, f"As I said: {row.dont_say}.")
    assert found(guide, "You\N{RIGHT SINGLE QUOTATION MARK}ll need ML infrastructure to do this!") == {7}
    assert 8 in found(guide, "We can fine tune it to stay current")


def test_a_phrase_is_found_in_its_other_forms_and_with_other_words_in_between() -> None:
    guide = first_lesson()
    assert found(guide, "Training our models costs nothing.") == {1}
    assert found(guide, "A finetuned chatbot taught by us") == set()
    assert found(guide, "Fine-tuning never teaches anybody.") == {2}
    assert found(guide, "Train, and then pick, a model.") == set()


def test_an_acronym_takes_no_endings() -> None:
    guide = rows((("You need ML now", "Ask first.", "Cost"),))
    assert found(guide, "They needed ML.") == {1}
    assert found(guide, "We need MLs.") == set()


def test_a_phrase_that_the_guide_recommends_is_no_term() -> None:
    dont_say = "Our policy covers every flood"
    unsaid = rows(((dont_say, "Floods are limited.", "Exclusions"),))
    said = rows(((dont_say, "The policy covers floods up to a limit.", "Exclusions"),))
    assert found(unsaid, "What a policy covers is stated.") == {1}
    assert found(said, "What a policy covers is stated.") == set()
    assert found(said, dont_say) == {1}


def test_a_phrase_that_two_rows_share_stands_for_the_first() -> None:
    guide = rows((("Filters clean themselves", "Rinse.", ""), ("Filters clean the water", "Somewhat.", "")))
    assert found(guide, "the filter cleans") == {1}


def test_no_phrase_spans_a_comma() -> None:
    guide = rows((("The filter cleans itself, so forget maintenance", "Rinse it.", ""),))
    assert found(guide, "it cleans and you forget") == set()


def test_a_dollar_in_a_do_say_reaches_the_linter_as_itself() -> None:
    guide = rows((("It is free", "It costs $1 a day.", ""),))
    assert configuration(terms(guide)) == {
        "rules": {"terminology": {"defaultTerms": False, "terms": [["it\\W+is\\W+free", "It costs $$1 a day."]]}}
    }
