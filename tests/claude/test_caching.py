"""What is read from the prompt cache and what is written to it."""

from dataclasses import dataclass

from anthropic import AsyncAnthropic

from tests.claude.caching import MINIMUM, PromptCache
from tests.claude.calls import Call, call, text
from tests.claude.tokens import prompt_tokens, tokens_in

GUIDE = "The field says it so. " * 300
CASE = "What of this one?"


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def asked(case: str = CASE, *, guide: str = GUIDE, ttl: str = "5m") -> Call:
    system = [{**text(guide), "cache_control": {"type": "ephemeral", "ttl": ttl}}]
    return call(text(case), system=system)


def read_and_written(cache: PromptCache, body: Call) -> tuple[int, int]:
    usage = cache.usage(body)
    assert sum(usage[f"{name}input_tokens"] for name in ("", "cache_creation_", "cache_read_")) == prompt_tokens(body)
    return usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]


def test_a_prefix_is_written_once_and_then_read() -> None:
    cache = PromptCache(Clock())
    assert read_and_written(cache, asked()) == (0, tokens_in(GUIDE))
    assert read_and_written(cache, asked("And of that one?")) == (tokens_in(GUIDE), 0)


def test_another_prefix_or_model_is_not_read() -> None:
    cache = PromptCache(Clock())
    cache.usage(asked())
    assert read_and_written(cache, asked(guide="New: " + GUIDE))[0] == 0
    assert read_and_written(cache, {**asked(), "model": "claude-haiku-5-5"})[0] == 0


def test_a_prefix_below_the_minimum_is_never_cached() -> None:
    cache = PromptCache(Clock())
    short = "a" * (MINIMUM * 4 - 4)
    assert [read_and_written(cache, asked(guide=short)) for _ in range(2)] == [(0, 0), (0, 0)]
    assert read_and_written(cache, asked(guide=short + "aaaa")) == (0, MINIMUM)


def test_five_minutes_after_its_last_use_it_is_gone() -> None:
    clock = Clock()
    cache = PromptCache(clock)
    cache.usage(asked())
    clock.now = 299
    assert read_and_written(cache, asked())[0] > 0
    clock.now = 299 + 299
    assert read_and_written(cache, asked())[0] > 0
    clock.now = 299 + 299 + 300
    assert read_and_written(cache, asked())[0] == 0


def test_an_hour_s_prefix_outlives_five_minutes_and_is_counted_apart() -> None:
    clock = Clock()
    cache = PromptCache(clock)
    usage = cache.usage(asked(ttl="1h"))
    assert usage["cache_creation"] == {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": tokens_in(GUIDE)}
    clock.now = 3599
    assert read_and_written(cache, asked(ttl="1h"))[0] == tokens_in(GUIDE)


def test_a_second_breakpoint_adds_to_what_the_first_one_holds() -> None:
    cache = PromptCache(Clock())
    cache.usage(asked())
    passages = {**text("One sentence. " * 200), "cache_control": {"type": "ephemeral"}}
    body = {**asked(), "messages": [{"role": "user", "content": [passages, text(CASE)]}]}
    assert read_and_written(cache, body) == (tokens_in(GUIDE), tokens_in(str(passages["text"])))
    assert read_and_written(cache, body)[1] == 0


def test_the_top_level_marks_the_last_block() -> None:
    cache = PromptCache(Clock())
    body = call(text(GUIDE), cache_control={"type": "ephemeral"})
    assert [read_and_written(cache, body) for _ in range(2)] == [(0, tokens_in(GUIDE)), (tokens_in(GUIDE), 0)]


def growing(turns: int) -> Call:
    """A thread whose last block is marked."""
    blocks = [text(GUIDE), *(text(f"Turn {turn}.") for turn in range(turns))]
    return call(*blocks[:-1], {**blocks[-1], "cache_control": {"type": "ephemeral"}})


def test_a_breakpoint_finds_what_was_written_up_to_twenty_blocks_before_it() -> None:
    cache = PromptCache(Clock())
    written = read_and_written(cache, growing(1))[1]
    assert read_and_written(cache, growing(21))[0] == written
    assert read_and_written(PromptCache(Clock()), growing(1))[1] == written
    assert read_and_written(cache, growing(42))[0] == 0


async def test_the_sdk_sees_the_usage_of_a_stream_and_of_a_whole_reply(client: AsyncAnthropic) -> None:
    async with client.messages.stream(**asked()) as stream:
        first = (await stream.get_final_message()).usage
    second = (await client.messages.create(**asked())).usage
    assert (first.cache_creation_input_tokens, first.cache_read_input_tokens) == (tokens_in(GUIDE), 0)
    assert first.cache_creation
    assert first.cache_creation.ephemeral_5m_input_tokens == tokens_in(GUIDE)
    assert (second.cache_creation_input_tokens, second.cache_read_input_tokens) == (0, tokens_in(GUIDE))
    assert first.input_tokens == second.input_tokens == tokens_in(CASE)


async def test_tokens_can_be_counted_beforehand(client: AsyncAnthropic) -> None:
    body = {name: value for name, value in asked().items() if name != "max_tokens"}
    assert (await client.messages.count_tokens(**body)).input_tokens == tokens_in(GUIDE) + tokens_in(CASE)
