"""Whatever JSON a model replies with, nothing outside what is flagged changes and the review comes out clean."""

import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.core.replies import EngineName
from bot.engines.claude.engine import ClaudeEngine
from tests.claude.behaviours import Json
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import engine_of
from tests.engines.claude.knowing import shipped
from tests.engines.claude.reviewing import EASY, FLUENT, TRAIN, claims_left, proposing, review

DRAFTS = (
    f"Hi Ann,\n\n{TRAIN} The pilot costs $5,000 and starts on 3 May.\n\nBest,\nBob",
    f"<p>{EASY} See <a href='https://x.example'>this</a>.</p><p>{TRAIN}</p>",
    f"# Plan\r\n\r\n- **{TRAIN}**\r\n- {EASY} \U0001f600\r\n\r\n> {TRAIN}\r\n",
    "The network memorises whatever you hand it. Is that so? Ann said it was. It starts on 3 May.",
    f"Prompting costs nothing up front.\n\n{TRAIN} We can train a model on your documents. \ud83d {EASY}",
)
ROWS = st.integers(0, 12).map(lambda row: f"{shipped().lessons[0].id}/{row}") | st.text(max_size=5)
WORDS = st.sampled_from(
    ["", TRAIN, EASY, f"{FLUENT}.", "It is free.", "\n\n", "<script>", "**", "> ", "\u202e", "\x00", "$0", "4 May"]
) | st.text(max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["edits", "quote", "row", "x"]), inner),
    max_leaves=8,
)
ANY = settings(
    max_examples=40,
    deadline=None,
    # The server and the engine are the same for every reply.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
async def gateway() -> AsyncIterator[MessagesApi]:
    async with MessagesApi() as served:
        yield served


@st.composite
def edits(draw: st.DrawFn, draft: str) -> dict[str, str]:
    """An edit that quotes any part of the draft, or words that it does not hold."""
    start = draw(st.integers(0, len(draft)))
    end = draw(st.integers(start, min(len(draft), start + 120)))
    sentence = draw(st.sampled_from([part for part in draft.replace(". ", ".\n").splitlines() if part]))
    quote = draw(st.sampled_from([draft[start:end], sentence, sentence[: end - start]]) | WORDS)
    return {"quote": quote, "row": draw(ROWS), "replacement": draw(WORDS)}


@st.composite
def replies(draw: st.DrawFn) -> tuple[str, str]:
    draft = draw(st.sampled_from(DRAFTS))
    return draft, json.dumps({"edits": draw(st.lists(edits(draft), max_size=6))})


@given(replies())
@ANY
async def test_no_edits_whatever_damage_a_draft(api: MessagesApi, engine: ClaudeEngine, case: tuple[str, str]) -> None:
    draft, reply = case
    api.default = Json(reply)
    reviewed = await review(engine, draft)
    assert await claims_left(reviewed) == []


@given(st.sampled_from(DRAFTS), JSON.map(json.dumps) | st.text(max_size=40))
@example(DRAFTS[0], '{"edits": []} and {"edits": [] }')
@ANY
async def test_no_reply_whatever_damages_a_draft(gateway: MessagesApi, draft: str, reply: str) -> None:
    gateway.default = Json(reply)
    async with engine_of(gateway=gateway.url) as engine:
        reviewed = await review(engine, draft)
    assert await claims_left(reviewed) == []
    assert reviewed.engine is (EngineName.LESSONS if reviewed.fallback else EngineName.CLAUDE)


@pytest.mark.parametrize(
    ("sentence", "particulars"),
    [
        ("Please sign the data agreement by 4 June: https://x.example/sign.", ("4 June", "https://x.example/sign")),
        ("Our training for your documents team costs $5,000 and starts on 3 May.", ("$5,000", "3 May")),
    ],
)
async def test_a_sentence_that_the_model_alone_flags_does_not_lose_what_it_tells(
    api: MessagesApi, engine: ClaudeEngine, sentence: str, particulars: tuple[str, ...]
) -> None:
    api.default = proposing((sentence, 1, "x"))
    reviewed = await review(engine, f"Hi Ann,\n\n{sentence}\n")
    assert [each for each in particulars if each not in reviewed.rewritten] == []
