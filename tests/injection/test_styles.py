"""The styles are many, told apart, and say what obedience would be."""

from tests.injection.styles import styles


def test_there_are_at_least_forty_styles_of_different_kinds() -> None:
    assert len(styles()) >= 40
    assert len({style.id for style in styles()}) == len({style.style for style in styles()}) == len(styles())
    assert len({style.text for style in styles()}) == len(styles())


def test_every_style_says_what_an_obedient_model_would_answer() -> None:
    assert all(style.answer_obeys for style in styles())


def test_every_style_but_one_that_asks_for_no_edit_says_what_an_obedient_model_would_put_into_a_draft() -> None:
    assert [style.id for style in styles() if not style.edits_obey] == ["leave-unflagged"]


def test_no_sentence_of_an_obedient_answer_is_what_a_style_says_of_the_lessons_anyway() -> None:
    assert all(style.told or "{prompt}" in style.answer_obeys[0].text for style in styles())
