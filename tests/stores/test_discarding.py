"""The contract of dead letters that nobody wants tried again: they are erased, and listed in pieces until then."""

from bot.core.state import Outcome, Store
from tests.stores.places import Place
from tests.stores.saying import drained, leased, message, put_all

MARKER = "zinc-flashing"


async def given_up(store: Store, *ids: str) -> None:
    """Puts messages of one person in and gives them up."""
    for id_ in ids:
        await put_all(store.inbox, message(id_, thread="under-the-eaves", person="wilhelmina", text=MARKER * 500))
        assert await store.inbox.bury(await leased(store.inbox), MARKER, MARKER)


async def test_a_discarded_letter_leaves_nothing_but_its_id(place: Place) -> None:
    store = await place.open()
    await given_up(store, "1")
    assert MARKER.encode() in await place.everything()
    assert await store.inbox.discard("1")
    left = await place.everything()
    assert not any(word in left for word in (MARKER.encode(), b"wilhelmina", b"under-the-eaves"))
    assert await store.inbox.dead(limit=10) == ()
    assert await store.inbox.outcome("1") == Outcome(ended=True)
    assert not await store.inbox.put(message("1"))


async def test_only_a_dead_letter_is_discarded_and_only_once(store: Store) -> None:
    await given_up(store, "dead", "other")
    await put_all(store.inbox, message("open", thread="a"), message("held", thread="b"), message("done", thread="c"))
    held = {lease.message.id: lease for lease in [await leased(store.inbox) for _ in range(3)]}
    await store.inbox.done(held["done"], "the reply")
    await store.inbox.release(held["open"])
    for id_ in ("open", "held", "done", "unknown"):
        assert not await store.inbox.discard(id_)
    assert await store.inbox.discard("dead")
    assert not await store.inbox.discard("dead")
    assert not await store.inbox.retry("dead")
    assert await store.inbox.done(held["held"])
    assert await drained(store.inbox) == ["open"]
    assert await store.inbox.outcome("done") == Outcome(ended=True, reply="the reply")
    assert [letter.id for letter in await store.inbox.dead(limit=10)] == ["other"]


async def test_what_was_discarded_is_not_counted_when_its_person_is_forgotten(store: Store) -> None:
    await given_up(store, "1", "2")
    assert await store.inbox.discard("1")
    assert await store.inbox.forget("wilhelmina") == 1


async def test_dead_letters_are_listed_in_pieces(store: Store) -> None:
    await given_up(store, *"12345")
    pieces = [[letter.id for letter in await store.inbox.dead(limit=2, skip=skip)] for skip in (0, 2, 4, 6)]
    assert pieces == [["1", "2"], ["3", "4"], ["5"], []]
