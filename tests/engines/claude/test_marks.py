"""Marks in a plain reply become citations, however the reply is cut."""

from collections.abc import AsyncGenerator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.engines.claude.marks import by_marks
from bot.engines.claude.pieces import BlockEnd, Cite, Ended, Piece, Text

LINES = 12


def cite(n: int) -> Cite | None:
    return Cite(result=n, start=0, end=1, text=f"line {n}") if 1 <= n <= LINES else None


async def streamed(texts: Sequence[str]) -> AsyncGenerator[Piece, None]:
    for text in texts:
        yield Text(text)
    yield BlockEnd()
    yield Ended("end_turn")


async def blocks(*texts: str) -> list[tuple[str, list[int]]]:
    """The reply's blocks, each with the numbers that it cites."""
    found: list[tuple[str, list[int]]] = []
    said, cites = "", list[int]()
    async for piece in by_marks(streamed(texts), cite):
        match piece:
            case Text(text=text):
                said += text
            case Cite(result=result):
                cites.append(result)
            case BlockEnd():
                found.append((said, cites))
                said, cites = "", []
            case Ended():
                assert (said, cites) == ("", [])
    return found


async def test_each_run_of_text_up_to_its_marks_is_a_block() -> None:
    assert await blocks("One here. [1] Two here [2].") == [("One here.", [1]), (" Two here", [2]), (".\n", [])]


async def test_several_marks_in_a_row_are_cited_by_one_block() -> None:
    assert (await blocks("One here [1][3] [2, 12], and so on."))[:1] == [("One here", [1, 3, 2, 12])]


async def test_marks_at_the_very_end_count() -> None:
    assert (await blocks("One here. [1] [2]"))[0] == ("One here.", [1, 2])


async def test_a_mark_of_no_line_is_taken_out_and_cites_nothing() -> None:
    assert (await blocks("One here. [0] [13] [9999] Two."))[0] == ("One here.", [])


async def test_what_only_looks_like_a_mark_stays() -> None:
    for text in ("See [a] there.", "See [12345] there.", "See [] there.", "See [1 there.", "It is [-1] there."):
        assert await blocks(text) == [(f"{text}\n", [])]


@given(st.lists(st.integers(1, 39), max_size=8))
async def test_a_mark_cut_into_deltas_is_the_same_mark(cuts: list[int]) -> None:
    text = "One here. [1] [2]\n\nTwo here [3, 4].\nThree."
    ends = [*sorted(set(cuts)), len(text)]
    texts = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert await blocks(*texts) == await blocks(text)


@given(st.lists(st.sampled_from(["One", " ", "[1]", "[2, 3]", "[", "]", "1", "\n", ". "]), max_size=12))
async def test_nothing_but_marks_is_taken_out(texts: list[str]) -> None:
    kept = "".join(text for text, _ in await blocks(*texts))
    whole = "".join(texts) + "\n"
    outside = "0123456789[], \t"
    assert [char for char in kept if char not in outside] == [char for char in whole if char not in outside]
