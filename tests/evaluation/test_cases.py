from typing import Any

import pytest

from bot.evaluation.cases import DraftCase, Form, Kind, QuestionCase, Violation, Wording, occurrences, overlap

QUESTION: dict[str, Any] = {
    "id": "a",
    "lesson": "roof",
    "question": "When?",
    "kind": Kind.ANSWERABLE,
    "must_include": (("autumn",),),
    "gold": ("Clear the gutters every autumn.",),
}
DRAFT: dict[str, Any] = {
    "id": "a",
    "lesson": "roof",
    "text": "Hi Ann. It never leaks. See you. See you.",
    "violations": (Violation(row=1, sentence="It never leaks.", wording=Wording.CLOSE),),
    "must_keep": ("Hi Ann.", "See you."),
}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"question": " "}, "question is empty"),
        ({"id": ""}, "id is empty"),
        ({"gold": ()}, "needs must_include and gold"),
        ({"must_include": ()}, "needs must_include and gold"),
        ({"must_include": ((),)}, "needs alternatives"),
        ({"must_include": (("autumn", " "),)}, "none of them empty"),
        ({"kind": Kind.HOSTILE}, "takes no must_include"),
        ({"thread": ("What is a gutter?",)}, 'the form "follow-up"'),
        ({"form": Form.FOLLOW_UP}, 'the form "follow-up"'),
        ({"thread": ("",), "form": Form.FOLLOW_UP}, "thread is empty"),
    ],
)
def test_a_question_that_contradicts_itself_cannot_be_made(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        QuestionCase(**QUESTION | wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"text": " "}, "text is empty"),
        ({"violations": (Violation(row=1, sentence="Gone.", wording=Wording.FAR),)}, "violations: 'Gone.' is not in"),
        ({"violations": (Violation(row=1, sentence="", wording=Wording.FAR),)}, "violations: '' is not in"),
        ({"violations": (Violation(row=1, sentence="See you.", wording=Wording.FAR),)}, "2 times"),
        ({"must_keep": ("Gone.",)}, "must_keep: 'Gone.' is not in"),
        ({"must_keep": ("Ann. It",)}, "overlaps a violation"),
        ({"quoted": ("See you.",)}, "quoted: 'See you.' is in the text 2 times"),
        ({"quoted": ("never",)}, "overlaps a violation"),
    ],
)
def test_a_draft_that_contradicts_itself_cannot_be_made(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DraftCase(**DRAFT | wrong)


def test_good_cases_can_be_made() -> None:
    assert QuestionCase(**QUESTION).form is Form.PLAIN
    assert DraftCase(**DRAFT | {"quoted": ("Hi Ann.",)}).kept == ("Hi Ann.", "See you.", "Hi Ann.")


def test_pieces_are_found_again_and_again() -> None:
    assert list(occurrences("aXbXX", "X")) == [(1, 2), (3, 4), (4, 5)]


def test_neighbours_do_not_overlap() -> None:
    assert not overlap((0, 2), (2, 4))
    assert overlap((0, 3), (2, 4))
