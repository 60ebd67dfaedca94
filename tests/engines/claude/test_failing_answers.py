"""Whatever becomes of a model's reply, there is one whole answer in the same message, with its reason."""

import json
import re
from collections.abc import AsyncIterator

import pytest

from bot.core.lessons import Knowledge
from bot.core.replies import EngineName, Fallback, Finding
from bot.engines.claude.clock import Times
from bot.engines.claude.engine import ClaudeEngine
from bot.engines.lessons import compose
from tests.claude.behaviours import Behaviour, BreaksOff, Fails, How, Refuses, Reply, Stalls, Text
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import (
    CLEAR,
    CLEAR_CITED,
    GOOD,
    KNOWLEDGE,
    QUESTION,
    YEARS_CITED,
    Said,
    Setting,
    ask,
    engine_of,
)
from tests.engines.claude.knowing import finder
from tests.fakes import ExactWordRetriever

BEGUN = 12
"""Events of a reply after which its first sentence has been released."""
HURRIED = Setting(times=Times(first=0.25, whole=0.4))
LONG = Reply((CLEAR_CITED, Text(" "), YEARS_CITED, Text(" "), CLEAR_CITED))


@pytest.fixture
async def hurried(api: MessagesApi) -> AsyncIterator[ClaudeEngine]:  # noqa: ARG001 - it must be there
    async with engine_of(HURRIED) as engine:
        yield engine


class OverLines:
    """Finds what sentences say together, without their marks."""

    async def find(self, draft: str, knowledge: Knowledge) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        said = " ".join(re.sub(r"\[\d+\]", "", draft).split())
        found = Finding(knowledge.guide[0], 0, len(draft), draft, 0.9)
        return ((found,) if "thirty years when" in said else ()), ()


async def lessons_answer(question: str = QUESTION) -> str:
    return compose(await ExactWordRetriever().search(question, KNOWLEDGE), KNOWLEDGE).text


async def assert_replaced(said: Said, reason: Fallback) -> None:
    """The lessons engine's answer stands, whole, with the reason, and nothing of the model's."""
    made = said.composed.made
    assert (made.engine, made.fallback) == (EngineName.LESSONS, reason)
    assert said.composed.text == await lessons_answer()
    assert said.composed.covered


def dying(how: How, after: int) -> BreaksOff:
    return BreaksOff(LONG, after, how)


MID_STREAM = {
    How.ENDS: Fallback.CUT_OFF,
    How.CLOSES: Fallback.AWAY,
    How.RESETS: Fallback.AWAY,
    How.OVERLOADED: Fallback.BUSY,
    How.API_ERROR: Fallback.AWAY,
    How.HALF_EVENT: Fallback.CUT_OFF,
    How.BAD_JSON: Fallback.CUT_OFF,
    How.BAD_UTF8: Fallback.CUT_OFF,
    How.GARBAGE: Fallback.CUT_OFF,
}


@pytest.mark.parametrize(("how", "reason"), MID_STREAM.items())
async def test_a_reply_that_breaks_off_after_text_is_replaced_and_not_asked_again(
    api: MessagesApi, engine: ClaudeEngine, how: How, reason: Fallback
) -> None:
    api.enqueue(dying(how, BEGUN))
    said = await ask(engine)
    await assert_replaced(said, reason)
    assert said.deltas == (f"{CLEAR} [1]",)
    assert len(api.requests) == 1


@pytest.mark.parametrize("how", MID_STREAM)
async def test_a_reply_that_breaks_off_before_any_text_never_shows(
    api: MessagesApi, engine: ClaudeEngine, how: How
) -> None:
    api.enqueue(dying(how, 1), GOOD)
    said = await ask(engine)
    if said.composed.made.fallback is None:
        assert said.composed.text == f"{GOOD.blocks[0].text} [1] {GOOD.blocks[2].text} [2]"
        assert len(api.requests) == 2
    else:
        await assert_replaced(said, MID_STREAM[how])
    assert said.streamed == said.composed.text


async def test_a_stall_in_mid_stream_is_too_slow(api: MessagesApi) -> None:
    api.enqueue(dying(How.STALLS, BEGUN))
    async with engine_of(Setting(times=Times(first=1.4, whole=1.5))) as engine:
        said = await ask(engine)
    await assert_replaced(said, Fallback.SLOW)
    assert said.deltas == (f"{CLEAR} [1]",)


@pytest.mark.parametrize("stalled", [Stalls(), dying(How.STALLS, 1), dying(How.STALLS, 3)])
async def test_a_stall_before_any_text_is_too_slow(api: MessagesApi, hurried: ClaudeEngine, stalled: Behaviour) -> None:
    api.enqueue(stalled)
    said = await ask(hurried)
    await assert_replaced(said, Fallback.SLOW)
    assert said.streamed == said.composed.text
    assert len(api.requests) == 1


async def test_a_refusal_is_replaced(api: MessagesApi, engine: ClaudeEngine) -> None:
    api.enqueue(Refuses(category="cyber", explanation="no"))
    await assert_replaced(await ask(engine), Fallback.REFUSED)
    assert len(api.requests) == 1


async def test_a_refusal_in_the_middle_is_replaced(api: MessagesApi, engine: ClaudeEngine) -> None:
    api.enqueue(Refuses((CLEAR_CITED, Text(" Then"))))
    await assert_replaced(await ask(engine), Fallback.REFUSED)


@pytest.mark.parametrize("stop_reason", ["max_tokens", "pause_turn", "tool_use", "model_context_window_exceeded"])
async def test_a_reply_that_stops_for_lack_of_room_is_cut_off(
    api: MessagesApi, engine: ClaudeEngine, stop_reason: str
) -> None:
    api.enqueue(Reply(GOOD.blocks, stop_reason=stop_reason))  # type: ignore[arg-type]  # one of the SDK's literals
    await assert_replaced(await ask(engine), Fallback.CUT_OFF)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (Fails(400, "invalid_request_error"), Fallback.DENIED),
        (Fails(401, "authentication_error"), Fallback.DENIED),
        (Fails(402, "billing_error"), Fallback.DENIED),
        (Fails(403, "permission_error"), Fallback.DENIED),
        (Fails(404, "not_found_error"), Fallback.DENIED),
        (Fails(413, "request_too_large"), Fallback.DENIED),
        (Fails(418, "teapot"), Fallback.DENIED),
    ],
)
async def test_what_the_server_does_not_take_is_not_sent_again_as_it_is(
    api: MessagesApi, engine: ClaudeEngine, failure: Fails, reason: Fallback
) -> None:
    api.default = failure
    await assert_replaced(await ask(engine), reason)
    assert len(api.requests) == 1


async def test_a_claim_that_two_sentences_make_together_is_not_passed_off(api: MessagesApi) -> None:
    halves = (
        Text("A roof lasts thirty", cites=((0, 0, 1),)),
        Text("\nyears when its gutters are clear.", cites=((0, 0, 1),)),
    )
    api.enqueue(Reply(halves))
    async with engine_of(Setting(finder=OverLines())) as engine:
        said = await ask(engine)
    await assert_replaced(said, Fallback.GUARDED)
    assert said.composed.made.guarded


async def test_half_a_character_in_the_reply_does_not_reach_the_answer(api: MessagesApi) -> None:
    place = {"search_result_index": 1, "start_block_index": 0, "end_block_index": 1}
    citation = {"type": "search_result_location", "cited_text": CLEAR, "source": "s", "title": "t", **place}
    deltas: tuple[dict[str, object], ...] = (
        {"type": "text_delta", "text": CLEAR.replace("the", "t\ud83dhe")},
        {"type": "citations_delta", "citation": citation},
    )
    events: list[dict[str, object]] = [
        {"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}},
        {"type": "message_stop"},
    ]
    api.enqueue(Fails(200, body="".join(f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in events)))
    async with engine_of(Setting(finder=finder())) as engine:
        said = await ask(engine)
    assert said.composed.text.encode() == f"{CLEAR} [1]".encode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "<html>ok</html>",
        "event: message_start\ndata: null\n\n",
        "event: message_start\ndata: []\n\n",
        'event: message_start\ndata: {"type": 7}\n\n',
        'event: content_block_delta\ndata: {"type": "content_block_delta", "delta": "x"}\n\n',
        'event: content_block_start\ndata: {"type": "content_block_start", "content_block": {"type": "text"}}\n\n',
        'event: message_delta\ndata: {"type": "message_delta", "usage": {"output_tokens": "many"}}\n\n',
        "event: error\ndata: {}\n\n",
        "event: error\ndata: null\n\n",
        'event: error\ndata: {"error": "busy"}\n\n',
        "event: error\ndata: gone\n\n",
        "data: [DONE]\n\n",
    ],
)
async def test_whatever_a_server_sends_in_place_of_events_there_is_an_answer(
    api: MessagesApi, hurried: ClaudeEngine, body: str
) -> None:
    api.default = Fails(200, body=body)
    said = await ask(hurried)
    assert said.composed.made.fallback in (Fallback.CUT_OFF, Fallback.AWAY, Fallback.SLOW)
    assert said.composed.text == await lessons_answer()
