"""A model's reply as it comes in: pieces of text, what they cite, and the end."""

from dataclasses import dataclass, replace

from bot.core.prompts import NO_TOKENS, Usage


@dataclass(frozen=True, slots=True)
class Text:
    """More text of the block that is open."""

    text: str


@dataclass(frozen=True, slots=True)
class Cite:
    """The open block rests on the lines `start` to `end` (exclusive, from 0) of the search result number `result`.

    `text` is what the server says that they hold.
    """

    result: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class BlockEnd:
    """The open block is complete: nothing more comes to it, citations included."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The reply is over. `stop_reason` is None when it broke off."""

    stop_reason: str | None


Piece = Text | Cite | BlockEnd | Ended


CHARACTERS_A_TOKEN = 4
"""Roughly, in English."""


class Meter:
    """Adds up what the calls for one reply take, whatever becomes of them."""

    def __init__(self) -> None:
        self._before = NO_TOKENS
        self._call = NO_TOKENS
        self._characters = 0
        self._is_final = False

    @property
    def usage(self) -> Usage:
        """What was taken so far; of a call that broke off, what it wrote is estimated from its length."""
        guessed = 0 if self._is_final else self._characters // CHARACTERS_A_TOKEN
        call = replace(self._call, output_tokens=max(self._call.output_tokens, guessed))
        return _sum(self._before, call)

    def begin(self) -> None:
        """Another call begins."""
        self._before = self.usage
        self._call, self._characters, self._is_final = NO_TOKENS, 0, False

    def heard(self, text: str) -> None:
        """The call under way wrote some more text."""
        self._characters += len(text)

    def read(self, usage: Usage, *, is_final: bool = False) -> None:
        """Takes what the server says of the call under way; what it does not say any more stays as it was."""
        self._is_final = self._is_final or (is_final and usage.output_tokens > 0)
        self._call = Usage(
            input_tokens=usage.input_tokens or self._call.input_tokens,
            output_tokens=usage.output_tokens or self._call.output_tokens,
            cache_read_tokens=usage.cache_read_tokens or self._call.cache_read_tokens,
            cache_write_tokens=usage.cache_write_tokens or self._call.cache_write_tokens,
        )


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        cache_read_tokens=one.cache_read_tokens + other.cache_read_tokens,
        cache_write_tokens=one.cache_write_tokens + other.cache_write_tokens,
    )
