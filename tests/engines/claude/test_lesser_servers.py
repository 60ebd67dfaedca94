"""Servers that know less are worked around, which is remembered; Anthropic's own is never asked twice."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.core.ports import RewriteTask, Rewriting
from bot.core.replies import Fallback
from bot.engines.claude.budget import total
from bot.engines.claude.clock import Times
from bot.engines.claude.engine import ClaudeEngine
from tests.claude.asked import Asked
from tests.claude.behaviours import Fails, Json, Pace, Reply, Text, saying
from tests.claude.gateway import careless_gateway, strict_gateway
from tests.claude.rules import Fault, api_rules
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import CLEAR, KNOWLEDGE, LEAVES, PROMPT, YEARS, Setting, ask, engine_of
from tests.fakes import ExactClaimFinder, FirstRowSplicer

DRAFT = "Hello. This roof never leaks. Bye."
LINES = {sentence.text for passage in KNOWLEDGE.passages for sentence in passage.sentences}
Making = Callable[[], MessagesApi]


def no_effort(asked: Asked, size: int) -> Fault | None:
    """Knows all but `output_config`."""
    if "output_config" in asked.body:
        return Fault(400, "invalid_request_error", "output_config: Extra inputs are not permitted")
    return api_rules(asked, size)


def effortless_gateway() -> MessagesApi:
    return MessagesApi(rules=no_effort)


GATEWAYS = pytest.mark.parametrize("making", [strict_gateway, careless_gateway, effortless_gateway])


async def task() -> RewriteTask:
    findings, _ = await ExactClaimFinder().find(DRAFT, KNOWLEDGE)
    approved = await FirstRowSplicer().edits(DRAFT, findings)
    return RewriteTask(draft=DRAFT, findings=findings, approved=approved, knowledge=KNOWLEDGE)


async def rewrite(engine: ClaudeEngine) -> Rewriting:
    return await engine.rewrite(await task(), PROMPT, person="ann")


@pytest.fixture
async def gateway() -> AsyncIterator[MessagesApi]:
    """A server of another address that knows everything, until it is told otherwise."""
    async with MessagesApi() as served:
        yield served


@GATEWAYS
async def test_an_answer_is_worked_around_with_exact_quotes(making: Making) -> None:
    async with making() as served, engine_of(gateway=served.url) as engine:
        composed = (await ask(engine)).composed
    assert (composed.covered, composed.made.fallback) == (True, None)
    assert composed.citations
    assert {citation.quote for citation in composed.citations} <= LINES
    assert [asked.kind for asked in served.requests] == ["answer", "plain answer"]


@GATEWAYS
async def test_what_a_server_does_not_know_is_remembered(making: Making) -> None:
    async with making() as served, engine_of(gateway=served.url) as engine:
        first = await ask(engine)
        second = await ask(engine)
    assert len(served.requests) == 3
    assert first.composed.text == second.composed.text == second.streamed


@pytest.mark.parametrize("making", [strict_gateway, effortless_gateway])
async def test_a_rewrite_is_worked_around_and_remembered(making: Making) -> None:
    async with making() as served, engine_of(gateway=served.url) as engine:
        rewritings = [await rewrite(engine) for _ in range(2)]
    assert [asked.kind for asked in served.requests] == ["rewrite", "plain rewrite", "plain rewrite"]
    for rewriting in rewritings:
        assert rewriting.made.fallback is None
        assert [edit.after for edit in rewriting.edits] == ["In short: This roof is guaranteed for ten years."]


async def test_json_within_prose_is_read_and_needs_no_second_request() -> None:
    async with careless_gateway() as served, engine_of(gateway=served.url) as engine:
        rewriting = await rewrite(engine)
    assert len(rewriting.edits) == len(served.requests) == 1


async def test_prose_without_json_is_asked_for_once_more_in_words(gateway: MessagesApi) -> None:
    gateway.enqueue(saying("Gladly! The sentence should say that the roof is guaranteed."))
    async with engine_of(gateway=gateway.url) as engine:
        assert len((await rewrite(engine)).edits) == 1
        await rewrite(engine)
    assert [asked.kind for asked in gateway.requests] == ["rewrite", "plain rewrite", "plain rewrite"]


async def test_a_gateway_that_knows_everything_is_asked_once(gateway: MessagesApi) -> None:
    async with engine_of(gateway=gateway.url) as engine:
        assert (await ask(engine)).composed.covered
        assert len((await rewrite(engine)).edits) == 1
    assert [asked.kind for asked in gateway.requests] == ["answer", "rewrite"]


async def test_a_gateway_that_is_away_for_a_while_is_not_taken_for_a_lesser_one(gateway: MessagesApi) -> None:
    gateway.enqueue(Fails(401, "authentication_error"))
    async with engine_of(gateway=gateway.url) as engine:
        assert (await ask(engine)).composed.made.fallback is Fallback.DENIED
        await ask(engine)
    assert [asked.kind for asked in gateway.requests] == ["answer", "answer"]


async def test_where_asking_otherwise_helps_no_more_nothing_is_remembered(gateway: MessagesApi) -> None:
    gateway.enqueue(saying("I do not know."), saying("I do not know either."))
    async with engine_of(gateway=gateway.url) as engine:
        assert not (await ask(engine)).composed.covered
        assert (await ask(engine)).composed.covered
    assert [asked.kind for asked in gateway.requests] == ["answer", "plain answer", "answer"]


async def test_both_requests_are_counted(gateway: MessagesApi) -> None:
    async with engine_of(gateway=gateway.url) as engine:
        gateway.enqueue(saying("I do not know."))
        both = total((await ask(engine)).composed.made.usage)
        assert both > 1.5 * total((await ask(engine)).composed.made.usage)


async def test_a_server_that_has_cited_is_not_asked_twice_for_an_answer_without(gateway: MessagesApi) -> None:
    async with engine_of(gateway=gateway.url) as engine:
        assert (await ask(engine)).composed.covered
        gateway.enqueue(saying("I do not know."))
        assert not (await ask(engine)).composed.covered
    assert len(gateway.requests) == 2


async def test_the_second_request_gets_no_more_time_for_the_whole(gateway: MessagesApi) -> None:
    gateway.enqueue(saying("Well.", pace=Pace(before_text=0.4)), saying(CLEAR, pace=Pace(before_text=30)))
    async with engine_of(Setting(times=Times(first=20.0, whole=1.5)), gateway=gateway.url) as engine:
        assert (await ask(engine)).composed.made.fallback is Fallback.SLOW
    assert len(gateway.requests) == 2


async def test_marks_are_cited_and_those_of_no_line_are_not(gateway: MessagesApi) -> None:
    gateway.enqueue(Fails(400, "invalid_request_error"), saying(f"{CLEAR} [2] {LEAVES} [3][99] {YEARS} [0]"))
    async with engine_of(gateway=gateway.url) as engine:
        said = await ask(engine)
    assert said.composed.text == f"{CLEAR} [1] {LEAVES} [2]"
    assert said.streamed == said.composed.text


async def test_the_plain_request_has_nothing_that_a_lesser_server_would_refuse() -> None:
    async with strict_gateway() as served, engine_of(gateway=served.url) as engine:
        await ask(engine)
        await rewrite(engine)
    for asked in served.requests[1::2]:
        assert set(asked.body) == {"model", "max_tokens", "system", "messages", "stream"}
        assert isinstance(asked.body["system"], str)


async def test_anthropic_s_own_address_is_never_asked_twice(api: MessagesApi, engine: ClaudeEngine) -> None:
    no_citation, no_json, refused = saying(CLEAR), saying("Gladly!"), Fails(400, "invalid_request_error")
    api.enqueue(no_citation, refused, no_json, refused)
    assert not (await ask(engine)).composed.covered
    assert (await ask(engine)).composed.made.fallback is Fallback.DENIED
    assert (await rewrite(engine)).made.fallback is Fallback.CUT_OFF
    assert (await rewrite(engine)).made.fallback is Fallback.DENIED
    api.enqueue(Reply((Text(CLEAR, cites=((1, 0, 1),)),)), Json('{"edits": []}'))
    assert (await ask(engine)).composed.covered
    assert (await rewrite(engine)).made.fallback is None
    assert [asked.kind for asked in api.requests] == ["answer", "answer", "rewrite", "rewrite", "answer", "rewrite"]
