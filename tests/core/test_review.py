"""The review loop over a finder and an engine that are simple on purpose: words and their replacement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.lessons import GuideRow, Knowledge
from bot.core.replies import Edit, EngineName, Finding
from bot.core.review import MAX_ROUNDS, ReviewDraft, original_offset, splice

ROW = GuideRow(lesson="x", section="Guide", row=1, dont_say="bad", say="good", why="because", line=3)


class OneLesson:
    async def current(self) -> Knowledge:
        return Knowledge(lessons=())


@dataclass(frozen=True)
class PatternFinder:
    """Finds every match of a pattern."""

    pattern: str

    async def find(self, draft: str, knowledge: Knowledge) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        del knowledge
        found = tuple(
            Finding(row=ROW, start=match.start(), end=match.end(), quote=match.group(), confidence=0.9)
            for match in re.finditer(self.pattern, draft)
        )
        return found, ()


class SayEngine:
    name = EngineName.LESSONS

    async def rewrite(self, draft: str, findings: Sequence[Finding]) -> tuple[Edit, ...]:
        return tuple(
            Edit(start=finding.start, end=finding.end, before=draft[finding.start : finding.end], after=ROW.say)
            for finding in findings
        )

    def answer(self, *_: object) -> object:
        raise AssertionError("a review asks for no answer")


def review(pattern: str) -> ReviewDraft:
    return ReviewDraft(library=OneLesson(), finder=PatternFinder(pattern), engine=SayEngine())  # type: ignore[arg-type]


async def test_a_finding_is_replaced_and_the_rest_stays() -> None:
    reviewed = await review("bad")("a bad\r\nday, bad")
    assert reviewed.rewritten == "a good\r\nday, good"
    assert [finding.start for finding in reviewed.findings] == [2, 12]


async def test_a_clean_draft_comes_back_as_it_is() -> None:
    reviewed = await review("bad")("all fine")
    assert (reviewed.rewritten, reviewed.edits, reviewed.findings) == ("all fine", (), ())


async def test_what_only_shows_after_a_replacement_is_replaced_too() -> None:
    reviewed = await review("bad|(?<=good )odd")("a bad odd end")
    assert reviewed.rewritten == "a good good end"
    assert [finding.quote for finding in reviewed.findings] == ["bad", "odd"]


async def test_a_finder_that_never_rests_is_bounded() -> None:
    reviewed = await review("bad|(?<=good )odd")("bad" + " odd" * 20)
    assert len(reviewed.findings) == 1 + MAX_ROUNDS


def test_an_edit_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        splice("abc", [Edit(start=0, end=1, before="x", after="y")])


@st.composite
def drafts_with_edits(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...]]:
    pieces = draw(st.lists(st.tuples(st.text(max_size=8), st.booleans(), st.text(max_size=8)), max_size=8))
    draft, edits = "", []
    for text, replaced, after in pieces:
        if replaced and text:
            edits.append(Edit(start=len(draft), end=len(draft) + len(text), before=text, after=after))
        draft += text
    return draft, tuple(edits)


@given(drafts_with_edits())
def test_splicing_changes_nothing_outside_the_edits(case: tuple[str, tuple[Edit, ...]]) -> None:
    draft, edits = case
    spliced = splice(draft, edits)
    restored, position, shift = [], 0, 0
    for edit in edits:
        restored += [spliced[position : edit.start + shift], edit.before]
        position = edit.start + shift + len(edit.after)
        shift += len(edit.after) - len(edit.before)
    assert "".join([*restored, spliced[position:]]) == draft


@given(drafts_with_edits(), st.data())
def test_offsets_of_untouched_characters_lead_back_to_them(
    case: tuple[str, tuple[Edit, ...]], data: st.DataObject
) -> None:
    draft, edits = case
    spliced = splice(draft, edits)
    offset = data.draw(st.integers(0, len(spliced)))
    origin = original_offset(edits, offset)
    if origin is not None and offset < len(spliced) and origin < len(draft) and not edits:
        assert spliced[offset] == draft[origin]
    if origin is not None:
        assert 0 <= origin <= len(draft)
