"""A chat platform as the coach meets it: sends each message until it is taken, and looks for its one reply."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout

CALL = ClientTimeout(total=10)
TAKEN = 202


@dataclass(slots=True)
class Platform:
    """People who write to the coach at any of its addresses.

    `accepted` are the messages that were acknowledged, thread by thread in the order they were sent; `replies` what
    each was answered, as first seen.
    """

    http: ClientSession
    ports: Sequence[int]
    chance: random.Random
    accepted: dict[str, list[str]] = field(default_factory=dict)
    replies: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    sent_again: int = 0

    async def converse(self, thread: str, messages: int) -> None:
        """Sends a thread's messages one after the other, each when the one before was acknowledged."""
        for number in range(messages):
            id_ = f"{thread}-{number}"
            await self._send(id_, thread)
            self.accepted.setdefault(thread, []).append(id_)
            if self.chance.random() < 0.2:  # the platform did not hear the acknowledgement
                await self._send(id_, thread)

    async def _send(self, id_: str, thread: str) -> None:
        body = {"id": id_, "thread": thread, "question": f"gutters in case {id_}?"}
        while not await self._is_taken(body):
            self.sent_again += 1
            await asyncio.sleep(0.02)

    async def _is_taken(self, body: Mapping[str, str]) -> bool:
        try:
            async with self.http.post(
                self._address("/api/ask"), json=body, headers={"Prefer": "respond-async"}, timeout=CALL
            ) as response:
                return response.status == TAKEN
        except (ClientError, TimeoutError, OSError):
            return False

    async def reply(self, id_: str) -> tuple[int, bytes] | None:
        """Gives a message's final reply, None while there is none; it must be the one that was seen before.

        Raises:
            AssertionError: it is another one.
        """
        try:
            async with self.http.get(self._address(f"/api/replies/{id_}"), timeout=CALL) as response:
                seen = response.status, await response.read()
        except (ClientError, TimeoutError, OSError):
            return None
        if seen[0] in (TAKEN, 503):
            return None
        assert self.replies.setdefault(id_, seen) == seen, f"{id_} was answered twice"
        return seen

    def _address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.chance.choice(self.ports)}{path}"
