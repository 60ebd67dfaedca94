"""The contract of every thread memory."""

import asyncio
from dataclasses import replace

from bot.core.messages import Turn
from bot.core.state import TURNS, Store
from tests.stores.places import Place
from tests.stores.saying import turn, until

MARKER = "zinc-flashing"


async def test_turns_come_back_as_they_were_kept_oldest_first(place: Place) -> None:
    store, other = await place.open(), await place.open()
    first = Turn(
        id="1", person="é", question="\ud800?", answer="A\x00", covered=False, prompt_version=3, reaction="down"
    )
    await store.threads.append("t", first)
    await store.threads.append("t", turn("2"))
    assert await other.threads.recent("t") == (first, turn("2"))
    assert await other.threads.recent("another") == ()


async def test_only_the_newest_turns_are_kept(store: Store) -> None:
    for number in range(TURNS + 3):
        await store.threads.append("t", turn(f"{number}"))
    assert [kept.id for kept in await store.threads.recent("t")] == [f"{number}" for number in range(3, TURNS + 3)]


async def test_a_turn_appended_again_is_left_as_it_is(store: Store) -> None:
    await store.threads.append("t", turn("1"))
    await store.threads.append("t", turn("2"))
    await store.threads.append("t", turn("1", question="changed?"))
    assert await store.threads.recent("t") == (turn("1"), turn("2"))


async def test_one_turn_appended_by_many_at_once_is_kept_once(place: Place) -> None:
    store, other = await place.open(), await place.open()
    await asyncio.gather(*(one.threads.append("t", turn("1")) for one in (store, other) * 10))
    assert await store.threads.recent("t") == (turn("1"),)


async def test_the_same_id_in_two_threads_is_two_turns(store: Store) -> None:
    await store.threads.append("a", turn("1"))
    await store.threads.append("b", turn("1", question="other?"))
    assert await store.threads.recent("a") == (turn("1"),)
    assert await store.threads.recent("b") == (turn("1", question="other?"),)


async def test_a_thread_in_which_nothing_is_said_expires_and_begins_anew(place: Place) -> None:
    store = await place.open(thread_seconds=0.3)
    await store.threads.append("t", turn("1"))

    async def has_expired() -> bool:
        return await store.threads.recent("t") == ()

    await until(has_expired)
    assert await store.threads.react("t", "1", person="ann", reaction="up") is None
    await store.threads.append("t", turn("2"))
    assert await store.threads.recent("t") == (turn("2"),)


async def test_a_reaction_is_noted_and_the_turn_before_it_given(store: Store) -> None:
    await store.threads.append("t", turn("1"))
    await store.threads.append("t", turn("2"))
    assert await store.threads.react("t", "1", person="ann", reaction="up") == turn("1")
    assert await store.threads.react("t", "1", person="ann", reaction="down") == replace(turn("1"), reaction="up")
    assert await store.threads.recent("t") == (replace(turn("1"), reaction="down"), turn("2"))


async def test_nobody_reacts_to_what_is_not_there_or_another_persons(store: Store) -> None:
    await store.threads.append("t", turn("1"))
    assert await store.threads.react("t", "2", person="ann", reaction="up") is None
    assert await store.threads.react("other", "1", person="ann", reaction="up") is None
    assert await store.threads.react("t", "1", person="bob", reaction="up") is None
    assert await store.threads.recent("t") == (turn("1"),)


async def test_a_forgotten_persons_turns_leave_nothing_and_the_others_stay(place: Place) -> None:
    store = await place.open()
    mine = {"person": "wilhelmina", "question": MARKER * 300}
    await store.threads.append("a", turn("1", **mine))
    await store.threads.append("a", turn("2", person="bob"))
    await store.threads.append("a", turn("3", **mine))
    await store.threads.append("b", turn("4", **mine))
    assert MARKER.encode() in await place.everything()
    assert await store.threads.forget("wilhelmina") == 3
    left = await place.everything()
    assert MARKER.encode() not in left
    assert b"wilhelmina" not in left
    assert await store.threads.recent("a") == (turn("2", person="bob"),)
    assert await store.threads.recent("b") == ()
    assert await store.threads.forget("wilhelmina") == 0
