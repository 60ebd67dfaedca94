"""A small real coach: it finds lines by the exact words they share and claims by their exact wording."""

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

from bot.app import App, assemble
from bot.core.lessons import GuideRow, Knowledge
from bot.core.messages import Turn
from bot.core.observing import Observers
from bot.core.ports import (
    AnswerTask,
    Composed,
    Engine,
    Evidence,
    Hit,
    ReplacementCheck,
    Retriever,
    RewriteTask,
    Rewriting,
)
from bot.core.prompts import Prompt
from bot.core.rates import NO_LIMITS, RateLimits
from bot.core.replies import Citation, Delta, Edit, EngineName, Fallback, Finding
from bot.core.state import Store
from bot.knowledge.library import FolderLibrary
from bot.prompts.prices import Prices
from bot.stores.sqlite.store import SqliteStore

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
    """Answers with the best line, streamed word by word; proposes nothing for a draft."""

    @property
    def name(self) -> EngineName:
        """It is embedded."""
        return EngineName.LESSONS

    async def answer(
        self,
        task: AnswerTask,
        prompt: Prompt,  # noqa: ARG002 - the port's signature
        *,
        person: str,  # noqa: ARG002 - as above
    ) -> AsyncGenerator[Delta | Composed, None]:
        """Streams the best line, or says what the lessons cover."""
        citations = tuple(
            Citation(
                n=number,
                lesson=hit.passage.lesson,
                section=hit.passage.section,
                quote=hit.passage.sentences[hit.sentence].text,
                line=hit.passage.sentences[hit.sentence].line,
            )
            for number, hit in enumerate(task.evidence.hits[:1], 1)
        )
        titles = ", ".join(lesson.title for lesson in task.knowledge.lessons)
        text = f"{citations[0].quote} [1]" if citations else f"The lessons do not answer this. They cover: {titles}."
        for word in re.findall(r"\S+\s*", text):
            yield Delta(word)
        yield Composed(text=text, covered=bool(citations), citations=citations)

    async def rewrite(
        self,
        task: RewriteTask,  # noqa: ARG002 - the port's signature
        prompt: Prompt,  # noqa: ARG002 - as above
        *,
        person: str,  # noqa: ARG002 - as above
    ) -> Rewriting:
        """Proposes nothing."""
        return Rewriting()

    @property
    def left_alone(self) -> Fallback | None:
        """Never."""
        return None

    async def prepare(self) -> None:
        """Loads nothing."""

    async def close(self) -> None:
        """Lets go of nothing."""


class FirstRowSplicer:
    """Rewrites a sentence as its first row's approved wording."""

    async def edits(self, draft: str, findings: Sequence[Finding]) -> tuple[Edit, ...]:
        """Gives one edit a sentence."""
        edits: dict[int, Edit] = {}
        for found in findings:
            before = draft[found.start : found.end]
            edits.setdefault(found.start, Edit(found.start, found.end, before, f"{found.row.say}."))
        return tuple(edits.values())


class Lenient:
    """Has nothing against any replacement."""

    async def fault(self, edit: Edit, approved: Edit, rows: Sequence[GuideRow]) -> str | None:  # noqa: ARG002
        """Says nothing."""
        return None

    def loses(self, approved: Edit, rows: Sequence[GuideRow]) -> bool:  # noqa: ARG002
        """Loses nothing that matters."""
        return False


PROMPT = """---
model: small-model
max_tokens: 100
effort: low
note: {note}
---

## Answering

{rule}
"""

PROMPTS = {
    "0001.md": PROMPT.format(note="the first words", rule="Give the best line."),
    "0002.md": PROMPT.format(note="the second words", rule="Give the best line, and say where it stands."),
}


def small_app(
    folder: Path,
    *,
    store: Store | None = None,
    engine: Engine | None = None,
    retriever: Retriever | None = None,
    check: ReplacementCheck | None = None,
    prompts: Mapping[str, str] = PROMPTS,
    admins: frozenset[str] = frozenset({"local"}),
    prices: Prices | None = None,
    limits: RateLimits = NO_LIMITS,
) -> App:
    """Wires the small coach over the lessons of `folder`; its state and prompt files lie beside the folder."""
    beside = folder.parent / f"{folder.name}-state"
    prompts_dir = beside / "prompts"
    prompts_dir.mkdir(parents=True, exist_ok=True)
    for name, text in prompts.items():
        if not (prompts_dir / name).exists():
            (prompts_dir / name).write_text(text, encoding="utf-8")
    return assemble(
        library=FolderLibrary(folder),
        retriever=retriever or ExactWordRetriever(),
        finder=ExactClaimFinder(),
        splicer=FirstRowSplicer(),
        engine=engine or FirstLineEngine(),
        check=check or Lenient(),
        store=store or SqliteStore(beside / "coach.sqlite3"),
        prompts_dir=prompts_dir,
        admins=admins,
        prices=prices or {},
        observers=Observers(),
        limits=limits,
    )


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 4}
