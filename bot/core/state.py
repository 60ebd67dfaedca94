"""State that outlives a message, as Protocols: inbox, thread memory, log, counters, records. A store implements all.

Every method raises `StoreAwayError` when the store cannot be reached or does not answer in time. What it was asked to
write may then have been written all the same; each method says what asking again does.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.messages import Incoming, Reaction, Turn

TURNS = 8
"""Turns kept a thread."""

QUANTUM = 10.0
"""Seconds between the turns of one person's open messages: about what a slow answer takes.

Nobody stands behind more than one message of another person as long as each gets an answer in so many seconds. The more
it is, the better that holds on a busy day, and the longer people who ask a lot at once wait for their last answers.
"""


class StoreAwayError(Exception):
    """The store cannot be reached, or cannot be used; the message is one line that says why."""


class ConflictError(Exception):
    """Somebody else appended to the log first; `length` is the stream's length now."""

    def __init__(self, length: int) -> None:
        super().__init__(f"the log has {length} entries by now")
        self.length = length


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that one worker holds until it is done with it or its lease runs out.

    `token` proves the lease. `attempt` counts from 1 how often the message has been leased; of the attempts before,
    `failures` and `waits` ended with `fail`, and the others were lost with their workers. `waited` is how long ago it
    was put, in seconds, by the store's clock.
    """

    message: Incoming
    token: str
    attempt: int
    failures: int
    waits: int = 0
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a message: `ended` once it is done or given up; `reply` is kept with it until it expires."""

    ended: bool
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up. `at` is when, in seconds since 1970, and `reason` the last failure in one line."""

    id: str
    person: str
    channel: str
    attempts: int
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Depth:
    """How many messages an inbox holds; `oldest` is how long the oldest open one has been there, in seconds."""

    waiting: int
    leased: int
    dead: int
    oldest: float


class Inbox(Protocol):
    """Messages accepted and not yet answered. Those of one thread are leased in the order they were put.

    A message's turn is when it was put, or `QUANTUM` after the last turn of that person's messages that are still open,
    whichever is later. So who asks a lot at once holds up nobody else, and a message is overtaken only by those that
    are put before its turn. It keeps its turn until it ends.
    """

    async def put(self, message: Incoming) -> bool:
        """Takes a message in; False when one of its id was taken before. Asking again is safe."""
        ...

    async def lease(self, *, wait: float) -> Leased | None:
        """Gives the message of the lowest turn that is due and first in its thread; None after `wait` seconds.

        A lease that was not renewed in time is given to the next who asks, with its attempt counted. May be cancelled:
        no message goes with it.
        """
        ...

    async def renew(self, leases: Sequence[Leased]) -> frozenset[str]:
        """Makes the leases last anew and gives the tokens of those that are still held."""
        ...

    async def done(self, lease: Leased, reply: str | None = None) -> bool:
        """Ends a message: its text is erased, `reply` kept for a while. False, changing nothing, if the lease is lost.

        Asking again is safe.
        """
        ...

    async def fail(self, lease: Leased, reason: str, *, again_in: float, waits: bool = False) -> bool:
        """Puts a message back for another attempt after `again_in` seconds; False if the lease is lost.

        `waits` says that it is no fault of the message's. Asking again says False.
        """
        ...

    async def release(self, lease: Leased, *, again_in: float = 0.0) -> bool:
        """Puts a message back, to be leased after `again_in` seconds, without counting the attempt.

        False if the lease is lost.

        Asking again says False.
        """
        ...

    async def bury(self, lease: Leased, reason: str, reply: str | None = None) -> bool:
        """Gives a message up: its thread goes on, it stays among the dead letters. False if the lease is lost.

        Asking again is safe.
        """
        ...

    async def outcome(self, id_: str) -> Outcome | None:
        """Says what has become of a message; None when none of this id is known (any more)."""
        ...

    async def place(self, id_: str) -> int | None:
        """Gives 1 for a message that waits with the lowest turn of all, 2 for the next; None when it does not wait.

        Those that wait to be tried again count. A message behind one of a later turn in its thread waits for that, too.
        """
        ...

    async def dead(self, *, limit: int, skip: int = 0) -> tuple[DeadLetter, ...]:
        """Gives the dead letters, the oldest first, behind the first `skip` at most `limit`."""
        ...

    async def retry(self, id_: str) -> bool:
        """Puts a dead letter back, as if it had just come; False when there is none of this id."""
        ...

    async def discard(self, id_: str) -> bool:
        """Erases a dead letter, which stays known by its id; False when there is none of this id."""
        ...

    async def depth(self) -> Depth:
        """Counts the open and the dead messages."""
        ...

    async def forget(self, person: str, *, before: float = math.inf) -> int:
        """Erases the messages of `person` that nobody holds, and their kept replies; gives how many messages.

        Of those that wait only what was put `before` then, in seconds since 1970. Their ids stay known, so that a
        message that is delivered again does not come back.
        """
        ...


class ThreadMemory(Protocol):
    """What was asked and answered lately in a thread. A thread expires when nothing is said in it."""

    async def recent(self, thread: str) -> tuple[Turn, ...]:
        """Gives the thread's last turns, oldest first, at most `TURNS`."""
        ...

    async def append(self, thread: str, turn: Turn) -> None:
        """Keeps one more turn; a turn whose id is there already is left as it is. The oldest go."""
        ...

    async def react(self, thread: str, id_: str, *, person: str, reaction: Reaction) -> Turn | None:
        """Notes what `person` thinks of an answer they got and gives the turn as it was before.

        None when the thread has no such turn of this person.
        """
        ...

    async def forget(self, person: str) -> int:
        """Erases every turn of `person` and gives how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the first `length` entries of a stream fold to, as its reader wrote it."""

    length: int
    body: str


class Log(Protocol):
    """Streams of entries that are only ever appended to. An entry's position counts from 1 in its stream."""

    async def append(self, stream: str, entry: str, *, expected: int) -> None:
        """Appends an entry to a stream that holds `expected` entries.

        Asking again with the same entry is safe, as long as no two entries are equal.

        Raises:
            ConflictError: the stream holds more, or fewer, entries.
        """
        ...

    async def read(self, stream: str, *, after: int = 0, limit: int) -> tuple[str, ...]:
        """Gives the entries behind the position `after`, in order, at most `limit`."""
        ...

    async def length(self, stream: str) -> int:
        """Gives the number of entries."""
        ...

    async def snapshot(self, stream: str) -> Snapshot | None:
        """Gives the newest snapshot that was kept."""
        ...

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        """Keeps a snapshot in place of an older one."""
        ...

    async def restore(self, stream: str, entries: Sequence[str]) -> None:
        """Fills an empty stream, wholly or not at all.

        Raises:
            ConflictError: the stream holds entries.
        """
        ...


class Counters(Protocol):
    """Named groups of sums."""

    async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:
        """Adds to several sums of a group at once and gives what they are now; sums start from 0.

        `lasts` is in how many seconds a new group expires, None for never. Asking again adds again.
        """
        ...

    async def read(self, groups: Sequence[str]) -> tuple[Mapping[str, int], ...]:
        """Gives each group's sums; an unknown group is empty."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept under an id now. `revision` counts from 1 how often it was written."""

    body: str
    revision: int


class Records(Protocol):
    """What channels keep for a while beside a message: a review that can still be acted on, an act to confirm."""

    async def read(self, id_: str) -> Record | None:
        """Gives what is kept under `id_`; None when nothing is, or not any more."""
        ...

    async def write(self, id_: str, body: str, *, person: str, expected: int, lasts: float) -> bool:
        """Keeps `body` for `lasts` seconds from now in place of the revision `expected`, 0 standing for none.

        False, changing nothing, when there is another revision, or none. `person` is whose it is. Asking again says
        False.
        """
        ...

    async def forget(self, person: str) -> int:
        """Erases every record of `person` and gives how many there were."""
        ...


class Store(Protocol):
    """Where all state is kept."""

    @property
    def inbox(self) -> Inbox:
        """Messages to answer."""
        ...

    @property
    def threads(self) -> ThreadMemory:
        """What was said."""
        ...

    @property
    def log(self) -> Log:
        """What happened."""
        ...

    @property
    def counters(self) -> Counters:
        """How much."""
        ...

    @property
    def records(self) -> Records:
        """What can still be acted on."""
        ...

    @property
    def failures(self) -> int:
        """How many calls to the server, or on the file, have failed in this process; an act may take several."""
        ...

    async def open(self) -> None:
        """Makes the store ready, migrating an older schema.

        Raises:
            StoreAwayError: it cannot be reached or used, or is of a newer schema than this program.
        """
        ...

    async def check(self) -> None:
        """Passes when the store takes reads and writes now."""
        ...

    async def close(self) -> None:
        """Lets go of the store; nothing raises."""
        ...
