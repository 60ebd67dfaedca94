"""The review loop over a finder and an engine that are simple on purpose: words and their replacement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.lessons import GuideRow, Knowledge
from bot.core.ports import RewriteTask, Rewriting
from bot.core.prompts import Prompt
from bot.core.replies import Edit, Finding, Review
from bot.core.review import MAX_ROUNDS, ReviewDraft, original_span, splice
from tests.core.pinned import PINNED
from tests.fakes import FirstLineEngine, Lenient

ROW = GuideRow(lesson="x", section="Guide", row=1, dont_say="bad", say="good", why="because", line=3)


class OneLesson:
    async def current(self) -> Knowledge:
        return Knowledge(lessons=())


@dataclass(frozen=True)
class PatternFinder:
    """Finds every match of a pattern; what matches `doubtful` is a note."""

    pattern: str
    doubtful: str = "(?!)"

    async def find(self, draft: str, knowledge: Knowledge) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        del knowledge
        return self._matches(self.pattern, draft, 0.9), self._matches(self.doubtful, draft, 0.5)

    def _matches(self, pattern: str, draft: str, confidence: float) -> tuple[Finding, ...]:
        return tuple(
            Finding(row=ROW, start=match.start(), end=match.end(), quote=match.group(), confidence=confidence)
            for match in re.finditer(pattern, draft)
        )


class SaySplicer:
    """Replaces each finding by what the row says to say."""

    async def edits(self, draft: str, findings: Sequence[Finding]) -> tuple[Edit, ...]:
        return tuple(
            Edit(start=finding.start, end=finding.end, before=draft[finding.start : finding.end], after=ROW.say)
            for finding in findings
        )


async def review(pattern: str, draft: str, *, doubtful: str = "(?!)") -> Review:
    finder = PatternFinder(pattern, doubtful)
    reviewing = ReviewDraft(
        library=OneLesson(),
        finder=finder,
        splicer=SaySplicer(),
        engine=FirstLineEngine(),
        check=Lenient(),
        prompts=PINNED,
    )
    return await reviewing(draft, person="local")


async def test_a_finding_is_replaced_and_the_rest_stays() -> None:
    reviewed = await review("bad", "a bad\r\nday, bad")
    assert reviewed.rewritten == "a good\r\nday, good"
    assert [finding.start for finding in reviewed.findings] == [2, 12]


async def test_a_clean_draft_comes_back_as_it_is() -> None:
    reviewed = await review("bad", "all fine")
    assert (reviewed.rewritten, reviewed.edits, reviewed.findings) == ("all fine", (), ())


async def test_what_only_shows_after_a_replacement_is_replaced_too() -> None:
    reviewed = await review("bad|(?<=good )odd", "a bad odd end")
    assert reviewed.rewritten == "a good good end"
    assert [finding.quote for finding in reviewed.findings] == ["bad", "odd"]


async def test_a_finder_that_never_rests_is_bounded() -> None:
    reviewed = await review("bad|(?<=good )odd", "bad" + " odd" * 20)
    assert len(reviewed.findings) == 1 + MAX_ROUNDS


async def test_a_note_on_words_that_an_edit_takes_away_is_dropped_and_any_other_stays() -> None:
    reviewed = await review("very bad day", "odd, very bad day, odd bad", doubtful="bad|odd")
    assert [(note.start, note.quote) for note in reviewed.notes] == [(0, "odd"), (19, "odd"), (23, "bad")]


def test_an_edit_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        splice("abc", [Edit(start=0, end=1, before="x", after="y")])


@st.composite
def drafts_with_edits(draw: st.DrawFn, *, least_after: int = 0) -> tuple[str, tuple[Edit, ...]]:
    afters = st.text(min_size=least_after, max_size=8)
    pieces = draw(st.lists(st.tuples(st.text(max_size=8), st.booleans(), afters), max_size=8))
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


@given(drafts_with_edits(least_after=1), st.data())
def test_a_stretch_of_the_spliced_text_leads_back_to_what_it_was_made_from(
    case: tuple[str, tuple[Edit, ...]], data: st.DataObject
) -> None:
    draft, edits = case
    spliced = splice(draft, edits)
    assume(spliced)
    start = data.draw(st.integers(0, len(spliced) - 1))
    end = data.draw(st.integers(start + 1, len(spliced)))
    first, last = original_span(edits, start, end)
    origin = []
    position = 0
    for edit in edits:
        origin += [(place, place + 1) for place in range(position, edit.start)]
        origin += [(edit.start, edit.end)] * len(edit.after)
        position = edit.end
    origin += [(place, place + 1) for place in range(position, len(draft))]
    assert (first, last) == (origin[start][0], origin[end - 1][1])


@dataclass(frozen=True)
class AddingEngine(FirstLineEngine):
    """Takes words of the draft for a claim that nobody else has found, and has other words for them."""

    quote: str
    after: str

    async def rewrite(self, task: RewriteTask, prompt: Prompt, *, person: str) -> Rewriting:
        del prompt, person
        start = task.draft.index(self.quote)
        end = start + len(self.quote)
        added = Finding(row=ROW, start=start, end=end, quote=self.quote, confidence=0.5)
        return Rewriting(edits=(Edit(start, end, self.quote, self.after),), added=(added,))


class Careful(Lenient):
    """Has nothing against any replacement, and minds every sentence that only the approved wording would be left of."""

    def loses(self, approved: Edit, rows: Sequence[GuideRow]) -> bool:
        return (approved.after, list(rows)) == (ROW.say, [ROW])


async def added(after: str, *, doubtful: str = "(?!)") -> Review:
    reviewing = ReviewDraft(
        library=OneLesson(),
        finder=PatternFinder("bad", doubtful),
        splicer=SaySplicer(),
        engine=AddingEngine("odd on May 3", after),
        check=Careful(),
        prompts=PINNED,
    )
    return await reviewing("odd on May 3, bad", person="local")


async def test_a_claim_that_only_the_model_found_is_replaced_by_words_that_keep_what_it_tells() -> None:
    reviewed = await added("fine on May 3")
    assert reviewed.rewritten == "fine on May 3, good"
    assert [finding.quote for finding in reviewed.findings] == ["odd on May 3", "bad"]


@pytest.mark.parametrize(("after", "doubtful"), [("good", "(?!)"), ("bad on May 3", "(?!)"), ("fine on May 3", "fine")])
async def test_it_is_a_note_where_no_such_words_stand_not_even_after_another_look(after: str, doubtful: str) -> None:
    reviewed = await added(after, doubtful=doubtful)
    assert reviewed.rewritten == "odd on May 3, good"
    assert [note.quote for note in reviewed.notes] == ["odd on May 3"]
    assert [finding.quote for finding in reviewed.findings] == ["bad"]
