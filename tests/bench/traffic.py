"""Messages as reps send them, to one replica or several: more than they can take, or at an even pace."""

import asyncio
import contextlib
import itertools
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import ClientSession

from bot.core.state import Depth, Store
from tests.bench.answers import QUESTIONS, SENTENCES

WAITING = 150
"""Messages that wait while the most that can be answered is measured."""
SENDERS = 8
LOOK_SECONDS = 0.1
Message = tuple[str, Mapping[str, str]]
"""A path and what is posted there."""


@dataclass(slots=True)
class Taken:
    """What was sent: how soon each message was acknowledged, in seconds, and how many were not."""

    acknowledged: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def how_soon(self) -> str:
        """Median, 99th percentile and longest."""
        took = sorted(each * 1000 for each in self.acknowledged)
        p99 = statistics.quantiles(took, n=100)[98]
        return f"{statistics.median(took):.0f} ms; {p99:.0f} ms; {took[-1]:.0f} ms"


@dataclass(frozen=True, slots=True)
class Sustained:
    """Messages answered a second while more of them waited than could be taken, and their acknowledgements."""

    a_second: float
    taken: Taken


class Traffic:
    """Sends messages to replicas in turn, each in a thread of its own."""

    def __init__(self, http: ClientSession, urls: Sequence[str], messages: Iterator[Message]) -> None:
        self._http = http
        self._urls = itertools.cycle(urls)
        self._messages = messages
        self.taken = Taken()

    async def send(self) -> None:
        """Sends the next message and waits for its acknowledgement, not for its reply."""
        path, body = next(self._messages)
        began = time.perf_counter()
        headers = {"Prefer": "respond-async"}
        async with self._http.post(f"{next(self._urls)}{path}", json=body, headers=headers) as response:
            await response.read()
        if response.status == 202:
            self.taken.acknowledged.append(time.perf_counter() - began)
        else:
            self.taken.refused += 1

    @property
    def sent(self) -> int:
        """How many were taken."""
        return len(self.taken.acknowledged)


async def sustained(traffic: Traffic, store: Store, *, warm_up: float, seconds: float) -> Sustained:
    """Keeps `WAITING` messages waiting, and counts what is answered meanwhile."""
    has_room = asyncio.Event()

    async def watch() -> None:
        while True:
            depth = await store.inbox.depth()
            (has_room.set if depth.waiting < WAITING else has_room.clear)()
            await asyncio.sleep(LOOK_SECONDS)

    async def keep_sending() -> None:
        while True:
            await has_room.wait()
            await traffic.send()

    async with asyncio.TaskGroup() as sending:
        tasks = [sending.create_task(work()) for work in (watch, *[keep_sending] * SENDERS)]
        await asyncio.sleep(warm_up)
        traffic.taken, already = Taken(), await _open(store)
        began = time.perf_counter()
        await asyncio.sleep(seconds)
        left, sent = await _open(store), traffic.sent
        took = time.perf_counter() - began
        for task in tasks:
            task.cancel()
    return Sustained((sent + already - left) / took, traffic.taken)


async def evenly(traffic: Traffic, *, a_second: float, seconds: float) -> None:
    """Sends messages at an even pace."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as sending:
        for number in range(int(a_second * seconds)):
            await asyncio.sleep(max(0.0, began + number / a_second - loop.time()))
            sending.create_task(traffic.send())


async def emptied(store: Store, seconds: float) -> Depth:
    """Waits until nothing is open any more, or so long; gives what there is then."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while await _open(store):
                await asyncio.sleep(LOOK_SECONDS)
    return await store.inbox.depth()


async def _open(store: Store) -> int:
    depth = await store.inbox.depth()
    return depth.waiting + depth.leased


def asked(question: str) -> Message:
    """A question under an id of its own."""
    return "/api/ask", {"id": uuid4().hex, "question": question}


def questions() -> Iterator[Message]:
    """Questions that differ, some of them not covered, without end."""
    for number, question in enumerate(itertools.cycle(QUESTIONS)):
        yield asked(f"{question} ({number})")


def questions_and_drafts() -> Iterator[Message]:
    """The same, each fifth message a draft of ten sentences, four of which are to be replaced."""
    draft = "Dear Ms. Hale,\n\n" + " ".join(SENTENCES * 2) + "\n\nBest regards\nTom"
    for number, message in enumerate(questions(), 1):
        yield ("/api/review", {"id": uuid4().hex, "text": draft}) if number % 5 == 0 else message
