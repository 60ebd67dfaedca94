"""The small coach of these tests, with the answers that a page shows differently: wording, closest lines, markup."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from bot.app import App
from bot.channels.web.app import make_app
from bot.channels.web.attempts import Attempts
from bot.channels.web.delivery import WebDelivery
from bot.channels.web.identity import CHANNEL
from bot.channels.web.measuring import Measuring
from bot.channels.web.messages import Messages
from bot.channels.web.readiness import Readiness
from bot.channels.web.streaming import QUIET_SECONDS
from bot.core.lessons import GuideRow, Knowledge, Passage, Sentence
from bot.core.messages import Turn
from bot.core.ports import AnswerTask, Composed, Engine, Evidence, Hit, Made, Retriever
from bot.core.prompts import Prompt, Usage
from bot.core.replies import Citation, Delta, EngineName
from bot.core.state import Leased
from bot.core.worker import Worker
from bot.prompts.prices import Price
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import ExactWordRetriever, FirstLineEngine, small_app

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
PRICES = {"small-model": Price(input=2, output=10)}
NO_PAUSE = 0.001
"""The worker's first pause after a failure, in seconds."""


def page_app(
    folder: Path,
    *,
    lesson: str = LESSON,
    retriever: Retriever | None = None,
    engine: Engine | None = None,
    store: SqliteStore | None = None,
) -> App:
    """Writes `lesson`, when there is one, into `folder` and wires a coach that speaks from it.

    Apps of one folder share their state, like replicas, or like a process and the one after it.
    """
    folder.mkdir(exist_ok=True)
    if lesson:
        (folder / "moving-house.md").write_text(lesson, encoding="utf-8")
    return small_app(
        folder,
        retriever=retriever or WordingRetriever(),
        engine=engine or QuotingEngine(),
        store=store or SqliteStore(state_file(folder)),
        prices=PRICES,
    )


def state_file(folder: Path) -> Path:
    return folder.parent / f"{folder.name}-state" / "coach.sqlite3"


class Disk:
    """A folder for a state file that can be taken away and brought back, each in one step."""

    def __init__(self, folder: Path) -> None:
        self._there = folder / "disk"
        self._there.mkdir()
        self._mount = folder / "mount"
        self._mount.symlink_to(self._there)

    @property
    def file(self) -> Path:
        return self._mount / "coach.sqlite3"

    @contextmanager
    def away(self) -> Iterator[None]:
        self._lead_to(self._there.with_name("nowhere"))
        yield
        self._lead_to(self._there)

    def _lead_to(self, folder: Path) -> None:
        new = self._mount.with_name("new mount")
        new.symlink_to(folder)
        new.replace(self._mount)


def readiness_of(app: App, *, clock: Callable[[], float] = time.monotonic) -> Readiness:
    """A readiness that has checked nothing yet."""
    return Readiness(
        library=app.library,
        retriever=app.retriever,
        engine=app.engine,
        finder=app.finder,
        store=app.store,
        history=app.history,
        clock=clock,
    )


def served(
    app: App,
    *,
    token: str | None = None,
    attempts: Attempts | None = None,
    works: bool = True,
    patience: float = 20.0,
    quiet: float = QUIET_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> web.Application:
    """The web application of `app`, which is opened, worked for and closed with it; `works` unless no worker runs."""
    delivery = WebDelivery(app.reviews)
    messages = Messages(app.store.inbox, delivery, patience=patience)
    worker = Worker(app.store.inbox, app.coach.handle, {CHANNEL: delivery}, first_pause=NO_PAUSE)

    async def life(_: web.Application) -> AsyncIterator[None]:
        await app.open()
        async with working(worker) if works else idle():
            yield
        await app.close()

    async def stop_waiting(_: web.Application) -> None:
        messages.stop_waiting()

    readiness = readiness_of(app, clock=clock)
    page = make_app(
        coach=app.coach,
        library=app.library,
        messages=messages,
        reviews=app.reviews,
        readiness=readiness,
        measuring=Measuring(
            history=app.history,
            store=app.store,
            prices=PRICES,
            fault=readiness.fault,
            platforms=lambda: (messages.measures(),),
        ),
        token=token,
        attempts=attempts,
        quiet=quiet,
    )
    page.cleanup_ctx.append(life)
    page.on_shutdown.append(stop_waiting)
    return page


@asynccontextmanager
async def working(worker: Worker) -> AsyncIterator[None]:
    """Works the inbox off; in the end what is in hand is handed back."""
    task = asyncio.create_task(worker.run(asyncio.Event(), grace=0))
    yield
    task.cancel()  # quicker than an event: a look for a message takes up to a second
    await asyncio.wait([task])


@asynccontextmanager
async def idle() -> AsyncIterator[None]:
    yield


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


class UnsearchableGuide(ExactWordRetriever):
    """A retriever that cannot search the guide."""

    async def guide(self, words: str, knowledge: Knowledge) -> tuple[GuideRow, ...]:
        """Raises OSError."""
        raise OSError(f"no index of {len(knowledge.guide)} rows for {words!r}")


class QuotingEngine(FirstLineEngine):
    """Answers with every line it is given, and says which question of its thread it answers."""

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Gives the answer in one piece, for a thousand tokens in and a hundred out."""
        del person
        made = Made(EngineName.LESSONS, model=prompt.model, usage=Usage(input_tokens=1_000, output_tokens=100))
        yield replace(_composed(task.evidence, task.knowledge, task.thread), made=made)


class HeldEngine(QuotingEngine):
    """An engine that takes its time: it answers once it is let."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.let = asyncio.Event()

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Waits, then answers."""
        self.asked.set()
        await self.let.wait()
        async for item in super().answer(task, prompt, person=person):
            yield item


class FileHeldEngine(QuotingEngine):
    """An engine that makes a file when it is asked, and answers once the file is gone."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Waits, then answers."""
        self._file.touch()
        while self._file.exists():
            await asyncio.sleep(0.01)
        async for item in super().answer(task, prompt, person=person):
            yield item


class FailingEngine(QuotingEngine):
    """An engine that fails on every question, and counts them."""

    def __init__(self) -> None:
        self.asked = 0

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Raises RuntimeError after the first words."""
        self.asked += 1
        yield Delta("Well, ")
        raise RuntimeError(f"{prompt}, {task!r}, {person}, {task.question!r}")


class FaultyStore(SqliteStore):
    """A store of whose inbox nothing can be leased, for a reason that no worker expects."""

    async def open(self) -> None:
        await super().open()
        self.inbox.lease = _no_lease  # type: ignore[method-assign]


async def _no_lease(*, wait: float) -> Leased | None:
    raise RuntimeError(f"nothing to lease\nin {wait} s")


def _composed(evidence: Evidence, knowledge: Knowledge, thread: Sequence[Turn]) -> Composed:
    cited = tuple(_citation(n, hit) for n, hit in enumerate(evidence.hits, start=1))
    row = evidence.hits[0].row if evidence.hits else None
    if not evidence.covered:
        sections = "; ".join(section for lesson in knowledge.lessons for section in lesson.sections)
        return Composed(f"The lessons do not answer this. They cover {sections}.", covered=False, closest=cited)
    if row is not None:
        cells = enumerate((row.say, row.dont_say, row.why), start=1)
        quotes = tuple(Citation(n, row.lesson, row.section, cell, row.line) for n, cell in cells)
        text = f'Say: "{row.say}" [1]\n\nNot: "{row.dont_say}" [2]\n\nWhy: {row.why} [3]'
        return Composed(text, covered=True, citations=quotes)
    lines = " ".join(f"{citation.quote} [{citation.n}]" for citation in cited)
    return Composed(f"(question {len(thread) + 1}) {lines}", covered=True, citations=cited)


def _citation(n: int, hit: Hit) -> Citation:
    line = hit.passage.sentences[hit.sentence]
    return Citation(n, hit.passage.lesson, hit.passage.section, line.text, line.line)


def _row_passage(row: GuideRow) -> Passage:
    cells = tuple(Sentence(cell, row.line) for cell in (row.dont_say, row.say, row.why))
    return Passage(lesson=row.lesson, section=row.section, ordinal=99, sentences=cells)
