from hypothesis import given
from hypothesis import strategies as st

from bot.channels.terminal.diff import diff
from bot.core.prompts import Change, ChangedLine
from bot.core.replies import Edit
from bot.core.review import splice

LINES = st.lists(st.sampled_from(["", "One.", "Two words.", "three"]), min_size=1, max_size=8)


@st.composite
def edited_drafts(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    draft = end.join(draw(LINES))
    cuts = sorted(draw(st.sets(st.integers(0, len(draft)), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    after = draw(st.sampled_from(["new", "two\nlines", ""]))
    return draft, [Edit(start=start, end=end, before=draft[start:end], after=after) for start, end in pairs]


def lines_of(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@given(edited_drafts())
def test_removed_lines_are_the_draft_s_and_added_ones_the_rewritten_s_in_order(case: tuple[str, list[Edit]]) -> None:
    draft, edits = case
    shown = list(diff(draft, edits))
    for whole, changes in ((draft, (Change.SAME, Change.REMOVED)), (splice(draft, edits), (Change.SAME, Change.ADDED))):
        remaining = iter(lines_of(whole))
        assert all(line.text in remaining for line in shown if line.change in changes)
    marked = [line.text[start:end] for line in shown if line.change is Change.REMOVED for start, end in line.marks]
    removed = [piece for edit in edits for piece in lines_of(edit.before) if piece]
    assert "".join(marked) == "".join(removed)


def test_each_change_has_a_line_around_it_and_gaps_between() -> None:
    draft = "a\nb\nBAD one.\nc\nd\ne\nBAD two.\nf\ng\n"
    edits = [Edit(start=4, end=7, before="BAD", after="GOOD"), Edit(start=19, end=22, before="BAD", after="FINE")]
    assert [f"{line.change.value}{line.text}" for line in diff(draft, edits)] == [
        "…", " b", "-BAD one.", "+GOOD one.", " c", "…", " e", "-BAD two.", "+FINE two.", " f", "…",
    ]  # fmt: skip


def test_the_replaced_words_are_marked_in_their_line() -> None:
    removed, added = diff("We never fail. Bye", [Edit(start=3, end=13, before="never fail", after="try")])
    assert removed == ChangedLine(Change.REMOVED, "We never fail. Bye", ((3, 13),))
    assert added == ChangedLine(Change.ADDED, "We try. Bye", ((3, 6),))


def test_nothing_changed_is_nothing_shown() -> None:
    assert list(diff("a\nb", [])) == []
