import pytest

from bot.knowledge.definitions import asked_to_define


@pytest.mark.parametrize(
    "question",
    [
        "What is swarming?",
        "what's swarming, in one line?",
        "whats swarming",
        "A customer wants to know what swarming actually is",
        "Define swarming.",
        "what is the meaning of swarming?",
    ],
)
def test_a_definition_is_asked_for(question: str) -> None:
    assert asked_to_define(question) == {"swarm"}


@pytest.mark.parametrize(
    "question", ["Why do bees swarm?", "How is swarming prevented?", "", "When do colonies swarm", "What happens then?"]
)
def test_other_questions_ask_for_none(question: str) -> None:
    assert asked_to_define(question) == frozenset()


def test_a_long_question_is_read_in_linear_time() -> None:
    assert asked_to_define("what is a " * 20_000) is not None
