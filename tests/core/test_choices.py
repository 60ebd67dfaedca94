from hypothesis import given
from hypothesis import strategies as st

from bot.core.choices import OpenReview
from bot.core.lessons import GuideRow
from bot.core.replies import Edit, EngineName, Finding, Review

ROW = GuideRow("roofs", "Guide", 2, "It never leaks", "It holds ten years.", "Keeps a promise.", 9)

sentences = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, 3)), max_size=8)
"""Of each, how much stands before it, how long it is, and how many claims it makes."""


@given(sentences)
def test_the_findings_of_a_replacement_are_those_within_it(sentences: list[tuple[int, int, int]]) -> None:
    edits, findings, end = list[Edit](), list[Finding](), 0
    for gap, length, claims in sentences:
        start, end = end + gap, end + gap + length
        edits.append(Edit(start, end, "x" * length, "y"))
        findings += [Finding(ROW, start, end, "x" * length, 0.1 * claim) for claim in range(claims)]
    review = Review("x" * end, tuple(findings), (), tuple(edits), "", EngineName.LESSONS, 1.0, 1, prompt_stale=False)
    opened = OpenReview(review)
    for place, edit in enumerate(edits):
        within = tuple(finding for finding in findings if edit.start <= finding.start < edit.end)
        assert opened.findings(place) == within
