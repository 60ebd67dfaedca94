"""Each call to the model is told once it is over, however it ended."""

from contextlib import AbstractContextManager, aclosing, nullcontext
from urllib.parse import urlsplit

import pytest

from bot.core.observing import Attempted, ModelCall
from bot.core.ports import AnswerTask
from bot.core.replies import Delta, Fallback
from bot.core.state import Leased
from bot.engines.claude.pieces import Meter
from bot.engines.claude.recording import ADDRESS, Recording
from tests.claude.behaviours import Behaviour, BreaksOff, Fails, How, Pace, Refuses, Reply, Text
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import CLEAR, GOOD, KNOWLEDGE, PROMPT, QUESTION, Setting, ask, engine_of
from tests.fakes import ExactWordRetriever

BUSY = Fails(529, "overloaded_error", retry_after=0.01)


class Told:
    """Keeps what it is told of calls."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []

    def around(self, leased: Leased) -> AbstractContextManager[None]:  # noqa: ARG002 - the port's signature
        """Comes never: no message is under way here."""
        return nullcontext()

    def attempted(self, attempted: Attempted) -> None:
        """Comes never, as above."""
        raise AssertionError(attempted)

    def called(self, call: ModelCall) -> None:
        """Notes it."""
        self.calls.append(call)

    @property
    def failures(self) -> list[Fallback | None]:
        return [call.failure for call in self.calls]


@pytest.fixture
def told() -> Told:
    return Told()


async def asked(api: MessagesApi, told: Told, *behaviours: Behaviour) -> None:
    """Has one question answered by a server that behaves so."""
    api.enqueue(*behaviours)
    async with engine_of(Setting(observer=told), gateway=api.url) as engine:
        await ask(engine)


async def test_a_call_is_told_with_its_model_its_server_its_times_and_its_tokens(api: MessagesApi, told: Told) -> None:
    await asked(api, told, GOOD)
    (call,) = told.calls
    assert (call.model, call.max_tokens, call.stop_reason) == (PROMPT.model, PROMPT.max_tokens, "end_turn")
    assert call.address == urlsplit(api.url).netloc
    assert call.first_word is not None
    assert 0 < call.first_word <= call.seconds
    assert call.usage.input_tokens + call.usage.cache_write_tokens > 0
    assert call.usage.output_tokens > 0
    assert call.failure is None


async def test_each_attempt_is_a_call_with_the_tokens_of_its_own(api: MessagesApi, told: Told) -> None:
    await asked(api, told, BUSY, BreaksOff(GOOD, 2, How.ENDS), GOOD)
    assert told.failures == [Fallback.BUSY, Fallback.CUT_OFF, None]
    refused, broken, whole = told.calls
    assert refused.usage.input_tokens == 0
    assert refused.first_word is None
    assert broken.usage.input_tokens == whole.usage.input_tokens > 0
    assert broken.began <= whole.began


@pytest.mark.parametrize(
    ("behaviour", "stop_reason", "failure"),
    [
        (Refuses((Text(CLEAR),)), "refusal", Fallback.REFUSED),
        (Reply((Text(CLEAR),), stop_reason="max_tokens"), "max_tokens", Fallback.CUT_OFF),
        (BreaksOff(GOOD, 4, How.CLOSES), None, Fallback.AWAY),
        (Fails(401, "authentication_error"), None, Fallback.DENIED),
    ],
)
async def test_a_call_without_a_whole_reply_says_why(
    api: MessagesApi, told: Told, behaviour: Behaviour, stop_reason: str | None, failure: Fallback
) -> None:
    await asked(api, told, behaviour)
    (call,) = told.calls
    assert (call.stop_reason, call.failure) == (stop_reason, failure)


async def test_a_call_to_which_nobody_listens_any_more_has_not_failed(api: MessagesApi, told: Told) -> None:
    api.enqueue(Reply(GOOD.blocks, pace=Pace(characters=5, between=0.05)))
    evidence = await ExactWordRetriever().search(QUESTION, KNOWLEDGE)
    task = AnswerTask(question=QUESTION, evidence=evidence, knowledge=KNOWLEDGE, thread=())
    async with (
        engine_of(Setting(observer=told), gateway=api.url) as engine,
        aclosing(engine.answer(task, PROMPT, person="ann")) as items,
    ):
        assert isinstance(await anext(items), Delta)
    (call,) = told.calls
    assert (call.stop_reason, call.failure) == (None, None)
    assert call.first_word is not None


@pytest.mark.parametrize(
    ("base_url", "address"),
    [
        (None, ADDRESS),
        ("http://127.0.0.1:8000/v1", "127.0.0.1:8000"),
        ("http://gateway.example", "gateway.example:80"),
        ("https://gateway.example", "gateway.example:443"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("http://gateway.example:99999", "unknown"),
    ],
)
def test_the_address_is_the_servers_host_and_port(told: Told, base_url: str | None, address: str) -> None:
    Recording({"model": "m", "max_tokens": 5}, Meter(), base_url=base_url).tell(told, None)
    assert [call.address for call in told.calls] == [address]
