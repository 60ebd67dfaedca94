"""Tokens a day: reserved before a call and settled after it, in the store, so that every replica sees them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date

import pytest

from bot.core.ports import AnswerTask
from bot.core.replies import EngineName, Fallback
from bot.core.state import StoreAwayError
from bot.engines.claude.budget import Limits, total
from bot.engines.claude.corpus import corpus
from bot.engines.claude.engine import ClaudeEngine
from bot.engines.claude.requests import answer_request, tokens
from tests.claude.behaviours import BreaksOff, Fails, How, Pace, Reply, Stalls
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import (
    AMPLE,
    GOOD,
    KNOWLEDGE,
    PROMPT,
    QUESTION,
    CountersHere,
    Setting,
    ask,
    engine_of,
)
from tests.engines.claude.test_corpus import NOTHING_FOUND
from tests.fakes import ExactWordRetriever
from tests.stores.places import Place
from tests.web.waiting import until

WHOLE = corpus(NOTHING_FOUND, KNOWLEDGE, whole_tokens=25_000)
NEEDED = tokens(answer_request(PROMPT, WHOLE, (), QUESTION)) + PROMPT.max_tokens
"""Tokens that are reserved for the usual question; it takes far fewer."""
DAY = "tokens:2026-03-01"
ONE_A_PERSON = Limits(workspace=10**9, person=NEEDED)
ONE_IN_ALL = Limits(workspace=NEEDED, person=10**9)


@pytest.fixture
async def replicas(place: Place, api: MessagesApi) -> AsyncIterator["Replicas"]:
    api.default = GOOD
    async with AsyncExitStack() as stack:
        yield Replicas(place, stack)


class Replicas:
    """Engines whose counters are in one place."""

    def __init__(self, place: Place, stack: AsyncExitStack) -> None:
        self._place = place
        self._stack = stack

    async def one(self, setting: Setting) -> ClaudeEngine:
        store = await self._place.open()
        return await self._stack.enter_async_context(engine_of(replace(setting, counters=store.counters)))

    async def used(self, group: str = DAY) -> int:
        store = await self._place.open()
        (sums,) = await store.counters.read([group])
        return sums.get("used", 0)


def of_person(person: str) -> str:
    return f"{DAY}:{hashlib.sha256(person.encode()).hexdigest()[:32]}"


async def fallback(engine: ClaudeEngine, person: str = "ann") -> Fallback | None:
    return (await ask(engine, person=person)).composed.made.fallback


async def test_the_workspace_s_tokens_hold_over_replicas_and_people(replicas: Replicas, api: MessagesApi) -> None:
    one, other = await replicas.one(Setting(limits=ONE_IN_ALL)), await replicas.one(Setting(limits=ONE_IN_ALL))
    assert await fallback(one, "ann") is None
    assert await fallback(other, "ben") is Fallback.BUDGET
    assert await fallback(one, "ann") is Fallback.BUDGET
    assert len(api.requests) == 1


async def test_a_person_s_tokens_hold_over_replicas_and_are_nobody_else_s(replicas: Replicas, api: MessagesApi) -> None:
    one, other = await replicas.one(Setting(limits=ONE_A_PERSON)), await replicas.one(Setting(limits=ONE_A_PERSON))
    assert await fallback(one, "ann") is None
    assert await fallback(other, "ann") is Fallback.BUDGET
    assert await fallback(other, "ben") is None
    assert len(api.requests) == 2


async def test_without_tokens_the_lessons_answer(replicas: Replicas) -> None:
    engine = await replicas.one(Setting(limits=Limits(workspace=0, person=0)))
    said = await ask(engine)
    assert (said.composed.made.engine, said.composed.made.fallback) == (EngineName.LESSONS, Fallback.BUDGET)
    assert said.composed.covered
    assert said.streamed == said.composed.text


async def test_what_is_booked_in_the_end_is_what_the_model_took(replicas: Replicas) -> None:
    engine = await replicas.one(Setting())
    spent = sum([total((await ask(engine)).composed.made.usage) for _ in range(3)])
    assert await replicas.used() == await replicas.used(of_person("ann")) == spent


async def test_calls_at_once_cannot_overdraw(replicas: Replicas, api: MessagesApi) -> None:
    setting = Setting(limits=Limits(workspace=3 * NEEDED, person=10**9))
    engines = [await replicas.one(setting), await replicas.one(setting)]
    api.default = Stalls()
    asking = [asyncio.create_task(ask(engines[number % 2], person=f"p{number}")) for number in range(20)]
    await until(lambda: sum(task.done() for task in asking) + len(api.requests) == len(asking))
    assert 1 <= len(api.requests) <= 3
    assert await replicas.used() == len(api.requests) * NEEDED
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    assert await replicas.used() == 0


@pytest.mark.parametrize("failing", [Fails(401, "authentication_error"), Fails(529, "overloaded_error", 30)], ids=repr)
async def test_a_call_that_came_to_nothing_costs_nothing(replicas: Replicas, api: MessagesApi, failing: Fails) -> None:
    api.default = failing
    engine = await replicas.one(Setting(limits=ONE_IN_ALL))
    assert await fallback(engine) is not None
    assert await replicas.used() == await replicas.used(of_person("ann")) == 0
    api.default = GOOD
    assert await fallback(engine) is None


async def test_a_refused_person_s_tokens_go_back_to_the_workspace(replicas: Replicas) -> None:
    engine = await replicas.one(Setting(limits=Limits(workspace=10**9, person=NEEDED - 1)))
    assert await fallback(engine) is Fallback.BUDGET
    assert await replicas.used() == await replicas.used(of_person("ann")) == 0


async def test_a_reply_that_broke_off_costs_what_it_took(replicas: Replicas, api: MessagesApi) -> None:
    api.default = BreaksOff(GOOD, 8, How.RESETS)
    made = (await ask(await replicas.one(Setting()))).composed.made
    assert await replicas.used() == total(made.usage) > 0


async def test_the_next_day_begins_anew(replicas: Replicas) -> None:
    today = Setting(limits=ONE_IN_ALL)
    assert await fallback(await replicas.one(today)) is None
    assert await fallback(await replicas.one(today)) is Fallback.BUDGET
    assert await fallback(await replicas.one(replace(today, day=date(2026, 3, 2)))) is None


async def test_while_the_store_is_away_the_lessons_answer(place: Place, api: MessagesApi) -> None:
    store = await place.open()
    async with engine_of(Setting(counters=store.counters)) as engine:
        await store.close()
        assert await fallback(engine) is Fallback.BUDGET
    assert api.requests == []


async def test_nobody_s_name_is_in_the_store(place: Place, replicas: Replicas) -> None:
    await ask(await replicas.one(Setting()), person="slack:T1/dana")
    assert b"dana" not in await place.everything()


class AwayAfter(CountersHere):
    """Counters whose store goes away after so many calls."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self._left = calls

    async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:
        self._left -= 1
        if self._left < 0:
            raise StoreAwayError("gone")
        return await super().add(group, amounts, lasts=lasts)


async def test_an_answer_stands_though_it_cannot_be_booked(api: MessagesApi) -> None:
    api.default = GOOD
    async with engine_of(Setting(counters=AwayAfter(2))) as engine:
        assert await fallback(engine) is None


async def test_a_store_that_goes_away_between_the_two_counts_is_away(api: MessagesApi) -> None:
    async with engine_of(Setting(counters=AwayAfter(1))) as engine:
        assert await fallback(engine) is Fallback.BUDGET
    assert api.requests == []


@pytest.mark.parametrize("how", ["closed", "cancelled"])
async def test_an_answer_that_nobody_waits_for_any_more_costs_what_it_took(api: MessagesApi, how: str) -> None:
    api.default = Reply((*GOOD.blocks, *GOOD.blocks), pace=Pace(characters=8, between=0.02))
    counters = CountersHere()
    evidence = await ExactWordRetriever().search(QUESTION, KNOWLEDGE)
    async with engine_of(Setting(counters=counters, limits=AMPLE)) as engine:
        items = engine.answer(AnswerTask(QUESTION, evidence, KNOWLEDGE), PROMPT, person="ann")
        await anext(items)
        assert counters.sums[DAY]["used"] == NEEDED
        if how == "cancelled":
            waiting = asyncio.create_task(anext(items))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        await items.aclose()
    assert 0 < counters.sums[DAY]["used"] < NEEDED


class SlowToSay(CountersHere):
    """Counters that add at once and say so later, as a store over a network does."""

    def __init__(self) -> None:
        super().__init__()
        self.has_added = asyncio.Event()
        self.may_say = asyncio.Event()

    async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:
        sums = await super().add(group, amounts, lasts=lasts)
        self.has_added.set()
        await self.may_say.wait()
        return sums


async def test_a_question_that_is_cancelled_while_tokens_are_reserved_costs_nothing(api: MessagesApi) -> None:
    counters = SlowToSay()
    async with engine_of(Setting(counters=counters)) as engine:
        asking = asyncio.create_task(ask(engine))
        await counters.has_added.wait()
        asking.cancel()
        counters.may_say.set()
        await asyncio.gather(asking, return_exceptions=True)
    assert counters.sums[DAY]["used"] == 0
    assert api.requests == []
