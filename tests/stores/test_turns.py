"""Whose turn it is: who asks a lot at once holds up nobody else, and everybody sees how many stand before them."""

import itertools
import time
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.messages import Incoming
from bot.core.state import Inbox, Leased, Store
from tests.stores.places import Place
from tests.stores.saying import drained, leased, message, put_all, until

PEOPLE = ("ann", "bob", "cleo")
THREADS = 3
numbers = itertools.count()
"""Ids differ from one program to the next, as all run on the same state."""

Step = tuple[str, int]
STEPS = st.tuples(
    st.sampled_from(["put", "put", "put", "lease", "lease", "done", "fail", "release"]),
    st.integers(0, len(PEOPLE) * THREADS - 1),
)


def many(person: str, ids: Iterable[object]) -> list[Incoming]:
    """Messages of one person, each in a thread of its own."""
    return [message(f"{person}-{id_}", thread=f"{person}-{id_}", person=person) for id_ in ids]


async def places(inbox: Inbox, *ids: str) -> list[int | None]:
    return [await inbox.place(id_) for id_ in ids]


async def test_one_person_with_many_threads_does_not_hold_up_another(store: Store) -> None:
    await put_all(store.inbox, *many("ann", range(50)), *many("bob", "x"), *many("cleo", "y"))
    assert (await drained(store.inbox))[:4] == ["ann-0", "bob-x", "cleo-y", "ann-1"]


async def test_two_who_ask_a_lot_take_turns(store: Store) -> None:
    await put_all(store.inbox, *many("ann", range(10)), *many("bob", range(10)))
    assert await drained(store.inbox) == [f"{person}-{n}" for n in range(10) for person in ("ann", "bob")]


async def test_what_is_behind_in_a_thread_has_a_turn_of_its_own(store: Store) -> None:
    await put_all(store.inbox, message("1"), message("2"), message("3"), *many("bob", range(2)))
    assert await drained(store.inbox) == ["1", "bob-0", "2", "bob-1", "3"]


async def test_a_thread_of_several_people_goes_on_in_order_whoever_is_behind(store: Store) -> None:
    await put_all(store.inbox, *many("ann", range(3)), message("1", thread="both"))
    await put_all(store.inbox, message("2", thread="both", person="bob"))
    assert await drained(store.inbox) == ["ann-0", "ann-1", "ann-2", "1", "2"]


@pytest.mark.parametrize("way", ["fail", "release", "later"])
async def test_a_message_that_was_handed_back_keeps_its_turn(store: Store, way: str) -> None:
    await put_all(store.inbox, *many("ann", range(3)))
    lease = await leased(store.inbox)
    await put_all(store.inbox, *many("bob", range(2)))
    match way:
        case "fail":
            await store.inbox.fail(lease, "away", again_in=0)
        case "release":
            await store.inbox.release(lease)
        case _:
            await store.inbox.fail(lease, "away", again_in=0.05)
            await until(lambda: is_due(store.inbox))
    assert await drained(store.inbox) == ["ann-0", "bob-0", "ann-1", "bob-1", "ann-2"]


async def is_due(inbox: Inbox) -> bool:
    """Whether the message "ann-0" is the first that is given; whatever is given goes back."""
    lease = await inbox.lease(wait=0)
    assert lease
    assert await inbox.release(lease)
    return lease.message.id == "ann-0"


@pytest.mark.parametrize("way", ["done", "bury", "forget"])
async def test_what_has_ended_is_held_against_nobody(store: Store, way: str) -> None:
    await put_all(store.inbox, *many("ann", range(3)))
    if way == "forget":
        await store.inbox.forget("ann")
    else:
        for _ in range(3):
            lease = await leased(store.inbox)
            assert await (store.inbox.done(lease) if way == "done" else store.inbox.bury(lease, "no"))
    await put_all(store.inbox, *many("ann", "x"), *many("bob", "x"))
    assert await drained(store.inbox) == ["ann-x", "bob-x"]


async def test_a_dead_letter_tried_again_lines_up_as_if_new(store: Store) -> None:
    await put_all(store.inbox, *many("ann", range(3)))
    await store.inbox.bury(await leased(store.inbox), "no")
    await put_all(store.inbox, *many("bob", range(4)))
    assert await store.inbox.retry("ann-0")
    order = await drained(store.inbox)
    assert [id_ for id_ in order if id_.startswith("ann")] == ["ann-1", "ann-2", "ann-0"]
    assert order.index("ann-0") > order.index("bob-2")


async def test_a_place_is_how_many_are_to_be_taken_before_and_one(store: Store) -> None:
    await put_all(store.inbox, *many("ann", range(3)), *many("bob", range(2)))
    assert await places(store.inbox, "ann-0", "bob-0", "ann-1", "bob-1", "ann-2") == [1, 2, 3, 4, 5]
    for expected in ("ann-0", "bob-0", "ann-1", "bob-1", "ann-2"):
        assert await store.inbox.place(expected) == 1
        lease = await leased(store.inbox)
        assert lease.message.id == expected
        assert await store.inbox.place(expected) is None
        await store.inbox.done(lease)
        assert await store.inbox.place(expected) is None


async def test_only_what_waits_has_a_place(store: Store) -> None:
    assert await store.inbox.place("unknown") is None
    await put_all(store.inbox, *many("ann", range(2)), *many("bob", range(2)))
    first = await leased(store.inbox)
    assert await places(store.inbox, "ann-0", "bob-0", "ann-1", "bob-1") == [None, 1, 2, 3]
    await store.inbox.fail(first, "away", again_in=60)
    assert await places(store.inbox, "ann-0", "bob-0") == [1, 2], "it waits to be tried again"
    await store.inbox.bury(await leased(store.inbox), "no")
    assert await places(store.inbox, "ann-0", "bob-0", "ann-1") == [1, None, 2]
    assert await store.inbox.retry("bob-0")
    assert await places(store.inbox, "ann-0", "ann-1", "bob-1", "bob-0") == [1, 2, 3, 4]
    await store.inbox.release(await leased(store.inbox))
    assert await places(store.inbox, "ann-0", "ann-1", "bob-1", "bob-0") == [1, 2, 3, 4]
    await store.inbox.forget("ann")
    assert await places(store.inbox, "ann-0", "ann-1", "bob-1", "bob-0") == [None, None, 1, 2]


async def test_a_lease_says_how_long_its_message_has_waited_since_it_was_put(place: Place) -> None:
    store = await place.open()
    await put_all(store.inbox, message("1"))
    first = await leased(store.inbox)
    assert 0 <= first.waited < 60
    await store.inbox.fail(first, "away", again_in=0.2)
    second = await leased(store.inbox)
    assert second.waited >= first.waited + 0.2
    await store.inbox.release(second)
    third = await leased(store.inbox)
    assert third.waited >= second.waited
    await store.inbox.bury(third, "no")
    started = time.perf_counter()
    await store.inbox.retry("1")
    anew = await leased(store.inbox)
    assert anew.waited <= time.perf_counter() - started + 0.05, "as if it had just come"


class Line:
    """What came in and went out, and whom each person's first message has seen go before it."""

    def __init__(self) -> None:
        self.open: dict[str, str] = {}
        """Whose each is, in the order they were put."""
        self.thread: dict[str, str] = {}
        self.leases: dict[str, Leased] = {}
        self.ended: list[str] = []
        self.firsts: dict[str, tuple[frozenset[str], set[str]]] = {}
        """Of each person's first message that waits: what was under way, and what went before it otherwise."""

    def put(self, id_: str, person: str, thread: str) -> None:
        if person not in self.open.values():
            self.firsts[id_] = frozenset(self.leases), set()
        self.open[id_], self.thread[id_] = person, thread

    def leased(self, lease: Leased) -> None:
        id_ = lease.message.id
        self.leases[id_] = lease
        self.firsts.pop(id_, None)
        for under_way, before in self.firsts.values():
            before.update({id_} - under_way)
            assert max(Counter(self.person(each) for each in before).values(), default=0) <= 1, (before, self.open)

    def person(self, id_: str) -> str:
        return id_.partition("-")[0]

    def end(self, id_: str) -> None:
        del self.open[id_]
        self.ended.append(id_)


async def step(inbox: Inbox, line: Line, act: str, number: int) -> None:
    match act:
        case "put":
            person = PEOPLE[number % len(PEOPLE)]
            id_, thread = f"{person}-{next(numbers)}", f"{person} in {number}"
            assert await inbox.put(message(id_, thread=thread, person=person))
            line.put(id_, person, thread)
        case "lease":
            if lease := await inbox.lease(wait=0):
                line.leased(lease)
        case _ if line.leases:
            id_ = list(line.leases)[number % len(line.leases)]
            lease = line.leases.pop(id_)
            match act:
                case "done":
                    assert await inbox.done(lease)
                    line.end(id_)
                case "fail":
                    assert await inbox.fail(lease, "away", again_in=0)
                case _:
                    assert await inbox.release(lease)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(program=st.lists(STEPS, max_size=60))
async def test_nobodys_first_stands_behind_two_of_another_and_nothing_is_lost(
    store: Store, program: Sequence[Step]
) -> None:
    line = Line()
    put: list[str] = []
    try:
        for act, number in program:
            await step(store.inbox, line, act, number)
        put = [*line.thread]
        while line.open:
            await step(store.inbox, line, "lease", 0)
            await step(store.inbox, line, "done", 0)
        assert sorted(line.ended) == sorted(put)
        for thread in set(line.thread.values()):
            assert [id_ for id_ in line.ended if line.thread[id_] == thread] == [
                id_ for id_ in put if line.thread[id_] == thread
            ]
    finally:
        # A program that fails must not disturb the shorter ones that are tried next.
        for lease in line.leases.values():
            await store.inbox.release(lease)
        for person in PEOPLE:
            await store.inbox.forget(person)
