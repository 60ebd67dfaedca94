from hypothesis import given
from hypothesis import strategies as st

from bot.core.lessons import GuideRow, Passage, Sentence
from bot.core.ports import Hit
from bot.engines.selection import MAX_SENTENCES, MAX_WORDS, select


def passage(ordinal: int, *texts: str) -> Passage:
    return Passage(
        lesson="bikes",
        section="Brakes",
        ordinal=ordinal,
        sentences=tuple(Sentence(text, line=ordinal) for text in texts),
    )


def hits(*scored: tuple[Passage, int, float]) -> list[Hit]:
    found = [Hit(passage=one, sentence=number, relevance=relevance) for one, number, relevance in scored]
    return sorted(found, key=lambda hit: -hit.relevance)


def lines(chosen: object) -> list[list[str]]:
    return [[one.text for one in group] for group in chosen]  # type: ignore[attr-defined]


DISCS = passage(0, "Discs stop a bike in the wet.", "They weigh more.", "Pads last a year.")
RIMS = passage(1, "Rim brakes are light.", "It is the older design.")


def test_sentences_of_a_passage_stand_in_reading_order_and_the_best_passage_first() -> None:
    chosen = select(hits((RIMS, 0, 0.5), (DISCS, 2, 0.8), (DISCS, 0, 0.6)))
    assert lines(chosen) == [["Discs stop a bike in the wet.", "Pads last a year."], ["Rim brakes are light."]]


def test_a_sentence_that_points_back_brings_the_one_before() -> None:
    chosen = select(hits((DISCS, 1, 0.9), (DISCS, 0, 0.001), (DISCS, 2, 0.001)))
    assert lines(chosen)[0][:2] == ["Discs stop a bike in the wet.", "They weigh more."]


def test_a_line_that_stands_in_two_places_is_said_once() -> None:
    again = passage(2, "Rim brakes are light.")
    assert lines(select(hits((RIMS, 0, 0.9), (again, 0, 0.8)))).count(["Rim brakes are light."]) == 1


def test_a_dont_say_cell_is_never_told_as_fact_and_a_cell_ends_with_a_full_stop() -> None:
    cells = ("Discs never fade", "Discs fade late", "Keeps trust")
    row = GuideRow("bikes", "Guide", 1, *cells, line=9)
    guide = Passage("bikes", "Guide", -1, tuple(Sentence(cell, 9) for cell in cells))
    chosen = select([Hit(guide, 1, 0.9, row), Hit(guide, 0, 0.8, row)])
    assert lines(chosen) == [["Discs fade late."]]


def test_a_sentence_that_points_back_is_left_out_where_what_it_points_to_is_too_long() -> None:
    long = passage(3, " ".join(["word"] * 135) + ".", "It matters.", "Brakes squeal.")
    assert lines(select(hits((DISCS, 0, 0.9), (long, 1, 0.5), (long, 0, 0.001)))) == [["Discs stop a bike in the wet."]]


def test_a_best_line_too_long_to_quote_is_not_replaced_by_its_neighbour_or_a_lesser_one() -> None:
    long = passage(3, " ".join(["word"] * 160) + ".", "Brakes squeal.")
    assert select(hits((long, 0, 0.9), (long, 1, 0.001), (RIMS, 0, 0.01))) == ()


def test_an_answer_leads_with_its_best_line() -> None:
    chosen = select(hits((DISCS, 2, 0.9), (DISCS, 0, 0.2), (RIMS, 0, 0.3)))
    assert lines(chosen)[0][0] == "Pads last a year."


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0.01, 1)), min_size=1, max_size=20))
def test_an_answer_stays_short(sentences: list[tuple[int, float]]) -> None:
    one = passage(0, *(" ".join([f"w{number}"] * words) + "." for number, (words, _) in enumerate(sentences)))
    chosen = select(hits(*((one, number, relevance) for number, (_, relevance) in enumerate(sentences))))
    texts = [text for group in lines(chosen) for text in group]
    assert 1 <= len(texts) <= MAX_SENTENCES + 1
    assert len(" ".join(texts).split()) <= MAX_WORDS
