"""When a message is given up: what failed, what was lost with its worker, and what only waits for its platform."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.core.messages import Incoming
from bot.core.replies import Event, Refused
from bot.core.state import Leased
from bot.core.worker import MAX_ATTEMPTS, MAX_FAILURES, MAX_PAUSE, MAX_WAITS, PlatformAwayError
from bot.stores.sqlite.inbox import SqliteInbox
from bot.stores.sqlite.store import SqliteStore
from tests.stores.places import POLL
from tests.stores.saying import leased, message, put_all, until
from tests.worker.working import Postbox, at_work, echo

AWAY = PlatformAwayError("chat.postMessage: rate limited")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "coach.sqlite3", lease_seconds=0.05, poll_seconds=POLL)
    await store.open()
    yield store
    await store.close()


def noted_pauses(inbox: SqliteInbox) -> list[float]:
    """Has the inbox put back at once what failed; gives the pauses that were asked for, as they come."""
    pauses: list[float] = []
    fail = inbox.fail

    async def fail_at_once(lease: Leased, reason: str, *, again_in: float, waits: bool = False) -> bool:
        pauses.append(again_in)
        return await fail(lease, reason, again_in=0, waits=waits)

    inbox.fail = fail_at_once  # type: ignore[method-assign]
    return pauses


class Failing(Postbox):
    """Fails as it is told, time after time; then, and when it is to tell of the failure, it delivers."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self._errors = list(errors)

    async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
        if self._errors:
            raise self._errors.pop(0)
        return await super().deliver(message, events)


async def dead(store: SqliteStore) -> list[tuple[str, int, str]]:
    return [(letter.id, letter.attempts, letter.reason) for letter in await store.inbox.dead(limit=10)]


async def delivered(store: SqliteStore, postbox: Postbox, *, first_pause: float = 1.0) -> Sequence[float]:
    """Works one message off; gives the pauses between its attempts."""
    pauses = noted_pauses(store.inbox)
    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, echo, postbox, first_pause=first_pause):
        await postbox.until(lambda: len(postbox.delivered) == 1)
    return pauses


async def test_while_its_platform_is_away_a_message_is_kept_past_five_failures(store: SqliteStore) -> None:
    postbox = Failing(*[AWAY] * 40)
    pauses = await delivered(store, postbox)
    assert postbox.delivered == [("a", "gutters?")]
    assert len(pauses) == 40
    assert list(pauses[:6]) == [1, 3, 9, 27, 81, 243]
    assert pauses == sorted(pauses)
    assert not await dead(store)


@pytest.mark.parametrize("first_pause", [1.0, 2.0, 1e6])
async def test_no_pause_is_longer_than_the_longest(store: SqliteStore, first_pause: float) -> None:
    pauses = await delivered(store, Failing(*[AWAY] * 12), first_pause=first_pause)
    assert len(pauses) == 12
    assert max(pauses) <= MAX_PAUSE


async def test_a_platform_that_is_away_for_a_day_ends_the_message(store: SqliteStore) -> None:
    postbox = Failing(*[AWAY] * MAX_WAITS)
    pauses = await delivered(store, postbox)
    assert postbox.delivered == [("a", "Failed")]
    assert len(pauses) == MAX_WAITS - 1
    assert 12 * 3600 < sum(pauses) < 36 * 3600
    ((id_, attempts, reason),) = await dead(store)
    assert (id_, attempts) == ("a", MAX_WAITS)
    assert reason == "chat.postMessage: rate limited"


async def test_an_ordinary_failure_still_ends_after_five(store: SqliteStore) -> None:
    postbox = Failing(*[ValueError("no")] * MAX_FAILURES)
    pauses = await delivered(store, postbox)
    assert postbox.delivered == [("a", "Failed")]
    assert list(pauses) == [1, 3, 9, 27]
    assert [(id_, attempts) for id_, attempts, _ in await dead(store)] == [("a", MAX_FAILURES)]


async def test_a_failure_after_the_platform_was_away_is_tried_again(store: SqliteStore) -> None:
    postbox = Failing(*[AWAY] * MAX_FAILURES, ValueError("once"))
    await delivered(store, postbox)
    assert postbox.delivered == [("a", "gutters?")]
    assert not await dead(store)


async def test_a_platform_that_goes_away_after_some_failures_keeps_the_message(store: SqliteStore) -> None:
    postbox = Failing(*[ValueError("no")] * (MAX_FAILURES - 1), *[AWAY] * 10)
    await delivered(store, postbox)
    assert postbox.delivered == [("a", "gutters?")]


async def test_what_the_coach_itself_finds_away_counts_alike(store: SqliteStore) -> None:
    tries = 0

    async def fetching(incoming: Incoming) -> AsyncGenerator[Event, None]:
        nonlocal tries
        tries += 1
        if tries <= MAX_FAILURES + 1:
            raise AWAY
        yield Refused(incoming.text)

    noted_pauses(store.inbox)
    postbox = Postbox()
    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, fetching, postbox):
        await postbox.until(lambda: postbox.delivered == [("a", "gutters?")])
    assert not await dead(store)


async def test_those_behind_a_message_that_waits_for_its_platform_wait_and_other_threads_go_on(
    store: SqliteStore,
) -> None:
    class Partly(Postbox):
        is_away = True

        async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
            if self.is_away and message.id == "a":
                raise AWAY
            return await super().deliver(message, events)

    postbox = Partly()
    await put_all(store.inbox, message("a"), message("b"), message("c", thread="other"))
    # Not put back at once: it keeps its turn, and would be the first again.
    async with at_work(store.inbox, echo, postbox, first_pause=0.0001):
        await postbox.until(lambda: postbox.delivered == [("c", "gutters?")])
        await postbox.until(lambda: len(postbox.over) > MAX_FAILURES + 2)
        assert postbox.delivered == [("c", "gutters?")]
        postbox.is_away = False
        await postbox.until(lambda: len(postbox.delivered) == 3)
    assert [id_ for id_, _ in postbox.delivered] == ["c", "a", "b"]


async def test_attempts_that_failed_are_not_counted_as_lost(store: SqliteStore) -> None:
    await put_all(store.inbox, message("a"))
    for _ in range(MAX_ATTEMPTS + 5):
        assert await store.inbox.fail(await leased(store.inbox), "PlatformAwayError", again_in=0)
    postbox = Postbox()
    async with at_work(store.inbox, echo, postbox):
        await postbox.until(lambda: postbox.over == ["a"])
    assert postbox.delivered == [("a", "gutters?")]


async def test_attempts_that_were_lost_are_counted_between_failures_too(store: SqliteStore) -> None:
    await put_all(store.inbox, message("a"))
    for _ in range(MAX_ATTEMPTS):
        await leased(store.inbox)  # and nothing more is heard of it
        assert await store.inbox.fail(await leased(store.inbox), "PlatformAwayError", again_in=0)
    read = False

    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        nonlocal read
        read = True
        yield Refused(incoming.text)

    postbox = Postbox()
    async with at_work(store.inbox, handle, postbox):
        await postbox.until(lambda: postbox.delivered == [("a", "Failed")])

        async def is_dead() -> bool:
            return bool(await dead(store))

        await until(is_dead)
    assert not read


async def test_one_lost_attempt_fewer_is_answered(store: SqliteStore) -> None:
    await put_all(store.inbox, message("a"))
    for _ in range(MAX_ATTEMPTS - 1):
        await leased(store.inbox)
    postbox = Postbox()
    async with at_work(store.inbox, echo, postbox):
        await postbox.until(lambda: postbox.over == ["a"])
    assert postbox.delivered == [("a", "gutters?")]
