"""Any program of puts, leases and endings does to an inbox what it does to a list a thread."""

import itertools
from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.state import Inbox, Leased
from tests.stores.places import Place
from tests.stores.saying import SOON, drained, message

THREADS = 3
numbers = itertools.count()
"""Ids differ from one program to the next, as all run on the same state."""

Step = tuple[str, int]
steps = st.tuples(
    st.sampled_from(["put", "put", "put", "lease", "lease", "done", "fail", "release", "bury", "retry", "again"]),
    st.integers(0, 5),
)


class Model:
    """What an inbox must hold: each thread's open messages in order, who is leased, how often, and the dead."""

    def __init__(self) -> None:
        self.open: defaultdict[str, list[str]] = defaultdict(list)
        self.leases: dict[str, Leased] = {}
        self.attempts: defaultdict[str, int] = defaultdict(int)
        self.dead: list[str] = []
        self.thread: dict[str, str] = {}

    def free(self) -> set[str]:
        return {ids[0] for ids in self.open.values() if ids and ids[0] not in self.leases}

    def remove(self, id_: str) -> None:
        self.open[self.thread[id_]].remove(id_)

    def depth(self) -> tuple[int, int, int]:
        return sum(map(len, self.open.values())) - len(self.leases), len(self.leases), len(self.dead)


async def step(inbox: Inbox, model: Model, act: str, number: int) -> None:
    match act:
        case "put":
            id_, thread = f"m{next(numbers)}", f"thread-{number % THREADS}"
            assert await inbox.put(message(id_, thread=thread))
            model.thread[id_] = thread
            model.open[thread].append(id_)
        case "again" if model.thread:
            id_ = list(model.thread)[number % len(model.thread)]
            assert not await inbox.put(message(id_, thread="elsewhere"))
        case "lease":
            free = model.free()
            lease = await inbox.lease(wait=SOON if free else 0)
            assert (lease is not None) == bool(free)
            if lease:
                id_ = lease.message.id
                assert id_ in free
                model.attempts[id_] += 1
                assert (lease.message.thread, lease.attempt) == (model.thread[id_], model.attempts[id_])
                model.leases[id_] = lease
        case "retry" if model.dead:
            id_ = model.dead.pop(number % len(model.dead))
            assert await inbox.retry(id_)
            model.attempts[id_] = 0
            model.open[model.thread[id_]].append(id_)
        case "done" | "fail" | "release" | "bury" if model.leases:
            await hand_back(inbox, model, act, list(model.leases)[number % len(model.leases)])


async def hand_back(inbox: Inbox, model: Model, act: str, id_: str) -> None:
    lease = model.leases.pop(id_)
    match act:
        case "done":
            assert await inbox.done(lease)
            model.remove(id_)
        case "fail":
            assert await inbox.fail(lease, "failed", again_in=0)
        case "release":
            assert await inbox.release(lease)
            model.attempts[id_] -= 1
        case _:
            assert await inbox.bury(lease, "buried")
            model.remove(id_)
            model.dead.append(id_)
    assert await inbox.renew([lease]) == frozenset()


async def clear(inbox: Inbox, model: Model) -> None:
    """Ends all that is left, which must be what the model holds, in its order, and nothing else."""
    for lease in model.leases.values():
        assert await inbox.release(lease)
    order = await drained(inbox)
    for thread, ids in model.open.items():
        assert [id_ for id_ in order if model.thread[id_] == thread] == ids
    assert [letter.id for letter in await inbox.dead(limit=1_000)] == model.dead
    for id_ in model.dead:
        assert await inbox.retry(id_)
    assert sorted(await drained(inbox)) == sorted(model.dead)


@pytest.fixture
async def inboxes(place: Place) -> tuple[Inbox, Inbox]:
    return (await place.open()).inbox, (await place.open()).inbox


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(program=st.lists(st.tuples(steps, st.integers(0, 1)), max_size=40))
async def test_an_inbox_does_what_the_model_does(
    inboxes: tuple[Inbox, Inbox], program: Sequence[tuple[Step, int]]
) -> None:
    model = Model()
    try:
        for (act, number), replica in program:
            await step(inboxes[replica], model, act, number)
            depth = await inboxes[1 - replica].depth()
            assert (depth.waiting, depth.leased, depth.dead) == model.depth()
        await clear(inboxes[0], model)
    finally:
        # A program that fails must not disturb the shorter ones that are tried next.
        for lease in model.leases.values():
            await inboxes[0].release(lease)
        await inboxes[0].forget("ann")
