"""How fast state is kept: SQLite and Redis side by side, in one run on one machine."""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.core.messages import Incoming
from bot.core.replies import Event, Refused
from bot.core.state import Store
from bot.core.worker import Worker
from bot.prompts.document import parse_prompt
from bot.prompts.entries import STREAM, Activated, Denied, Entry, Published, RolledBack, Stamp, write_entry
from bot.prompts.history import History
from bot.prompts.registry import PromptRegistry
from bot.prompts.serving import LiveVersions
from bot.stores.redis.store import RedisStore
from bot.stores.sqlite.store import SqliteStore
from tests.bench.row import Row
from tests.fakes import PROMPTS
from tests.stores.redis_server import running

ROUNDS = 1_000
READS = 5_000
THREADS = 1_000
A_THREAD = 4
ENTRIES = 1_000_000
PROCESSES = 4


def store_of(spec: str) -> Store:
    kind, _, place = spec.partition(":")
    return SqliteStore(Path(place)) if kind == "sqlite" else RedisStore(place)


def message(id_: str, thread: str) -> Incoming:
    return Incoming(
        id=id_, person=thread, thread=thread, text="How fast does a prompt change go live?", channel="bench"
    )


async def rounds(store: Store, name: str, count: int) -> float:
    """Puts, leases and ends `count` messages one after the other; gives the seconds that took."""
    started = time.perf_counter()
    for number in range(count):
        await store.inbox.put(message(f"{name}-{number}", f"{name}-{number % 50}"))
        leased = await store.inbox.lease(wait=5)
        assert leased
        await store.inbox.done(leased, "reply")
    return time.perf_counter() - started


async def inbox_speed(spec: str) -> str:
    store = store_of(spec)
    await store.open()
    alone = ROUNDS / await rounds(store, "alone", ROUNDS)
    await store.close()
    workers = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.stores", spec, f"worker{number}", stdout=asyncio.subprocess.PIPE
        )
        for number in range(PROCESSES)
    ]
    spans = [json.loads((await worker.communicate())[0]) for worker in workers]
    together = PROCESSES * ROUNDS / (max(end for _, end in spans) - min(start for start, _ in spans))
    return f"{alone:,.0f} a second; {PROCESSES} processes: {together:,.0f} a second"


async def work_rounds(spec: str, name: str) -> None:
    """What one of several processes does; writes when it began and ended."""
    store = store_of(spec)
    await store.open()
    started = time.time()
    await rounds(store, name, ROUNDS)
    sys.stdout.write(json.dumps([started, time.time()]))
    await store.close()


async def live_version_speed(spec: str) -> str:
    store = store_of(spec)
    await store.open()
    history = History(store.log)
    registry = PromptRegistry(
        history, admins=frozenset(), now=partial(datetime.now, UTC), new_id=lambda: str(time.time_ns())
    )
    for name, text in PROMPTS.items():
        await registry.publish_file(name, parse_prompt(text))
    await registry.activate_first()
    live = LiveVersions(history, registry, store.counters)
    durations = []
    for number in range(READS):
        started = time.perf_counter()
        await live.serving(f"person {number}")
        durations.append((time.perf_counter() - started) * 1000)
    await store.close()
    return f"{statistics.median(durations):.2f} ms; {statistics.quantiles(durations, n=100)[98]:.2f} ms"


class Timing:
    """Notes how long each message took from its acknowledgement to its reply."""

    def __init__(self, expected: int) -> None:
        self.put: dict[str, float] = {}
        self.took: list[float] = []
        self.all_over = asyncio.Event()
        self._expected = expected

    async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> None:
        """Takes the events."""
        async for _ in events:
            pass
        self.took.append(time.perf_counter() - self.put[message.id])

    async def ended(self, message: Incoming) -> None:  # noqa: ARG002 - the port's signature
        """Counts."""
        if len(self.took) == self._expected:
            self.all_over.set()


async def echo(message: Incoming) -> AsyncGenerator[Event, None]:
    yield Refused(message.text)


async def thread_speed(spec: str) -> str:
    store = store_of(spec)
    await store.open()
    timing = Timing(THREADS * A_THREAD)
    stop = asyncio.Event()
    worker = asyncio.create_task(Worker(store.inbox, echo, {"bench": timing}, at_once=64).run(stop, grace=1))

    async def converse(thread: str) -> None:
        for number in range(A_THREAD):
            id_ = f"{thread}-{number}"
            timing.put[id_] = time.perf_counter()
            await store.inbox.put(message(id_, thread))

    started = time.perf_counter()
    await asyncio.gather(*(converse(f"thread {number}") for number in range(THREADS)))
    accepted = time.perf_counter() - started
    await timing.all_over.wait()
    whole = time.perf_counter() - started
    stop.set()
    await worker
    await store.close()
    count = THREADS * A_THREAD
    return f"all accepted in {accepted:.1f} s, answered in {whole:.1f} s ({count / whole:,.0f} a second)"


def trail() -> Iterator[Entry]:
    """A million entries: twenty versions, moves to and fro, and a denied try in ten."""
    document = parse_prompt(PROMPTS["0001.md"])
    began = datetime(2026, 1, 1, tzinfo=UTC)

    def stamp(number: int) -> Stamp:
        return Stamp(id=f"{number:032x}", at=began + timedelta(seconds=number), by="slack:T1/U1", note="as we agreed")

    for number in range(1, 21):
        yield Published(
            stamp=stamp(number),
            version=number,
            source=document.source,
            digest=f"{number:064x}",
            model=document.model,
            max_tokens=document.max_tokens,
            effort=document.effort,
        )
    live = 1
    yield Activated(stamp=stamp(21), version=live, replaces=None)
    for number in range(22, ENTRIES + 1):
        if number % 10 == 0:
            yield Denied(stamp=stamp(number), tried="activate version 2")
            continue
        version = number % 20 + 1
        if version == live:
            version = version % 20 + 1
        move = Activated if number % 2 else RolledBack
        yield move(stamp=stamp(number), version=version, replaces=live)
        live = version


async def start_speed(spec: str, entries: Sequence[str]) -> str:
    """How long it takes from nothing to knowing the live version of a long trail."""
    store = store_of(spec)
    await store.open()
    await store.log.restore(STREAM, entries)
    await store.close()
    durations = []
    for _ in range(3):
        store = store_of(spec)
        started = time.perf_counter()
        await store.open()
        await History(store.log).standing()
        durations.append(time.perf_counter() - started)
        await store.close()
    first, *later = durations
    return f"{statistics.mean(later):.2f} s; the first after a restore, without a snapshot: {first:.0f} s"


async def rows() -> Sequence[Row]:
    """Every figure, with its name."""
    entries = [write_entry(entry) for entry in trail()]
    figures: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "redis") as server:
        for kind, spec in (("SQLite", f"sqlite:{folder}/coach.sqlite3"), ("Redis", f"redis:{server.url}")):
            figures += [
                (f"{kind}: put, lease and done", await inbox_speed(spec)),
                (f"{kind}: which version serves a person, median; p99", await live_version_speed(spec)),
                (f"{kind}: {THREADS:,} threads of {A_THREAD} messages at once", await thread_speed(spec)),
            ]
        for kind, spec in (("SQLite", f"sqlite:{folder}/long.sqlite3"), ("Redis", f"redis:{server.url}/1")):
            figures.append((f"{kind}: start with {ENTRIES:,} entries", await start_speed(spec, entries)))
    return figures


if __name__ == "__main__":
    asyncio.run(work_rounds(*sys.argv[1:]))
