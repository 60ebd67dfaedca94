"""Which version serves whom, what is served when the store is away, and how a trial ends by itself."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from bot.core.admin_commands import ActivateVersion, RollBack
from bot.core.prompts import Serving, Tally, Usage
from bot.core.state import Store, StoreAwayError
from bot.prompts.entries import TrialEnded
from bot.prompts.serving import AWAY_SECONDS, LiveVersions, NoVersionError
from bot.prompts.trial import FIRST_LOOK, takes_part
from bot.prompts.usage import trial_group, version_group
from tests.prompts.logs import LogThatGoesAway
from tests.prompts.replicas import Clock, Replica, prompt_file, replica, trail

PEOPLE = [f"slack:T1/U{number}" for number in range(60)]
GOOD, BAD = Tally(latency_ms=40), Tally(latency_ms=40, guarded=True)


class CountersThatGoAway:
    """Counters of a store; while `away` they take nothing and give nothing."""

    away = False

    def __init__(self, store: Store) -> None:
        self._counters = store.counters

    async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:
        if self.away:
            raise StoreAwayError("unplugged")
        return await self._counters.add(group, amounts, lasts=lasts)

    async def read(self, groups: Sequence[str]) -> tuple[Mapping[str, int], ...]:
        if self.away:
            raise StoreAwayError("unplugged")
        return await self._counters.read(groups)


async def publish(at: Replica, count: int) -> None:
    for number in range(1, count + 1):
        await at.registry.publish("ann", prompt_file(f"Rule {number}."), "new")


async def activate(at: Replica, number: int, *, share: int | None = None) -> None:
    await at.registry.move("ann", ActivateVersion(number=number, note="better", share=share))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(store: Store) -> LogThatGoesAway:
    return LogThatGoesAway(store.log)


@pytest.fixture
async def one(store: Store, log: LogThatGoesAway, clock: Clock) -> Replica:
    """A replica where version 1 of two is live."""
    one = replica(log, store.counters, clock=clock)
    await publish(one, 2)
    await activate(one, 1)
    return one


async def test_everybody_is_served_the_live_version(one: Replica) -> None:
    served = {(await one.live.serving(person)).prompt.version for person in PEOPLE}
    assert served == {1}
    serving = await one.live.serving("ann")
    assert (serving.stale, serving.trial) == (False, None)
    assert (serving.prompt.text, serving.prompt.model) == ("## Answering\n\nRule 1.", "small-model")
    assert (serving.prompt.max_tokens, serving.prompt.effort) == (100, "low")


async def test_a_move_is_in_force_at_every_replica_at_its_next_message(one: Replica, store: Store) -> None:
    other = replica(store.log, store.counters)
    assert (await other.live.serving("eve")).prompt.version == 1
    await activate(one, 2)
    assert (await other.live.serving("eve")).prompt.version == 2
    await other.registry.move("bob", RollBack(note="worse"))
    assert (await one.live.serving("eve")).prompt.version == 1


async def test_a_trial_serves_the_same_people_at_every_replica_and_more_when_it_grows(
    one: Replica, store: Store
) -> None:
    other = replica(store.log, store.counters)
    await activate(one, 2, share=30)
    first = {person for person in PEOPLE if (await one.live.serving(person)).prompt.version == 2}
    assert first == {person for person in PEOPLE if takes_part(person, version=2, share=30)}
    assert first == {person for person in PEOPLE if (await other.live.serving(person)).prompt.version == 2}
    await activate(other, 2, share=60)
    assert first < {person for person in PEOPLE if (await one.live.serving(person)).prompt.version == 2}


async def test_a_reply_of_a_trial_carries_the_trials_name_whichever_version_serves(one: Replica) -> None:
    await activate(one, 2, share=50)
    standing = await one.history.standing()
    assert standing.trial
    assert {(await one.live.serving(person)).trial for person in PEOPLE} == {standing.trial.position}


async def test_without_a_live_version_nobody_is_served(store: Store) -> None:
    with pytest.raises(
        NoVersionError, match=r"^no version of the system prompt is live: put one into the prompts folder"
    ):
        await replica(store.log, store.counters).live.serving("eve")


async def test_when_the_store_is_away_the_last_known_version_is_served_and_marked(
    one: Replica, log: LogThatGoesAway
) -> None:
    await activate(one, 2, share=50)
    before = {person: await one.live.serving(person) for person in PEOPLE}
    log.away = True
    for person, served in before.items():
        assert await one.live.serving(person) == Serving(prompt=served.prompt, stale=True, trial=served.trial)


async def test_a_version_on_trial_whose_text_was_never_read_is_stood_in_for_by_the_live_one(
    one: Replica, log: LogThatGoesAway
) -> None:
    await activate(one, 2, share=50)
    on_trial = next(person for person in PEOPLE if takes_part(person, version=2, share=50))
    others = next(person for person in PEOPLE if not takes_part(person, version=2, share=50))
    await one.live.serving(others)
    log.away = True
    assert (await one.live.serving(on_trial)).prompt.version == 1


async def test_a_store_that_is_away_is_asked_again_only_after_a_while_and_heals(
    one: Replica, log: LogThatGoesAway, clock: Clock
) -> None:
    await one.live.serving("eve")
    log.away = True
    await one.live.serving("eve")
    calls = log.calls
    log.away = False
    clock.seconds += AWAY_SECONDS * 0.99
    assert (await one.live.serving("eve")).stale
    assert log.calls == calls
    clock.seconds += AWAY_SECONDS * 0.02
    assert not (await one.live.serving("eve")).stale


async def test_of_many_messages_at_once_one_finds_out_that_the_store_is_away(
    one: Replica, log: LogThatGoesAway
) -> None:
    await one.live.serving("eve")
    log.away = True
    calls = log.calls
    served = await asyncio.gather(*(one.live.serving(person) for person in PEOPLE))
    assert log.calls == calls + 1
    assert all(serving.stale for serving in served)


async def test_what_was_moved_while_the_store_was_away_for_one_replica_is_in_force_once_it_is_back(
    one: Replica, store: Store, log: LogThatGoesAway, clock: Clock
) -> None:
    await one.live.serving("eve")
    log.away = True
    await activate(replica(store.log, store.counters), 2)
    assert (await one.live.serving("eve")).prompt.version == 1
    log.away = False
    clock.seconds += AWAY_SECONDS
    serving = await one.live.serving("eve")
    assert (serving.prompt.version, serving.stale) == (2, False)


async def test_a_replica_that_has_never_read_what_to_serve_says_so_when_the_store_is_away(
    one: Replica, store: Store, log: LogThatGoesAway
) -> None:
    await one.history.standing()
    log.away = True
    with pytest.raises(StoreAwayError, match=r"^the store is away, and no version of the system prompt is known"):
        await replica(log, store.counters).live.serving("eve")
    with pytest.raises(StoreAwayError, match=r"^the store is away, and the live version's text was not read before$"):
        await one.live.serving("eve")


async def test_replies_and_ratings_add_to_the_figures_of_the_version_that_served(one: Replica, store: Store) -> None:
    served = await one.live.serving("eve")
    await one.live.replied(served, Tally(latency_ms=90, model="m", usage=Usage(output_tokens=7), fell_back=True))
    await one.live.reacted(1, None, up=1, down=0, first=True)
    await one.live.reacted(1, None, up=-1, down=1, first=False)
    (sums,) = await store.counters.read([version_group(1)])
    assert dict(sums) == {
        "replies": 1,
        "latency:100": 1,
        "fell_back": 1,
        "tokens:output_tokens:m": 7,
        "up": 0,
        "down": 1,
    }


async def test_counters_that_are_away_cost_nobody_a_reply(one: Replica, store: Store) -> None:
    counters = CountersThatGoAway(store)
    live = LiveVersions(one.history, one.registry, counters)
    await activate(one, 2, share=50)
    served = await live.serving("eve")
    counters.away = True
    await live.replied(served, GOOD)
    await live.reacted(served.prompt.version, served.trial, up=0, down=1, first=True)
    counters.away = False
    await live.replied(served, GOOD)
    (sums,) = await store.counters.read([version_group(served.prompt.version)])
    assert sums["replies"] == 1


async def test_a_look_that_the_store_does_not_let_be_taken_costs_nobody_a_reply(
    one: Replica, log: LogThatGoesAway
) -> None:
    candidate, live = await _on_trial(one)
    await _replied(one, live, GOOD, times=10 * FIRST_LOOK)
    await _replied(one, candidate, BAD, times=FIRST_LOOK - 1)
    log.away = True
    await one.live.replied(candidate, BAD)
    log.away = False
    assert (await one.history.standing()).trial, "the next look is at twice as many replies"
    await _replied(one, candidate, BAD, times=FIRST_LOOK)
    assert not (await one.history.standing()).trial


async def test_a_trial_that_goes_badly_is_ended_once_although_two_replicas_count_at_once(
    one: Replica, store: Store
) -> None:
    other = replica(store.log, store.counters)
    candidate, live = await _on_trial(one)
    await other.live.serving("eve")
    await _replied(one, live, GOOD, times=10 * FIRST_LOOK)
    await asyncio.gather(
        *(at.live.replied(candidate, BAD) for at in (one, other) for _ in range(FIRST_LOOK)),
        *(at.live.reacted(2, candidate.trial, up=0, down=1, first=True) for at in (one, other) for _ in range(40)),
    )
    ends = [entry for entry in await trail(store.log) if isinstance(entry, TrialEnded)]
    assert [(entry.stamp.by, entry.version, entry.live) for entry in ends] == [("auto", 2, 1)]
    assert ends[0].stamp.note.startswith("clearly worse: ")
    assert "(one-sided Fisher exact test, p = " in ends[0].stamp.note
    assert {(await at.live.serving(person)).prompt.version for at in (one, other) for person in PEOPLE} == {1}


async def test_a_trial_that_is_rated_down_is_ended_by_its_ratings(one: Replica, store: Store) -> None:
    candidate, live = await _on_trial(one)
    for _ in range(3 * FIRST_LOOK):
        await one.live.reacted(1, live.trial, up=1, down=0, first=True)
    for _ in range(FIRST_LOOK):
        assert (await one.history.standing()).trial
        await one.live.reacted(2, candidate.trial, up=0, down=1, first=True)
    (end,) = [entry for entry in await trail(store.log) if isinstance(entry, TrialEnded)]
    assert end.stamp.note.startswith("clearly worse: 30 of its 30 rated replies were rated down, against 0 of 90 of")


async def test_a_change_of_mind_is_no_further_rating(one: Replica, store: Store) -> None:
    candidate, _ = await _on_trial(one)
    assert candidate.trial
    await one.live.reacted(2, candidate.trial, up=0, down=1, first=True)
    await one.live.reacted(2, candidate.trial, up=1, down=-1, first=False)
    (sums,) = await store.counters.read([trial_group(candidate.trial, 2)])
    assert dict(sums) == {"rated": 1, "down": 0}


async def test_a_trial_that_goes_well_goes_on(one: Replica) -> None:
    candidate, live = await _on_trial(one)
    await _replied(one, live, GOOD, times=100)
    await _replied(one, live, BAD, times=5)
    await _replied(one, candidate, BAD, times=3)
    await _replied(one, candidate, GOOD, times=2 * FIRST_LOOK)
    assert (await one.history.standing()).trial


async def test_replies_of_a_trial_that_is_over_do_not_end_the_next_one(one: Replica) -> None:
    candidate, live = await _on_trial(one)
    await _replied(one, live, GOOD, times=100)
    await one.registry.move("ann", RollBack(note="later"))
    await activate(one, 2, share=50)
    await _replied(one, candidate, BAD, times=2 * FIRST_LOOK)
    standing = await one.history.standing()
    assert standing.trial
    assert standing.trial.position != candidate.trial


async def _on_trial(at: Replica) -> tuple[Serving, Serving]:
    """Tries version 2; gives how it serves one person and how version 1 serves another."""
    await activate(at, 2, share=50)
    servings = [await at.live.serving(person) for person in PEOPLE]
    return (
        next(serving for serving in servings if serving.prompt.version == 2),
        next(serving for serving in servings if serving.prompt.version == 1),
    )


async def _replied(at: Replica, served: Serving, tally: Tally, *, times: int) -> None:
    for _ in range(times):
        await at.live.replied(served, tally)
