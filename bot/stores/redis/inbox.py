"""The inbox: messages in the order of their threads, each worked on by one worker at a time.

A thread is a list of messages; it is in one of four conditions. It is *held* while somebody has its first message
leased, waits for *later* after a failure, is *ready*, or is empty and gone. The stream holds one entry, a permit to
work, for every ready and every held thread. A worker reads a permit through the consumer group and gets with it the
ready thread whose first message has the lowest turn; the permit then stays pending with the group, whose clock of
idle times is the clock of the lease: to renew is to claim the permit anew, and a permit idle for too long is given to
the next who asks. Permits are alike and not bound to a thread, because a stream is read in the order in which threads
became ready, and messages are to be leased by their turns.

Every method is one script, and so one step: no crash of a worker or a connection can leave a thread between two
conditions. Waiting is apart from taking, a blocking read of the stream that consumes nothing, so that a worker that is
stopped while it waits loses nothing.
"""

import asyncio
import math
from collections.abc import Sequence
from contextlib import suppress
from uuid import uuid4

from bot.core.messages import Incoming
from bot.core.state import QUANTUM, DeadLetter, Depth, Leased, Outcome, StoreAwayError
from bot.stores.encoding import UnreadableError, incoming_json, read_incoming
from bot.stores.redis.connection import BLOCK, Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.scripts import Script, script

_SHARED = ("permits", "ready", "later", "open", "held", "dead", "waiting")
_APART = int(QUANTUM * 1e6)


def _inbox_script(name: str) -> Script:
    return script("inbox/common", f"inbox/{name}")


_PUT = _inbox_script("put")
_LEASE = _inbox_script("lease")
_RENEW = _inbox_script("renew")
_DONE = _inbox_script("done")
_FAIL = _inbox_script("fail")
_RELEASE = _inbox_script("release")
_BURY = _inbox_script("bury")
_OUTCOME = _inbox_script("outcome")
_PLACE = _inbox_script("place")
_DEAD = _inbox_script("dead")
_RETRY = _inbox_script("retry")
_DISCARD = _inbox_script("discard")
_DEPTH = _inbox_script("depth")
_FORGET = _inbox_script("forget")


class RedisInbox:
    """`Inbox` in Redis."""

    def __init__(
        self,
        connection: Connection,
        keys: Keys,
        *,
        lease_seconds: float,
        reply_seconds: float,
        identity_seconds: float,
    ) -> None:
        self._connection = connection
        self._base = keys.inbox("")
        self._keys = [keys.inbox(name) for name in _SHARED]
        self._lease = _milliseconds(lease_seconds)
        self._reply = _milliseconds(reply_seconds)
        self._identity = _milliseconds(identity_seconds)
        # A lease that runs out adds nothing to the stream: who waits has to look.
        self._look = min(BLOCK, lease_seconds / 4)

    async def put(self, message: Incoming) -> bool:
        """Takes a message in; False when one of its id was taken before. Asking again is safe."""
        body = incoming_json(message)
        return await self._does(_PUT, message.id, message.person, message.thread, message.channel, body, _APART)

    async def lease(self, *, wait: float) -> Leased | None:
        """Gives the message of the lowest turn of those whose thread is free, None after `wait` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            token = uuid4().hex
            attempt, *rest = await self._take(token)
            if attempt != "0":
                if leased := await self._read(token, *rest, attempt=int(attempt)):
                    return leased
                continue
            last, due = rest
            left = until - loop.time()
            if left <= 0:
                return None
            pause = min(left, self._look) if due == "-1" else min(left, self._look, int(due) / 1000)
            await self._connection.wait(self._keys[0], last, pause)

    async def renew(self, leases: Sequence[Leased]) -> frozenset[str]:
        """Makes the leases last anew and gives the tokens of those that are still held."""
        if not leases:
            return frozenset()
        pairs = [part for lease in leases for part in (lease.message.id, lease.token)]
        return frozenset(await self._tells(_RENEW, self._lease, *pairs))

    async def done(self, lease: Leased, reply: str | None = None) -> bool:
        """Ends a message: its text is erased, `reply` kept for a while. False, changing nothing, if the lease is lost.

        Asking again is safe.
        """
        kept = () if reply is None else (reply,)
        return await self._does(_DONE, lease.message.id, lease.token, self._identity, self._reply, *kept)

    async def fail(self, lease: Leased, reason: str, *, again_in: float, waits: bool = False) -> bool:
        """Puts a message back for another attempt after `again_in` seconds; False if the lease is lost."""
        counted = "waits" if waits else "failures"
        later = int(again_in * 1000)
        return await self._does(_FAIL, lease.message.id, lease.token, reason, later, uuid4().hex, counted)

    async def release(self, lease: Leased, *, again_in: float = 0.0) -> bool:
        """Puts a message back uncounted, to be leased after `again_in` seconds; False if the lease is lost."""
        return await self._does(_RELEASE, lease.message.id, lease.token, uuid4().hex, int(again_in * 1000))

    async def bury(self, lease: Leased, reason: str, reply: str | None = None) -> bool:
        """Gives a message up: its thread goes on, it stays among the dead letters. False if the lease is lost."""
        return await self._bury(lease.message.id, lease.token, reason, reply)

    async def outcome(self, id_: str) -> Outcome | None:
        """Says what has become of a message; None when none of this id is known (any more)."""
        found = await self._tells(_OUTCOME, id_)
        if not found:
            return None
        state, *reply = found
        return Outcome(ended=state in ("done", "dead"), reply=reply[0] if reply else None)

    async def place(self, id_: str) -> int | None:
        """Gives 1 for a message that waits with the lowest turn of all, 2 for the next; None when it does not wait."""
        return await self._connection.number(_PLACE, self._keys, self._base, id_) or None

    async def dead(self, *, limit: int, skip: int = 0) -> tuple[DeadLetter, ...]:
        """Gives the dead letters, the oldest first, behind the first `skip` at most `limit`."""
        flat = await self._tells(_DEAD, limit, skip)
        letters = zip(*(flat[place::6] for place in range(6)), strict=True)
        return tuple(
            DeadLetter(id_, person, channel, int(attempts), reason, int(ended) / 1e6)
            for id_, person, channel, attempts, reason, ended in letters
        )

    async def retry(self, id_: str) -> bool:
        """Puts a dead letter back, as if it had just come; False when there is none of this id."""
        # Run a second time, it would say that there is none.
        return await self._does(_RETRY, id_, _APART, again=False)

    async def discard(self, id_: str) -> bool:
        """Erases a dead letter; False when there is none of this id."""
        # Run a second time, it would say that there is none.
        return await self._does(_DISCARD, id_, self._identity, again=False)

    async def depth(self) -> Depth:
        """Counts the open and the dead messages."""
        open_, held, dead, oldest = map(int, await self._tells(_DEPTH))
        return Depth(waiting=open_ - held, leased=held, dead=dead, oldest=oldest / 1e6)

    async def forget(self, person: str, *, before: float = math.inf) -> int:
        """Erases the messages of `person` that nobody holds, and their kept replies; gives how many messages.

        Of those that wait only what was put `before` then, in seconds since 1970. Their ids stay known, so that a
        message that is delivered again does not come back.
        """
        latest = "inf" if before == math.inf else int(before * 1e6)
        return await self._connection.number(_FORGET, self._keys, self._base, person, self._identity, latest)

    async def _take(self, token: str) -> list[str]:
        taking = asyncio.ensure_future(self._tells(_LEASE, token, self._lease))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            # Nobody would have the lease, and its thread would stand still until it ran out.
            with suppress(StoreAwayError):
                attempt, id_, *_ = await taking
                if attempt != "0":
                    await self._does(_RELEASE, id_, token, uuid4().hex, 0)
            raise

    async def _read(
        self, token: str, id_: str, body: str, failures: str, waits: str, waited: str, *, attempt: int
    ) -> Leased | None:
        try:
            return Leased(read_incoming(body), token, attempt, int(failures), int(waits), int(waited) / 1e6)
        except UnreadableError as error:
            # An older program cannot answer it; it must not hold up everybody.
            await self._bury(id_, token, f"the message cannot be read: {error}", None)
            return None

    async def _bury(self, id_: str, token: str, reason: str, reply: str | None) -> bool:
        kept = () if reply is None else (reply,)
        return await self._does(_BURY, id_, token, reason, self._reply, *kept)

    async def _does(self, act: Script, *arguments: str | int, again: bool = True) -> bool:
        return await self._connection.number(act, self._keys, self._base, *arguments, again=again) == 1

    async def _tells(self, asked: Script, *arguments: str | int) -> list[str]:
        return await self._connection.texts(asked, self._keys, self._base, *arguments)


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
