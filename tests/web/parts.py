"""The small coach of these tests, with the answers that a page shows differently: wording, closest lines, markup."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.channels.web.readiness import Readiness
from bot.core.ask import Ask
from bot.core.coach import Coach
from bot.core.lessons import GuideRow, Knowledge, Passage, Sentence
from bot.core.messages import Turn
from bot.core.ports import Composed, Evidence, Hit, Retriever
from bot.core.replies import Citation, Delta
from bot.core.review import ReviewDraft
from bot.knowledge.library import FolderLibrary
from bot.stores.threads import RecentThreads
from tests.fakes import ExactClaimFinder, ExactWordRetriever, FirstLineEngine

LESSON = r"""---
title: Moving house
order: 1
---

# Moving house

## Packing
Boxes are packed from the heaviest thing to the lightest. A box of books weighs twenty kilos.

## Vans
A van is booked a week ahead. \<img src=x onerror="document.title='pwned'"> A van holds forty boxes.

## What to say
| Don't say | Do say | Why it matters |
|---|---|---|
| "We can move you tomorrow" | "We book a van a week ahead" | Keeps the promise that can be kept |
| "Nothing ever breaks" | "What breaks is \<b>insured\</b>" | No mover can promise it |
"""

ENOUGH = 0.5
"""A line that holds fewer of a question's words is close to it and no answer."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the web application is made of."""

    coach: Coach
    library: FolderLibrary
    retriever: Retriever

    @property
    def readiness(self) -> Readiness:
        """A readiness that has checked nothing yet."""
        return Readiness(coach=self.coach, library=self.library, retriever=self.retriever)


def make_parts(folder: Path, *, lesson: str = LESSON, retriever: Retriever | None = None) -> Parts:
    """Writes `lesson`, when there is one, into `folder` and makes a coach that speaks from it."""
    folder.mkdir(exist_ok=True)
    if lesson:
        (folder / "moving-house.md").write_text(lesson, encoding="utf-8")
    library = FolderLibrary(folder)
    retriever = retriever or WordingRetriever()
    threads, engine = RecentThreads(), QuotingEngine()
    ask = Ask(library=library, retriever=retriever, engine=engine, threads=threads)
    review = ReviewDraft(library=library, finder=ExactClaimFinder(), engine=engine)
    coach = Coach(library=library, retriever=retriever, threads=threads, ask=ask, review=review)
    return Parts(coach=coach, library=library, retriever=retriever)


class WordingRetriever(ExactWordRetriever):
    """Also knows a question that quotes a don't-say cell, and a line that is only close."""

    async def search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn] = ()) -> Evidence:
        """Gives the guide's row that the question quotes, else the lines that share its words."""
        for row in knowledge.guide:
            if row.dont_say.lower() in question.lower():
                hit = Hit(passage=_row_passage(row), sentence=0, relevance=1.0, row=row)
                return Evidence(question=question, hits=(hit,), coverage=1.0, covered=True)
        evidence = await super().search(question, knowledge, thread)
        return replace(evidence, covered=evidence.coverage >= ENOUGH)


class FailingRetriever(ExactWordRetriever):
    """A retriever whose model does not run."""

    async def search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn] = ()) -> Evidence:
        """Raises OSError, in two lines."""
        raise OSError(f"no weights for\n{len(knowledge.lessons)} lessons, {question!r}, {len(thread)} turns")


class QuotingEngine(FirstLineEngine):
    """Answers with every line it is given, and says which question of its thread it answers."""

    async def answer(
        self, evidence: Evidence, knowledge: Knowledge, thread: Sequence[Turn]
    ) -> AsyncIterator[Delta | Composed]:
        """Gives the answer in one piece."""
        cited = tuple(_citation(n, hit) for n, hit in enumerate(evidence.hits, start=1))
        row = evidence.hits[0].row if evidence.hits else None
        if not evidence.covered:
            sections = "; ".join(section for lesson in knowledge.lessons for section in lesson.sections)
            yield Composed(f"The lessons do not answer this. They cover {sections}.", covered=False, closest=cited)
        elif row is not None:
            cells = enumerate((row.say, row.dont_say, row.why), start=1)
            quotes = tuple(Citation(n, row.lesson, row.section, cell, row.line) for n, cell in cells)
            text = f'Say: "{row.say}" [1]\n\nNot: "{row.dont_say}" [2]\n\nWhy: {row.why} [3]'
            yield Composed(text, covered=True, citations=quotes)
        else:
            lines = " ".join(f"{citation.quote} [{citation.n}]" for citation in cited)
            yield Composed(f"(question {len(thread) + 1}) {lines}", covered=True, citations=cited)


def _citation(n: int, hit: Hit) -> Citation:
    line = hit.passage.sentences[hit.sentence]
    return Citation(n, hit.passage.lesson, hit.passage.section, line.text, line.line)


def _row_passage(row: GuideRow) -> Passage:
    cells = tuple(Sentence(cell, row.line) for cell in (row.dont_say, row.say, row.why))
    return Passage(lesson=row.lesson, section=row.section, ordinal=99, sentences=cells)
