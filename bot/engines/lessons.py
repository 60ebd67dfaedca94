"""The embedded engine: answers in the lessons' own sentences, rewrites with the guide's own wording. No network."""

from collections.abc import AsyncGenerator, Iterable, Sequence

from bot.core.lessons import Knowledge
from bot.core.ports import AnswerTask, Composed, Evidence, Hit, RewriteTask, Rewriting
from bot.core.prompts import Prompt
from bot.core.replies import Citation, Delta, EngineName, Fallback
from bot.engines.selection import MAX_WORDS, Chosen, is_dont_say, select

MAX_CLOSEST = 3
CLOSE_FROM = 0.002
"""The relevance from which a line is worth showing as one of the closest."""
BEHIND_FROM = 0.2
"""The relevance from which a line is told behind a guide row's answer."""
MAX_LESSONS_NAMED = 4
MAX_SECTIONS_NAMED = 6


class LessonsEngine:
    """Composes replies from the lessons alone; what it has for a draft is the approved wording itself."""

    @property
    def name(self) -> EngineName:
        """`lessons`."""
        return EngineName.LESSONS

    @property
    def left_alone(self) -> Fallback | None:
        """Never."""
        return None

    async def answer(
        self,
        task: AnswerTask,
        prompt: Prompt,  # noqa: ARG002 - speaks in the lessons' words, not as a prompt has it
        *,
        person: str,  # noqa: ARG002 - costs nothing
    ) -> AsyncGenerator[Delta | Composed, None]:
        """Streams the answer paragraph by paragraph, then gives it whole."""
        composed = compose(task.evidence, task.knowledge)
        paragraphs = composed.text.split("\n\n")
        for number, paragraph in enumerate(paragraphs):
            yield Delta(paragraph if number == 0 else f"\n\n{paragraph}")
        yield composed

    async def rewrite(
        self,
        task: RewriteTask,  # noqa: ARG002 - the approved wording stands as it is
        prompt: Prompt,  # noqa: ARG002 - as above
        *,
        person: str,  # noqa: ARG002 - as above
    ) -> Rewriting:
        """Proposes nothing in other words."""
        return Rewriting()

    async def prepare(self) -> None:
        """There is nothing to load."""

    async def close(self) -> None:
        """Nothing is open."""


def compose(evidence: Evidence, knowledge: Knowledge) -> Composed:
    """Makes the answer: from the guide when the question is about wording, else from the lessons' sentences."""
    if not evidence.covered:
        return not_covered(evidence, knowledge)
    best = evidence.hits[0]
    if best.row is not None:
        return _wording(best, [hit for hit in evidence.hits if hit.row is None])
    text, citations = _sentences(select(evidence.hits))
    if not citations:
        return not_covered(evidence, knowledge)
    return Composed(text=text, covered=True, citations=citations)


def _wording(hit: Hit, behind: Sequence[Hit]) -> Composed:
    """Say this, not that, why, and the lesson's own lines behind it where there is room."""
    dont_say, say, *why = hit.passage.sentences
    cells = (say, dont_say, *why)
    citations = tuple(
        Citation(n=n, lesson=hit.passage.lesson, section=hit.passage.section, quote=cell.text, line=cell.line)
        for n, cell in enumerate(cells, start=1)
    )
    lines = [f'Say: "{say.text}" [1]', f'Not: "{dont_say.text}" [2]', *(f"Why: {reason.text} [3]" for reason in why)]
    relevant = [line for line in behind if line.relevance >= BEHIND_FROM]
    if relevant:
        room = MAX_WORDS - sum(len(line.split()) for line in lines)
        text, more = _sentences(select(relevant, max_words=room), first=len(citations) + 1)
        lines += [text] if text else []
        citations += more
    return Composed(text="\n\n".join(lines), covered=True, citations=citations)


def _sentences(chosen: Sequence[Sequence[Chosen]], *, first: int = 1) -> tuple[str, tuple[Citation, ...]]:
    """The paragraphs, a passage each, and the citations, numbered from `first`."""
    citations: list[Citation] = []
    paragraphs = []
    for group in chosen:
        pieces = []
        for one in group:
            citations.append(_citation(first + len(citations), one.hit))
            pieces.append(f"{one.text} [{citations[-1].n}]")
        paragraphs.append(" ".join(pieces))
    return "\n\n".join(paragraphs), tuple(citations)


def not_covered(evidence: Evidence, knowledge: Knowledge) -> Composed:
    """Says that the lessons do not answer this, what they do cover, and the nearest lines."""
    if evidence.misuse:
        return Composed(
            text=f"I can't do that: I only answer from the lessons and review drafts against their guide. "
            f"{_what_is_covered(knowledge)}",
            covered=False,
        )
    facts = [hit for hit in evidence.hits if not is_dont_say(hit) and hit.relevance >= CLOSE_FROM]
    closest = tuple(_citation(n, hit) for n, hit in enumerate(facts[:MAX_CLOSEST], start=1))
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
