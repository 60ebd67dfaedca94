"""Prompt caching: what of a request's input is read from the cache, written to it, or neither."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.claude.asked import Body
from tests.claude.tokens import parts_of, prompt_tokens, tokens_of

SECONDS = {"5m": 300.0, "1h": 3600.0}
MINIMUM = 1_024
"""Tokens that a prefix must have to be cached at all."""
LOOKBACK = 20
"""How many blocks before a breakpoint the cache is looked for."""


class Cache(Protocol):
    """What the input of a request costs."""

    def usage(self, body: Body) -> Mapping[str, Any]:
        """Takes a request in and gives the input side of its usage."""
        ...


class NoCache:
    """A server that has no prompt cache and speaks of none."""

    def usage(self, body: Body) -> Mapping[str, Any]:
        return {"input_tokens": prompt_tokens(body)}


@dataclass(frozen=True, slots=True)
class Part:
    """A block at its place: the key of all up to it, its tokens, and its breakpoint's time to live if it has one."""

    key: str
    tokens: int
    ttl: str | None


@dataclass(slots=True)
class Entry:
    expires: float
    ttl: str


@dataclass(slots=True)
class PromptCache:
    """The cache of one organisation. `clock` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    minimum: int = MINIMUM
    _entries: dict[str, Entry] = field(default_factory=dict)

    def usage(self, body: Body) -> Mapping[str, Any]:
        """Takes a request in and gives the input side of its usage."""
        parts = parts_with_keys(body)
        through = [sum(part.tokens for part in parts[: at + 1]) for at in range(len(parts))]
        marks = [at for at, part in enumerate(parts) if part.ttl and through[at] >= self.minimum]
        found = self._found(parts, marks)
        read = through[found] if found is not None else 0
        written = dict.fromkeys(SECONDS, 0)
        reached = read
        for at in marks:
            ttl = parts[at].ttl or "5m"
            written[ttl] += max(0, through[at] - reached)
            reached = max(reached, through[at])
            if found is None or at > found:
                self._entries[parts[at].key] = Entry(self.clock() + SECONDS[ttl], ttl)
        return {
            "input_tokens": (through[-1] if through else 0) - reached,
            "cache_creation_input_tokens": sum(written.values()),
            "cache_read_input_tokens": read,
            "cache_creation": {f"ephemeral_{ttl}_input_tokens": tokens for ttl, tokens in written.items()},
        }

    def _found(self, parts: list[Part], marks: list[int]) -> int | None:
        """The last part up to which the cache holds the request; being read keeps it for its time again."""
        now = self.clock()
        near = sorted({at for mark in marks for at in range(max(0, mark - LOOKBACK), mark + 1)}, reverse=True)
        for at in near:
            entry = self._entries.get(parts[at].key)
            if entry and entry.expires > now:
                entry.expires = now + SECONDS[entry.ttl]
                return at
        return None


def parts_with_keys(body: Body) -> list[Part]:
    """The request's parts; a key stands for the model and every block up to and with its own."""
    blocks = parts_of(body)
    digest = hashlib.sha256(str(body.get("model")).encode())
    parts = []
    for at, block in enumerate(blocks):
        control = block.get("cache_control")
        if at == len(blocks) - 1:
            control = control or body.get("cache_control")
        kept = {key: value for key, value in block.items() if key != "cache_control"}
        digest.update(json.dumps(kept, sort_keys=True).encode())
        parts.append(Part(digest.hexdigest(), tokens_of(block), control.get("ttl", "5m") if control else None))
    return parts
