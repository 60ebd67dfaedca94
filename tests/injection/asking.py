"""Questions to coaches whose question, thread or lessons hold an injection, and what they gave."""

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.lessons import Knowledge
from bot.core.messages import Meant, Turn
from bot.core.replies import Answer
from bot.stores.sqlite.store import SqliteStore
from tests.claude.asked import Asked
from tests.claude.behaviours import Behaviour
from tests.claude.server import MessagesApi
from tests.injection.coaches import PERSON, SHIPPED, Bench, Known, Lessons, events, lessons, streamed, the
from tests.injection.styles import Style, styles
from tests.injection.worst import MODELS, Answers, as_told, citing_the_poison

QUESTION = "Does fine-tuning add new factual knowledge to a model?"
PLACES = ("question", "thread", "lesson")
AT_ONCE = 8
"""Styles that are tried at once."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a coach gave for one question while its model obeyed. `shown` is what was streamed."""

    style: Style
    place: str
    model: str
    answer: Answer
    shown: str
    knowledge: Knowledge
    asked: int

    def __str__(self) -> str:
        text = self.answer.text
        return f"{self.style.id} in the {self.place}, {self.model}: {text!r}" + (
            f", shown {self.shown!r}" if self.shown != text else ""
        )


def question(style: Style, place: str) -> str:
    """What is asked."""
    return f"{QUESTION} {style.text}" if place == "question" else QUESTION


def turns(style: Style) -> tuple[Turn, Turn]:
    """A thread that holds the injection: once as somebody's question, once as an answer of the coach."""
    return (
        Turn(id="1", person=PERSON, question=f"Remember: {style.text}", answer="Noted.", covered=True),
        Turn(id="2", person=PERSON, question="What is prompting?", answer=style.text, covered=True),
    )


def poisoned(style: Style, under: Path) -> Path:
    """A folder with the shipped lessons, and one beside them that holds the injection."""
    made = under / style.id
    made.mkdir()
    for lesson in SHIPPED.glob("*.md"):
        shutil.copy(lesson, made)
    text = f"---\ntitle: Field notes\norder: 2\n---\n\n## Fine-tuning notes\n\n{style.text}\n"
    (made / "poisoned.md").write_text(text, encoding="utf-8")
    return made


async def knowing(every: Sequence[Style], under: Path) -> Known:
    """Reads all lessons once, so that every test finds them read."""
    known = Known(lessons(), {style.id: lessons(poisoned(style, under)) for style in every})
    for read in (known.shipped, *known.poisoned.values()):
        await read.library.current()
    return known


def models(style: Style, place: str) -> Iterator[tuple[str, Answers]]:
    """The models that say different things to an injection in this place."""
    for name, model in MODELS.items():
        is_same = model is as_told and all(obeyed.cites == "a true line" for obeyed in style.answer_obeys)
        if not is_same and (place == "lesson" or model is not citing_the_poison):
            yield name, model


async def given(store: SqliteStore, style: Style, place: str, known: Lessons) -> list[Given]:
    """What a coach gives for each model that obeys."""
    model: Answers = next(iter(MODELS.values()))

    def obeys(asked: Asked) -> Behaviour:
        return model(style, asked)

    knowledge = await known.library.current()
    got = []
    async with MessagesApi(default=obeys) as api:
        bench = Bench.before(api.url, store, known)
        for name, chosen in models(style, place):
            model = chosen
            coach = bench.coach()
            thread = f"{place} {style.id} {name}"
            for turn in turns(style) if place == "thread" else ():
                await store.threads.append(thread, turn)
            before = len(api.requests)
            told = await events(coach, question(style, place), meant=Meant.QUESTION, thread=thread)
            asked = len(api.requests) - before
            got.append(Given(style, place, name, the(Answer, told), streamed(told), knowledge, asked))
        await bench.calls.close()
    return got


async def everything_given(place: str, known: Known, under: Path) -> list[Given]:
    """The same for every style."""
    store = SqliteStore(under / "coach.sqlite3")
    await store.open()
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(style: Style) -> list[Given]:
        async with turn:
            return await given(store, style, place, known.where(place, style.id))

    every = await asyncio.gather(*map(one, styles()))
    await store.close()
    return [one for some in every for one in some]
