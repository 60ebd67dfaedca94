"""The embedded engine: answers in the lessons' own sentences, rewrites with the guide's own wording. No network."""

from collections.abc import AsyncIterator, Iterable, Sequence

from bot.core.lessons import Knowledge
from bot.core.messages import Turn
from bot.core.ports import Composed, Evidence, Hit
from bot.core.replies import Citation, Delta, Edit, EngineName, Finding
from bot.engines.selection import Chosen, select
from bot.phrasing.splicing import edits

MAX_CLOSEST = 3
MAX_LESSONS_NAMED = 4
MAX_SECTIONS_NAMED = 10


class LessonsEngine:
    """Composes replies from the lessons alone."""

    @property
    def name(self) -> EngineName:
        """`lessons`."""
        return EngineName.LESSONS

    async def answer(
        self,
        evidence: Evidence,
        knowledge: Knowledge,
        thread: Sequence[Turn],  # noqa: ARG002 - retrieval has read it
    ) -> AsyncIterator[Delta | Composed]:
        """Streams the answer paragraph by paragraph, then gives it whole."""
        composed = compose(evidence, knowledge)
        paragraphs = composed.text.split("\n\n")
        for number, paragraph in enumerate(paragraphs):
            yield Delta(paragraph if number == 0 else f"\n\n{paragraph}")
        yield composed

    async def rewrite(self, draft: str, findings: Sequence[Finding]) -> tuple[Edit, ...]:
        """Puts each finding's approved wording in its place."""
        return edits(draft, findings)


def compose(evidence: Evidence, knowledge: Knowledge) -> Composed:
    """Makes the answer: from the guide when the question is about wording, else from the lessons' sentences."""
    if not evidence.covered:
        return _not_covered(evidence, knowledge)
    best = evidence.hits[0]
    if evidence.wording and best.row is not None:
        return _wording(best)
    return _sentences(select(evidence.hits))


def _wording(hit: Hit) -> Composed:
    """Say this, not that, and why."""
    citations = tuple(
        Citation(n=n, lesson=hit.passage.lesson, section=hit.passage.section, quote=cell.text, line=cell.line)
        for n, cell in enumerate((cell for cell in hit.passage.sentences if cell.text), start=1)
    )
    dont_say, say, *why = citations
    lines = [f'Say: "{say.quote}" [{say.n}]', f'Not: "{dont_say.quote}" [{dont_say.n}]']
    lines += [f"Why: {reason.quote} [{reason.n}]" for reason in why]
    return Composed(text="\n\n".join(lines), covered=True, citations=citations)


def _sentences(chosen: Sequence[Sequence[Chosen]]) -> Composed:
    citations: list[Citation] = []
    paragraphs = []
    for group in chosen:
        pieces = []
        for one in group:
            citations.append(_citation(len(citations) + 1, one.hit))
            pieces.append(f"{one.text} [{len(citations)}]")
        paragraphs.append(" ".join(pieces))
    return Composed(text="\n\n".join(paragraphs), covered=True, citations=tuple(citations))


def _not_covered(evidence: Evidence, knowledge: Knowledge) -> Composed:
    if evidence.misuse:
        return Composed(
            text=f"I can't do that: I only answer from the lessons and review drafts against their guide. "
            f"{_what_is_covered(knowledge)}",
            covered=False,
        )
    closest = tuple(_citation(n, hit) for n, hit in enumerate(evidence.hits[:MAX_CLOSEST], start=1))
    return Composed(
        text=f"This isn't covered: the lessons do not answer it directly. {_what_is_covered(knowledge)}",
        covered=False,
        closest=closest,
    )


def _what_is_covered(knowledge: Knowledge) -> str:
    """Names the lessons and, where there are few, their sections."""
    if not knowledge.lessons:
        return "No lesson is loaded."
    if len(knowledge.lessons) == 1:
        (lesson,) = knowledge.lessons
        named = f' They cover "{lesson.title}"'
        return f"{named.strip()}: {_listed(lesson.sections, MAX_SECTIONS_NAMED)}." if lesson.sections else f"{named}."
    return f"They cover {_listed([lesson.title for lesson in knowledge.lessons], MAX_LESSONS_NAMED)}."


def _listed(names: Iterable[str], limit: int) -> str:
    known = list(names)
    more = f" and {len(known) - limit} more" if len(known) > limit else ""
    return "; ".join(known[:limit]) + more


def _citation(n: int, hit: Hit) -> Citation:
    sentence = hit.passage.sentences[hit.sentence]
    return Citation(
        n=n, lesson=hit.passage.lesson, section=hit.passage.section, quote=sentence.text, line=sentence.line
    )
