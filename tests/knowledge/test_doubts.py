import pytest

from bot.knowledge.doubts import NO_NUMBER, OWN_COMPANY, doubt


@pytest.mark.parametrize(
    "question",
    ["How many hives fit on a roof?", "What price do they ask?", "what does a queen cost", "litres per day?"],
)
def test_a_quantity_is_doubted_without_a_number(question: str) -> None:
    assert doubt(question, ["Hives stand in the shade."]) == NO_NUMBER
    assert doubt(question, ["Hives stand in the shade.", "A roof holds 12 of them."]) == 0
    assert doubt(question, ["Two are enough."]) == 0


@pytest.mark.parametrize(
    "question", ["Does our product do that?", "Do we offer a trial?", "Is our platform certified?"]
)
def test_the_reps_own_company_is_doubted(question: str) -> None:
    assert doubt(question, ["Anything 12."]) == OWN_COMPANY


@pytest.mark.parametrize("question", ["Why do bees swarm?", "What is honey?", "", "Who keeps bees in town?"])
def test_other_questions_are_not_doubted(question: str) -> None:
    assert doubt(question, []) == 0
