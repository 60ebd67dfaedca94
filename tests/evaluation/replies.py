"""A small lesson, and the replies that a coach might give about it, built by hand."""

from bot.core.lessons import Lesson
from bot.core.replies import Answer, Citation, Edit, EngineName, Finding, Review
from bot.core.review import splice
from bot.knowledge.parsing import parse_lesson
from tests.fakes import LESSON

ROOF: Lesson = parse_lesson(LESSON.encode(), lesson="roof", file="roof.md")
AUTUMN = "Clear the gutters every autumn."


def answer(text: str, *, covered: bool = True, quotes: tuple[str, ...] = (AUTUMN,), lesson: str = "roof") -> Answer:
    citations = tuple(
        Citation(n=n, lesson=lesson, section="Gutters", quote=quote, line=10) for n, quote in enumerate(quotes, 1)
    )
    return Answer(
        id="local:1",
        question="?",
        text=text,
        covered=covered,
        citations=citations,
        closest=(),
        engine=EngineName.LESSONS,
        latency_ms=1.0,
        model=None,
        prompt_version=1,
        prompt_stale=False,
    )


def finding(draft: str, quote: str, *, row: int) -> Finding:
    start = draft.index(quote)
    return Finding(row=ROOF.guide[row - 1], start=start, end=start + len(quote), quote=quote, confidence=0.9)


def review(draft: str, *findings: Finding, rewritten: str | None = None) -> Review:
    """A review that puts each finding's approved wording in its place, unless `rewritten` says otherwise."""
    edits = tuple(
        Edit(start=found.start, end=found.end, before=found.quote, after=f"{found.row.say}.") for found in findings
    )
    return Review(
        draft=draft,
        findings=findings,
        notes=(),
        edits=edits,
        rewritten=splice(draft, edits) if rewritten is None else rewritten,
        engine=EngineName.LESSONS,
        latency_ms=1.0,
        prompt_version=1,
        prompt_stale=False,
    )
