"""What every store does as a whole: it opens, says that it works, and lets go."""

import pytest

from bot.core.state import Store, StoreAwayError
from tests.stores.places import Place
from tests.stores.saying import drained, message, put_all


async def test_a_store_that_works_passes_its_check(store: Store) -> None:
    await store.check()
    await store.check()


async def test_what_was_put_is_there_for_the_next_that_opens(place: Place) -> None:
    first = await place.open()
    await put_all(first.inbox, message("1"))
    await first.close()
    assert await drained((await place.open()).inbox) == ["1"]


async def test_closing_again_is_nothing_and_a_closed_store_is_away(store: Store) -> None:
    await store.close()
    await store.close()
    with pytest.raises(StoreAwayError):
        await store.check()
    with pytest.raises(StoreAwayError):
        await store.inbox.put(message("1"))


async def test_each_call_that_fails_is_counted_once(store: Store) -> None:
    await store.check()
    assert store.failures == 0
    await store.close()
    for number in range(1, 4):
        with pytest.raises(StoreAwayError):
            await store.inbox.put(message("1"))
        assert store.failures == number
