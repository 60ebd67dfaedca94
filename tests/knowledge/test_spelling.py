import pytest

from bot.core.lessons import Knowledge, Lesson, Passage, Sentence
from bot.knowledge.spelling import speller

ENGLISH = {"what", "does", "dose", "the", "cost", "which", "tasks"}


def knowledge(text: str) -> Knowledge:
    passage = Passage(lesson="bikes", section="", ordinal=0, sentences=(Sentence(text, line=1),))
    lesson = Lesson(id="bikes", title="Bikes", order=0, sections=(), passages=(passage,), guide=())
    return Knowledge(lessons=(lesson,))


BIKES = speller(knowledge("A derailleur changes gears; hydraulic brakes need a bleed kit."), ENGLISH)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("what does a derailer do", "what does a derailleur do"),
        ("what does a deraileur do", "what does a derailleur do"),
        ("hydrualic braks?", "hydraulic brakes?"),
        ("dose the cost chnages", "dose the cost changes"),
        ("Gaers", "gears"),
    ],
)
def test_a_misspelt_word_of_the_lessons_is_mended(typed: str, mended: str) -> None:
    assert BIKES.mend(typed) == mended


@pytest.mark.parametrize(
    "text", ["", "kit", "H100 QLoRA 42", "naïve café", "ébraks", "don't", "steakhouse in Denver", "xx " * 5000]
)
def test_known_short_foreign_and_far_words_stay(text: str) -> None:
    assert BIKES.mend(text) == text
