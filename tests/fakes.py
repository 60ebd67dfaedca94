"""A small real coach: it finds lines by the exact words they share and claims by their exact wording."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.ask import Ask
from bot.core.coach import Coach
from bot.core.lessons import GuideRow, Knowledge
from bot.core.messages import Turn
from bot.core.ports import Composed, Engine, Evidence, Hit
from bot.core.replies import Citation, Delta, Edit, EngineName, Finding
from bot.core.review import ReviewDraft
from bot.knowledge.library import FolderLibrary
from bot.stores.threads import RecentThreads

LESSON = """---
title: Roof care
order: 1
---

A roof lasts thirty years when its gutters are kept clear.

## Gutters

Clear the gutters every autumn. Leaves hold water against the eaves.

## Field Language Guide

| Don't say | Do say | Why it matters |
|---|---|---|
| "This roof never leaks" | "This roof is guaranteed for ten years" | No roof never leaks |
| "Our tiles last forever" | "Our tiles last sixty years" | The warranty says sixty |
"""


class ExactWordRetriever:
    """Ranks lines by how many of the question's words they hold; one shared word of five letters covers it."""

    async def search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn] = ()) -> Evidence:
        """Gives the lines that share a word; after an answered question its words count too."""
        asked = _words(question) | {word for turn in thread if turn.covered for word in _words(turn.question)}
        hits = [
            Hit(passage=passage, sentence=number, relevance=len(asked & _words(sentence.text)) / max(len(asked), 1))
            for passage in knowledge.passages
            for number, sentence in enumerate(passage.sentences)
            if asked & _words(sentence.text)
        ]
        hits.sort(key=lambda hit: -hit.relevance)
        best = hits[0].relevance if hits else 0.0
        return Evidence(question=question, hits=tuple(hits), coverage=best, covered=bool(hits))

    async def guide(self, words: str, knowledge: Knowledge) -> tuple[GuideRow, ...]:
        """Gives the rows that hold every word."""
        asked = _words(words)
        return tuple(row for row in knowledge.guide if asked <= _words(f"{row.dont_say} {row.say} {row.why}"))


class ExactClaimFinder:
    """Finds sentences that hold a row's don't-say wording; one that ends in "?" is a note."""

    async def find(self, draft: str, knowledge: Knowledge) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Gives findings and notes."""
        findings: list[Finding] = []
        notes: list[Finding] = []
        for sentence in re.finditer(r"[^.?!\r\n]+[.?!]?", draft):
            quote = sentence[0].strip()
            start = sentence.start() + sentence[0].index(quote[:1])
            for row in knowledge.guide:
                if row.dont_say.lower() in quote.lower():
                    found = Finding(row=row, start=start, end=start + len(quote), quote=quote, confidence=1.0)
                    (notes if quote.endswith("?") else findings).append(found)
        return tuple(findings), tuple(notes)


class FirstLineEngine:
    """Answers with the best line, streamed word by word; rewrites a sentence as the first row's approved wording."""

    @property
    def name(self) -> EngineName:
        """It is embedded."""
        return EngineName.LESSONS

    async def answer(
        self,
        evidence: Evidence,
        knowledge: Knowledge,
        thread: Sequence[Turn],  # noqa: ARG002 - the port's signature
    ) -> AsyncIterator[Delta | Composed]:
        """Streams the best line, or says what the lessons cover."""
        citations = tuple(
            Citation(
                n=number,
                lesson=hit.passage.lesson,
                section=hit.passage.section,
                quote=hit.passage.sentences[hit.sentence].text,
                line=hit.passage.sentences[hit.sentence].line,
            )
            for number, hit in enumerate(evidence.hits[:1], 1)
        )
        titles = ", ".join(lesson.title for lesson in knowledge.lessons)
        text = f"{citations[0].quote} [1]" if citations else f"The lessons do not answer this. They cover: {titles}."
        for word in re.findall(r"\S+\s*", text):
            yield Delta(word)
        yield Composed(text=text, covered=bool(citations), citations=citations)

    async def rewrite(
        self,
        draft: str,  # noqa: ARG002 - the port's signature
        findings: Sequence[Finding],
    ) -> tuple[Edit, ...]:
        """Gives one edit a sentence."""
        edits: dict[int, Edit] = {}
        for found in findings:
            edit = Edit(start=found.start, end=found.end, before=found.quote, after=f"{found.row.say}.")
            edits.setdefault(found.start, edit)
        return tuple(edits.values())


@dataclass(frozen=True, slots=True)
class SmallApp:
    """What commands talk to."""

    coach: Coach
    library: FolderLibrary
    retriever: ExactWordRetriever


def small_app(folder: Path, *, engine: Engine | None = None) -> SmallApp:
    """Wires the small coach over the lessons of `folder`."""
    library = FolderLibrary(folder)
    retriever, engine, threads = ExactWordRetriever(), engine or FirstLineEngine(), RecentThreads()
    ask = Ask(library=library, retriever=retriever, engine=engine, threads=threads)
    review = ReviewDraft(library=library, finder=ExactClaimFinder(), engine=engine)
    coach = Coach(library=library, retriever=retriever, threads=threads, ask=ask, review=review)
    return SmallApp(coach=coach, library=library, retriever=retriever)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 4}
