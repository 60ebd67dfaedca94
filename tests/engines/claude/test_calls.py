"""Calls: retried within their deadlines and only before any text, and left off when the server ails."""

import asyncio
import time
from email.utils import formatdate

import pytest

from bot.core.replies import Fallback
from bot.engines.claude.calls import ATTEMPTS, FAILURES
from bot.engines.claude.clock import Times
from bot.engines.claude.engine import ClaudeEngine
from tests.claude.behaviours import Behaviour, BreaksOff, Fails, How, Pace, Refuses, Reply, Text, Thinking
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import CLEAR, GOOD, QUESTION, Setting, ask, engine_of
from tests.stores.redis_server import free_port
from tests.web.waiting import until

LONG_BEFORE_LONG = 8.0
"""Seconds: far less than a wait that must not be waited, far more than what is not waited for."""
OVERLOADED = Fails(529, "overloaded_error", retry_after=0.01)
BROKEN = Fails(500, "api_error", retry_after=0.01)
NOT_PASSING = Fails(401, "authentication_error")
NO_ROOM = Setting(times=Times(first=0.3, whole=20.0))
SMALL_PIECES = Pace(characters=5, between=0.12)


def now() -> float:
    return asyncio.get_running_loop().time()


async def fallback(engine: ClaudeEngine) -> Fallback | None:
    return (await ask(engine)).composed.made.fallback


@pytest.mark.parametrize(
    "passing",
    [
        OVERLOADED,
        BROKEN,
        Fails(429, "rate_limit_error"),
        Fails(502, body="<html>Bad Gateway</html>"),
        Fails(408, "timeout_error"),
        BreaksOff(GOOD, 0, How.RESETS),
        BreaksOff(GOOD, 1, How.OVERLOADED),
        BreaksOff(GOOD, 2, How.ENDS),
    ],
)
async def test_what_passes_is_asked_again(api: MessagesApi, engine: ClaudeEngine, passing: Behaviour) -> None:
    api.enqueue(passing, GOOD)
    assert await fallback(engine) is None
    assert len(api.requests) == 2
    assert api.requests[0].body == api.requests[1].body


@pytest.mark.parametrize(("failing", "reason"), [(OVERLOADED, Fallback.BUSY), (BROKEN, Fallback.AWAY)])
async def test_it_is_asked_only_so_often(
    api: MessagesApi, engine: ClaudeEngine, failing: Fails, reason: Fallback
) -> None:
    api.default = failing
    assert await fallback(engine) is reason
    assert len(api.requests) == ATTEMPTS


async def test_once_there_is_text_it_is_not_asked_again(api: MessagesApi, engine: ClaudeEngine) -> None:
    api.enqueue(BreaksOff(Reply((Text(CLEAR),)), 4, How.OVERLOADED))
    assert await fallback(engine) is Fallback.BUSY
    assert len(api.requests) == 1


async def test_what_failed_attempts_took_is_counted_too(api: MessagesApi, engine: ClaudeEngine) -> None:
    once = (await ask(engine)).composed.made.usage
    api.enqueue(BreaksOff(GOOD, 2, How.ENDS))
    twice = (await ask(engine)).composed.made.usage
    assert twice.input_tokens == 2 * once.input_tokens


async def test_as_long_as_the_server_asks_for_is_waited(api: MessagesApi, engine: ClaudeEngine) -> None:
    api.enqueue(Fails(429, "rate_limit_error", retry_after=0.6), GOOD)
    assert await fallback(engine) is None
    first, second = api.requests
    assert second.at - first.at >= 0.6


@pytest.mark.parametrize("retry_after", [30, "30", "a date", "inf", "1e300"])
async def test_a_wait_that_does_not_fit_is_not_waited(
    api: MessagesApi, engine: ClaudeEngine, retry_after: float | str
) -> None:
    in_a_while = formatdate(time.time() + 90, usegmt=True)
    api.default = Fails(429, "rate_limit_error", retry_after=in_a_while if retry_after == "a date" else retry_after)
    started = now()
    assert await fallback(engine) is Fallback.BUSY
    assert now() - started < LONG_BEFORE_LONG
    assert len(api.requests) == 1


async def test_a_wait_that_does_not_fit_a_short_deadline_is_not_waited(api: MessagesApi) -> None:
    api.default = Fails(529, "overloaded_error", retry_after=3)
    async with engine_of(Setting(times=Times(first=2.0, whole=20.0))) as engine:
        assert await fallback(engine) is Fallback.BUSY
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    "retry_after", ["soon", "nan", "-5", "", "Wed, 99 Foo 0000", formatdate(0, usegmt=True)], ids=str
)
async def test_what_is_no_time_is_passed_over(api: MessagesApi, engine: ClaudeEngine, retry_after: str) -> None:
    api.enqueue(Fails(429, "rate_limit_error", retry_after=retry_after), GOOD)
    assert await fallback(engine) is None


async def test_nobody_at_the_address_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{free_port()}")
    async with engine_of() as engine:
        assert await fallback(engine) is Fallback.AWAY


@pytest.mark.parametrize(
    "late",
    [
        Reply(GOOD.blocks, pace=Pace(before_first=30)),
        Reply(GOOD.blocks, pace=Pace(before_text=30)),
        Reply((Thinking("Let me see. " * 100), *GOOD.blocks), pace=Pace(between=0.05)),
    ],
    ids=["no answer", "no text", "thinking"],
)
async def test_a_first_word_that_is_late_is_not_waited_for(api: MessagesApi, late: Reply) -> None:
    api.enqueue(late)
    started = now()
    async with engine_of(NO_ROOM) as engine:
        said = await ask(engine)
    assert said.composed.made.fallback is Fallback.SLOW
    assert said.streamed == said.composed.text
    assert now() - started < LONG_BEFORE_LONG
    assert len(api.requests) == 1


async def test_after_the_first_word_there_is_time_for_the_whole(api: MessagesApi) -> None:
    api.enqueue(Reply(GOOD.blocks, pace=SMALL_PIECES))
    async with engine_of(Setting(times=Times(first=1.0, whole=20.0))) as engine:
        assert await fallback(engine) is None
    events = [at for _, at in api.sent[0].events]
    assert events[-1] - events[0] > 1.0


async def test_a_reply_that_never_ends_is_too_slow(api: MessagesApi) -> None:
    api.enqueue(Reply((*GOOD.blocks, Text(" and on" * 100)), pace=Pace(characters=24, between=0.05)))
    started = now()
    async with engine_of(Setting(times=Times(first=1.4, whole=1.5))) as engine:
        said = await ask(engine)
    assert said.composed.made.fallback is Fallback.SLOW
    assert said.deltas[0] == f"{CLEAR} [1]"
    assert now() - started < LONG_BEFORE_LONG


@pytest.mark.parametrize(("failing", "reason"), [(OVERLOADED, Fallback.BUSY), (BROKEN, Fallback.AWAY)])
async def test_a_server_that_ails_is_left_alone_with_its_last_reason(
    api: MessagesApi, engine: ClaudeEngine, failing: Fails, reason: Fallback
) -> None:
    api.default = failing
    assert engine.left_alone is None
    assert [await fallback(engine) for _ in range(6)] == [reason] * 6
    assert len(api.requests) == FAILURES
    assert engine.left_alone is reason


async def test_a_server_that_is_well_again_is_asked_again(api: MessagesApi) -> None:
    api.default = NOT_PASSING
    async with engine_of(Setting(alone_seconds=0.5)) as engine:
        for _ in range(FAILURES):
            await ask(engine)
        api.default = GOOD

        async def is_asked_again() -> bool:
            return await fallback(engine) is None

        await until(is_asked_again)
        assert len(api.requests) == FAILURES + 1
        assert engine.left_alone is None
        api.enqueue(NOT_PASSING)
        assert [await fallback(engine), await fallback(engine)] == [Fallback.DENIED, None]


async def test_a_server_that_still_ails_is_tried_once_and_left_alone_again(api: MessagesApi) -> None:
    api.default = NOT_PASSING
    async with engine_of(Setting(alone_seconds=0.5)) as engine:
        for _ in range(FAILURES):
            await ask(engine)

        async def is_tried() -> bool:
            await ask(engine)
            return len(api.requests) > FAILURES

        await until(is_tried)
        await ask(engine)
        assert len(api.requests) == FAILURES + 1


@pytest.mark.parametrize(
    "no_failure", [Fails(400, "invalid_request_error"), Fails(404, "not_found_error"), Refuses()], ids=repr
)
async def test_a_server_that_says_no_does_not_ail(
    api: MessagesApi, engine: ClaudeEngine, no_failure: Behaviour
) -> None:
    api.default = no_failure
    for _ in range(FAILURES + 1):
        await ask(engine)
    assert len(api.requests) == FAILURES + 1


async def test_who_stops_listening_is_no_sign_that_the_server_ails(api: MessagesApi, engine: ClaudeEngine) -> None:
    api.default = Reply(GOOD.blocks, pace=Pace(before_text=30))
    for number in range(FAILURES + 1):
        asking = asyncio.create_task(ask(engine, QUESTION))
        await until(lambda number=number: len(api.requests) > number)  # type: ignore[misc]  # a default binds it now
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    api.default = GOOD
    assert await fallback(engine) is None


async def test_one_good_reply_and_the_count_begins_anew(api: MessagesApi, engine: ClaudeEngine) -> None:
    for _ in range(3):
        api.enqueue(*[OVERLOADED] * (ATTEMPTS - 1), GOOD)
        assert await fallback(engine) is None
    assert len(api.requests) == 3 * ATTEMPTS


async def test_many_questions_at_once_each_get_their_one_answer(api: MessagesApi, engine: ClaudeEngine) -> None:
    api.default = GOOD
    api.enqueue(*[OVERLOADED] * (FAILURES - 1))
    said = await asyncio.gather(*(ask(engine) for _ in range(30)))
    assert {each.composed.made.fallback for each in said} == {None}
    assert len(api.requests) == 30 + FAILURES - 1
