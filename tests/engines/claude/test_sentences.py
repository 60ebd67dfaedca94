"""Sentences are cut out of a reply as it comes in, each with what its blocks cite."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engines.claude.pieces import BlockEnd, Cite, Ended, Piece, Text
from bot.engines.claude.sentences import Sentence, Sentences

NOTHING_SAID = re.compile(r"(?:\s|[-*\u2022]|\d{1,2}[.)])*")


def cite(number: int) -> Cite:
    return Cite(result=number, start=0, end=1, text=f"line {number}")


@dataclass(frozen=True, slots=True)
class Block:
    """A text block: its text, where that is cut into deltas, and at which of them each citation comes."""

    text: str
    cites: tuple[tuple[int, int], ...] = ()
    cuts: tuple[int, ...] = ()

    def pieces(self) -> Iterator[Piece]:
        ends = sorted({cut for cut in self.cuts if cut < len(self.text)} | {len(self.text)})
        start = 0
        for number, end in enumerate(ends):
            yield from (cite(n) for n, at in self.cites if at == number)
            yield Text(self.text[start:end])
            start = end
        yield from (cite(n) for n, at in self.cites if at >= len(ends))
        yield BlockEnd()


def cut(*blocks: Block) -> list[Sentence]:
    pieces: list[Piece] = [piece for block in blocks for piece in block.pieces()]
    return taken([*pieces, Ended("end_turn")])


def taken(pieces: Iterable[Piece]) -> list[Sentence]:
    sentences = Sentences()
    return [sentence for piece in pieces for sentence in sentences.take(piece)]


def cited(*blocks: Block) -> list[tuple[str, list[int]]]:
    return [(sentence.text, [each.result for each in sentence.cites]) for sentence in cut(*blocks)]


def test_every_sentence_of_a_block_has_what_the_block_cites() -> None:
    assert cited(Block("One here. Two here.", ((1, 9),)), Block(" Three here.", ((2, 9),))) == [
        ("One here.", [1]),
        ("Two here.", [1]),
        ("Three here.", [2]),
    ]


@pytest.mark.parametrize("at", [0, 1, 9])
def test_citations_may_come_before_within_or_after_the_text(at: int) -> None:
    assert cited(Block("One here.", ((1, at),), cuts=(4,))) == [("One here.", [1])]


def test_a_sentence_over_two_blocks_has_what_both_cite() -> None:
    blocks = Block("Clear the gutters", ((1, 9),)), Block(" every autumn.", ((2, 9),)), Block(" Then rest.")
    assert cited(*blocks) == [("Clear the gutters every autumn.", [1, 2]), ("Then rest.", [])]


def test_a_citation_of_both_blocks_of_a_sentence_comes_once() -> None:
    assert cited(Block("Clear the gutters", ((1, 9),)), Block(" now.", ((1, 9), (2, 9)))) == [
        ("Clear the gutters now.", [1, 2])
    ]


def test_white_space_between_blocks_is_the_lead_of_the_next_sentence() -> None:
    first, second = cut(Block("One here.", ((1, 9),)), Block("\n\n"), Block("Two here.", ((2, 9),)))
    assert (second.lead, second.text) == ("\n\n", "Two here.")
    assert (first.lead, second.cites) == ("", (cite(2),))


def test_a_mark_of_punctuation_in_a_block_of_its_own_ends_the_sentence_before() -> None:
    assert cited(Block("Clear the gutters", ((1, 9),)), Block("."), Block(" Then rest.")) == [
        ("Clear the gutters.", [1]),
        ("Then rest.", []),
    ]


def test_each_item_of_a_list_is_a_sentence_without_its_mark_being_one() -> None:
    text = "Do this:\n- Clear the gutters.\n* Paint the eaves\n1. Wait.\n2) Look up."
    assert [sentence.text for sentence in cut(Block(text))] == [
        "Do this:",
        "- Clear the gutters.",
        "* Paint the eaves",
        "1. Wait.",
        "2) Look up.",
    ]


@pytest.mark.parametrize("label", ["Say", "Not", "Why", "say", "Don't say", "Don\u2019t say", "Do say"])
def test_a_labelled_line_is_one_sentence(label: str) -> None:
    line = f'{label}: "It lasts ten years. It is guaranteed."'
    assert [sentence.text for sentence in cut(Block(f"Yes.\n\n{line}\n\nAsk why."))] == ["Yes.", line, "Ask why."]


def test_a_labelled_line_is_one_sentence_over_several_blocks_too() -> None:
    blocks = (
        Block('Say: "'),
        Block("It lasts ten years.", ((1, 9),)),
        Block(" It is guaranteed.", ((2, 9),)),
        Block('"'),
    )
    assert cited(*blocks) == [('Say: "It lasts ten years. It is guaranteed."', [1, 2])]


def test_a_figure_over_two_blocks_stays_whole() -> None:
    assert cited(Block("It costs 2.", ((1, 9),)), Block("5 dollars a day.", ((2, 9),))) == [
        ("It costs 2.5 dollars a day.", [1, 2])
    ]


def test_no_sentence_goes_over_the_end_of_a_line() -> None:
    assert [sentence.text for sentence in cut(Block("Clear the\ngutters now"))] == ["Clear the", "gutters now"]


def test_a_sentence_comes_as_soon_as_what_follows_begins_anew() -> None:
    pieces: list[Piece] = [Text("One here."), cite(1), BlockEnd()]
    assert taken(pieces) == []
    assert [sentence.text for sentence in taken([*pieces, Text(" T")])] == ["One here."]
    assert taken([*pieces, Text(" and")]) == []
    assert [sentence.text for sentence in taken([*pieces, Text("\n")])] == ["One here."]


def test_a_sentence_waits_for_the_end_of_its_block_and_so_for_its_citations() -> None:
    assert taken([Text("One here. Two here. Three")]) == []
    (only,) = taken([Text("One here. Two"), cite(1), BlockEnd()])
    assert (only.text, only.cites) == ("One here.", (cite(1),))


def test_lone_surrogates_are_text_like_any_other() -> None:
    assert [sentence.text for sentence in cut(Block("A \ud83d tile. An \udc00 eave."))] == [
        "A \ud83d tile.",
        "An \udc00 eave.",
    ]


def test_a_very_long_reply_is_cut_in_time_that_grows_with_it() -> None:
    words = "Clear the gutters every autumn. " * 4_000
    assert len(cut(Block(words, cuts=tuple(range(0, len(words), 24))))) == 4_000
    assert len(cut(Block("a" * 200_000))) == 1


TEXTS = st.lists(
    st.sampled_from(
        (
            *(
                "Clear",
                "gutters",
                " ",
                " ",
                "\n",
                "\n\n",
                "\t",
                "\r\n",
                "\u2028",
                ".",
                ". ",
                "? ",
                "!",
                "\u2026",
                '"',
                "\u201d",
            ),
            *("(", ")", "[", "- ", "1. ", "7", "3.5", "Say: ", "Dr.", "e.g.", "\u00e9", "\ud83d", "\U0001f3e0"),
        )
    )
    | st.text(max_size=3),
    min_size=1,
    max_size=12,
).map("".join)
BLOCKS = st.lists(
    st.builds(
        Block,
        TEXTS.filter(bool),
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=3).map(tuple),
        st.lists(st.integers(1, 40), max_size=4).map(tuple),
    ),
    max_size=6,
)


@given(BLOCKS)
@settings(max_examples=250, deadline=None)
def test_nothing_of_any_reply_is_lost_changed_or_said_twice(blocks: Sequence[Block]) -> None:
    text = "".join(block.text for block in blocks)
    told = "".join(sentence.lead + sentence.text for sentence in cut(*blocks))
    assert text.startswith(told)
    assert NOTHING_SAID.fullmatch(text[len(told) :])


@given(BLOCKS)
@settings(max_examples=250, deadline=None)
def test_a_sentence_cites_exactly_what_the_blocks_cite_that_it_has_a_part_in(blocks: Sequence[Block]) -> None:
    spans, end = [], 0
    for block in blocks:
        spans.append((end, end + len(block.text), {number for number, _ in block.cites}))
        end += len(block.text)
    position = 0
    for sentence in cut(*blocks):
        start = position + len(sentence.lead)
        position = start + len(sentence.text)
        held = [cites for first, last, cites in spans if first < position and start < last]
        assert {each.result for each in sentence.cites} == set().union(*held)
        assert len(set(sentence.cites)) == len(sentence.cites)


@given(BLOCKS)
@settings(max_examples=150, deadline=None)
def test_how_a_reply_is_cut_into_deltas_changes_nothing(blocks: Sequence[Block]) -> None:
    whole = [Block(block.text, tuple((number, 0) for number, _ in block.cites)) for block in blocks]
    told = [(sentence.lead, sentence.text, frozenset(sentence.cites)) for sentence in cut(*blocks)]
    assert told == [(sentence.lead, sentence.text, frozenset(sentence.cites)) for sentence in cut(*whole)]
