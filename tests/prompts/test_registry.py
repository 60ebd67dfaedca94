"""What the registry's own methods hold to, whoever calls them and however."""

import asyncio

import pytest

from bot.core.admin_commands import ActivateVersion, RollBack
from bot.core.state import Store, StoreAwayError
from bot.prompts.entries import STREAM, Denied
from bot.prompts.history import MAX_TRIES
from bot.prompts.pinned import pin
from bot.prompts.refusal import Refusal
from tests.prompts.logs import LogThatGoesAway
from tests.prompts.replicas import Replica, prompt_file, replica, trail

ODD_PEOPLE = ["", "\ud83d", "two\nlines", "\x00", "auto", "start", "ann ", "ANN", "x" * 100_000]


@pytest.fixture
async def one(store: Store) -> Replica:
    """A replica with two versions, of which 1 is live."""
    one = replica(store.log, store.counters)
    for number in (1, 2):
        await one.registry.publish("ann", prompt_file(f"Rule {number}."), "new")
    await one.registry.move("ann", ActivateVersion(number=1, note="first"))
    return one


@pytest.mark.parametrize("person", ODD_PEOPLE, ids=range(len(ODD_PEOPLE)))
async def test_whoever_is_not_named_an_admin_is_denied_whatever_they_are_called(
    one: Replica, store: Store, person: str
) -> None:
    acts = [
        one.registry.publish(person, prompt_file("Mine."), "mine"),
        one.registry.move(person, RollBack(note="mine")),
        one.registry.foresee(person, ActivateVersion(number=2, note="mine")),
        one.registry.keep_evaluation(person, 1, engine="claude", basis="one", passed=[], failed=[]),
    ]
    for act in acts:
        with pytest.raises(Refusal) as caught:
            await act
        assert caught.value.denied
    tries = [entry for entry in await trail(store.log) if isinstance(entry, Denied)]
    assert len(tries) == len(acts)
    assert all(len(entry.stamp.by) <= 200 and "\n" not in entry.stamp.by for entry in tries)
    assert (await replica(store.log, store.counters).history.standing()).live == 1


async def test_a_try_is_denied_also_when_it_cannot_be_kept(one: Replica, store: Store) -> None:
    log = LogThatGoesAway(store.log)
    log.away = True
    with pytest.raises(Refusal) as caught:
        await replica(log, store.counters).registry.publish("eve", prompt_file("Mine."), "mine")
    assert caught.value.denied
    assert await store.log.length(STREAM) == (await one.history.standing()).length


async def test_tries_that_come_all_at_once_are_all_denied_and_kept(one: Replica, store: Store) -> None:
    tries = [one.registry.require_admin("eve", f"try {number}") for number in range(2 * MAX_TRIES)]
    refusals = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(refusal, Refusal) and refusal.denied for refusal in refusals)
    kept = [entry.tried for entry in await trail(store.log) if isinstance(entry, Denied)]
    assert sorted(kept) == sorted(f"try {number}" for number in range(2 * MAX_TRIES))


async def test_of_two_admins_at_once_one_wins_and_the_other_is_told_by_whom(one: Replica, store: Store) -> None:
    other = replica(store.log, store.counters)
    await one.registry.publish("ann", prompt_file("Rule 3."), "new")
    seen = (await one.history.standing()).length
    results = await asyncio.gather(
        one.registry.move("ann", ActivateVersion(number=2, note="mine"), seen=seen),
        other.registry.move("bob", ActivateVersion(number=3, note="mine"), seen=seen),
        return_exceptions=True,
    )
    (loser,) = [result for result in results if isinstance(result, Refusal)]
    standing = await one.history.standing()
    winner, number = ("ann", 2) if standing.live == 2 else ("bob", 3)
    assert str(loser) == (
        f"Not done: {winner} made version {number} live in place of version 1 meanwhile. "
        "Look at `prompts` and decide anew."
    )
    assert (standing.live, standing.length) == (number, seen + 1)


async def test_the_same_text_published_by_two_at_once_is_one_version(one: Replica, store: Store) -> None:
    other = replica(store.log, store.counters)
    results = await asyncio.gather(
        one.registry.publish("ann", prompt_file("Rule 3."), "mine"),
        other.registry.publish("bob", prompt_file("Rule 3."), "mine"),
        return_exceptions=True,
    )
    (loser,) = [result for result in results if isinstance(result, Refusal)]
    assert str(loser) == "Version 3 is this very text already: activate that one, or change the file."
    assert sorted((await one.history.standing()).versions) == [1, 2, 3]


async def test_an_evaluation_goes_on_while_another_admin_moves(one: Replica, store: Store) -> None:
    other = replica(store.log, store.counters)
    _, _, kept = await asyncio.gather(
        other.registry.move("bob", ActivateVersion(number=2, note="better")),
        other.registry.publish("bob", prompt_file("Rule 3."), "new"),
        one.registry.keep_evaluation("ann", 2, engine="claude", basis="one", passed=["a"], failed=[]),
    )
    standing = await one.history.standing()
    assert (kept.version, standing.live) == (2, 2)
    assert standing.versions[2].evaluation


async def test_an_act_whose_answer_was_lost_and_that_is_tried_again_is_done_once(one: Replica, store: Store) -> None:
    class LogThatLosesAnAnswer(LogThatGoesAway):
        loses = True

        async def append(self, stream: str, entry: str, *, expected: int) -> None:
            await super().append(stream, entry, expected=expected)
            if self.loses:
                self.loses = False
                raise StoreAwayError("the answer was lost")

    at = replica(LogThatLosesAnAnswer(store.log), store.counters)
    seen = (await one.history.standing()).length
    command = ActivateVersion(number=2, note="better")
    with pytest.raises(StoreAwayError):
        await at.registry.move("ann", command, seen=seen)
    with pytest.raises(Refusal, match=r"^Not done: ann made version 2 live in place of version 1 meanwhile\."):
        await at.registry.move("ann", command, seen=seen)
    assert await store.log.length(STREAM) == seen + 1


async def test_a_pinned_version_serves_everybody_whatever_becomes_live(one: Replica) -> None:
    second, live = await pin(one.history, 2), await pin(one.history, None)
    await one.registry.move("ann", ActivateVersion(number=2, note="better"))
    assert (second.number, live.number) == (2, 1)
    assert {(await live.serving(person)).prompt.version for person in ("ann", "eve")} == {1}


async def test_what_is_not_there_cannot_be_pinned(one: Replica, store: Store) -> None:
    with pytest.raises(Refusal, match=r"^There is no version 9; the newest is 2\.$"):
        await pin(one.history, 9)
    nothing = replica(LogThatGoesAway(store.log, prefix="nothing:"), store.counters)
    with pytest.raises(Refusal, match=r"^No version of the system prompt is live: put 0001\.md into the prompts"):
        await pin(nothing.history, None)
