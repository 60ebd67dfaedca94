"""Whatever the model's server does, every message gets exactly one whole reply in time, and no draft is damaged.

`FAULT_SCRIPTS` in the environment sets how many scripts are tried.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.core.coach import Coach
from bot.core.replies import Answer, EngineName, Review
from bot.engines.claude.engine import ClaudeEngine
from bot.engines.lessons import LessonsEngine
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import KNOWLEDGE, PATIENT, Setting, engine_of
from tests.faults.coaching import ALLOWANCE, FINDER, TIMES, Scripts, coaching, outcome_of, text_of
from tests.faults.judging import Outcome, judge_answer, judge_review, reply_of
from tests.faults.scripts import ANSWERS, MESSAGES, Act, Message

AT_ONCE = 8
SCRIPTS = int(os.environ.get("FAULT_SCRIPTS", "1000"))
HURRIED = Setting(times=TIMES, alone_seconds=0.05, finder=FINDER)
SHARE = 0.1
"""Of all messages, how many the model must at least have answered: else the scripts would try nothing but failures."""


@dataclass(frozen=True, slots=True)
class World:
    """The server, an engine that lives through all scripts, and what replies are when nothing goes wrong."""

    folder: Path
    scripts: Scripts
    engine: ClaudeEngine
    wholes: Mapping[str, Answer]
    instead: Answer
    engines: Counter[EngineName]


@asynccontextmanager
async def world_in(folder: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    scripts = Scripts()
    async with MessagesApi(default=scripts) as api:
        patch.setenv("ANTHROPIC_BASE_URL", api.url)  # the SDK's own address leads to it
        async with coaching(folder, LessonsEngine()) as coach:
            instead = await answer_to(coach, Message(is_draft=False, variant=0, acts=()))
        wholes = {}
        async with engine_of(Setting(times=PATIENT, finder=FINDER)) as engine, coaching(folder, engine) as coach:
            for name, reply in ANSWERS.items():
                message = Message(is_draft=False, variant=0, acts=(Act(reply, name, whole=name),))
                scripts.start([message])
                wholes[name] = await answer_to(coach, message)
        async with engine_of(HURRIED) as engine:
            yield World(folder, scripts, engine, wholes, instead, Counter())


async def answer_to(coach: Coach, message: Message) -> Answer:
    answer = reply_of(await outcome_of(coach, 0, message))
    assert isinstance(answer, Answer)
    return answer


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def world(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        entered = world_in(tmp_path_factory.mktemp("faults"), patch)
        yield runner.run(entered.__aenter__())
        runner.run(entered.__aexit__(None, None, None))


class Engines(Enum):
    """Whose circuit breaker the messages find: one for each, one for the eight of them, or that of all scripts."""

    EACH_ITS_OWN = "each its own"
    ONE = "one"
    THE_SAME_AS_EVER = "the same as ever"


async def handled(world: World, messages: Sequence[Message], engines: Engines) -> Sequence[Outcome]:
    """Handles the messages at once; whoever is not done in time raises TimeoutError. Leaves nothing running."""
    world.scripts.start(messages)
    before = asyncio.all_tasks()
    async with AsyncExitStack() as opened:
        coaches = [await opened.enter_async_context(_coaching(world, engines))]
        if engines is Engines.EACH_ITS_OWN:
            coaches += [await opened.enter_async_context(_coaching(world, engines)) for _ in messages[1:]]
        async with asyncio.timeout(TIMES.whole + 2 * ALLOWANCE):
            each = enumerate(zip(cycle(coaches), messages, strict=False))
            outcomes = await asyncio.gather(*(outcome_of(coach, number, message) for number, (coach, message) in each))
    if engines is not Engines.THE_SAME_AS_EVER and (left := asyncio.all_tasks() - before):
        # The server's own, one a connection: they end as soon as theirs is closed.
        _, running = await asyncio.wait(left, timeout=ALLOWANCE)
        assert not running
    return outcomes


@asynccontextmanager
async def _coaching(world: World, engines: Engines) -> AsyncIterator[Coach]:
    async with AsyncExitStack() as opened:
        is_new = engines is not Engines.THE_SAME_AS_EVER
        engine = await opened.enter_async_context(engine_of(HURRIED)) if is_new else world.engine
        yield await opened.enter_async_context(coaching(world.folder, engine))


@settings(
    max_examples=-(-SCRIPTS // AT_ONCE),
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # what fails does so with time, and a smaller script may not
    suppress_health_check=list(HealthCheck),
)
@given(messages=st.lists(MESSAGES, min_size=AT_ONCE, max_size=AT_ONCE), engines=st.sampled_from(Engines))
def test_any_fault_script_ends_in_one_whole_reply_in_time(
    world: World, runner: asyncio.Runner, messages: Sequence[Message], engines: Engines
) -> None:
    outcomes = runner.run(handled(world, messages, engines))
    left_alone = engines is not Engines.EACH_ITS_OWN
    for number, (message, outcome) in enumerate(zip(messages, outcomes, strict=True)):
        assert outcome.seconds < TIMES.whole + ALLOWANCE
        if message.is_draft:
            judge_review(message, outcome, text_of(number, message), left_alone=left_alone)
        else:
            judge_answer(message, outcome, world.wholes, world.instead, left_alone=left_alone)
        reply = reply_of(outcome)
        assert isinstance(reply, Answer | Review)
        world.engines[reply.engine] += 1
        if isinstance(reply, Review):
            findings, _ = runner.run(FINDER.find(reply.rewritten, KNOWLEDGE))
            assert findings == ()


def test_the_scripts_tried_both_success_and_failure(world: World) -> None:
    assert all(world.engines[engine] > SHARE * world.engines.total() for engine in EngineName)
