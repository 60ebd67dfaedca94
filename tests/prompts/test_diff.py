"""The lines that change from one version to another, and in a changed line the words."""

import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.prompts import Change, ChangedLine
from bot.prompts import diff
from bot.prompts.diff import compare

lines = st.lists(
    st.sampled_from(["", "# Role", "## Answering", "Answer in one line.", "Answer in two lines.", "Cite.", "- Cite."])
    | st.text(alphabet="ab .", max_size=8),
    max_size=30,
).map(lambda parts: "\n".join(parts) + "\n")


def shown(old: Sequence[str], new: Sequence[str]) -> list[str]:
    return [f"{line.change.value}{line.text}" for line in compare("\n".join(old), "\n".join(new))]


def marked(line: ChangedLine) -> list[str]:
    return [line.text[start:end] for start, end in line.marks]


def of(changes: Sequence[ChangedLine], *kinds: Change) -> list[str]:
    return [line.text for line in changes if line.change in kinds]


def is_within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the lines of `part` are in `whole` in the same order."""
    rest: Iterator[str] = iter(whole)
    return all(line in rest for line in part)


def test_equal_texts_have_no_lines() -> None:
    assert compare("a\nb\n", "a\nb\n") == ()


def test_a_changed_line_stands_as_it_was_and_as_it_is_with_its_neighbours() -> None:
    assert shown(["a", "b", "Stay under 150 words.", "c", "d"], ["a", "b", "Stay under 120 words.", "c", "d"]) == [
        " b",
        "-Stay under 150 words.",
        "+Stay under 120 words.",
        " c",
    ]


def test_the_words_that_differ_are_marked() -> None:
    removed, added = (
        line
        for line in compare("Stay under 150 words.", "Stay well under 120 words.")
        if line.change is not Change.SAME
    )
    assert marked(removed) == ["150"]
    assert marked(added) == [" well", "120"]


def test_lines_that_share_few_words_are_no_new_wording_of_each_other() -> None:
    removed, added = compare("Cite every passage.", "Never promise a date.")
    assert (removed.marks, added.marks) == ((), ())


def test_the_heading_above_a_change_is_shown_once() -> None:
    old = ["# Role", "a", "b", "c", "d", "e", "f", "g", "h"]
    new = ["# Role", "a", "b", "C", "d", "e", "f", "G", "h"]
    assert shown(old, new) == [" # Role", "…", " b", "-c", "+C", " d", "…", " f", "-g", "+G", " h"]


def test_a_new_last_section_is_shown_as_added() -> None:
    assert shown(["# A", "a"], ["# A", "a", "# B", "b"]) == [" # A", " a", "+# B", "+b"]


@given(lines, lines)
def test_what_is_shown_is_of_the_two_texts_in_their_order(old: str, new: str) -> None:
    changes = compare(old, new)
    assert is_within(of(changes, Change.SAME, Change.REMOVED), old.splitlines())
    assert is_within(of(changes, Change.ADDED), new.splitlines())
    for line in changes:
        assert all(0 <= start < end <= len(line.text) for start, end in line.marks)
        assert line.change is not Change.GAP or not line.text


@given(lines, lines)
def test_with_nothing_left_out_the_lines_are_both_texts(old: str, new: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diff, "CONTEXT", 1_000)
        changes = compare(old, new)
    if changes:
        assert of(changes, Change.SAME, Change.REMOVED) == old.splitlines()
        assert of(changes, Change.SAME, Change.ADDED) == new.splitlines()
    else:
        assert old.splitlines() == new.splitlines()


@pytest.mark.parametrize(
    ("lines", "words"), [(50, 240), (1_400, 1), (20, 500)], ids=["long lines", "many lines", "very long lines"]
)
def test_texts_that_are_laborious_to_compare_are_compared_in_time(lines: int, words: int) -> None:
    old, new = ["a b " * (words // 2 + 1)] * lines, ["b a " * (words // 2 + 1) + "c"] * lines
    started = time.process_time()
    changes = compare("\n".join(old), "\n".join(new))
    assert time.process_time() - started < 2.0
    assert of(changes, Change.REMOVED) == old
    assert of(changes, Change.ADDED) == new
