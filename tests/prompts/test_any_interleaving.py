"""Whatever several actors do at several replicas at once, the trail folds to what every replica goes by.

Hypothesis draws the acts, the replicas they happen at, and in which order their calls reach the store. The usual run
draws the same ones every time. For a longer one that draws others, set how many programs to run on each store:

    PROMPT_PROGRAMS=5000 .venv/bin/pytest tests/prompts/test_any_interleaving.py
"""

import asyncio
import itertools
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.core.admin_commands import ActivateVersion, MoveCommand, RollBack
from bot.core.prompts import Moved, Proposed
from bot.core.replies import Refused
from bot.core.state import Store
from bot.prompts.entries import STREAM, read_entry
from bot.prompts.standing import Standing, fold
from bot.prompts.trial import takes_part
from bot.stores.redis.store import RedisStore
from bot.stores.sqlite.store import SqliteStore
from tests.prompts.acting import Came, do
from tests.prompts.logs import LogInTurns, LogWithoutSnapshot
from tests.prompts.replicas import Replica, prompt_file, replica
from tests.prompts.trail_model import (
    CASES,
    Act,
    EndTrial,
    Evaluate,
    Publish,
    Start,
    State,
    Written,
    after,
    check_standing,
    check_start,
    digest_of,
    expected,
)
from tests.stores.redis_server import Server

PROGRAMS = int(os.environ.get("PROMPT_PROGRAMS", "0"))
USUAL_PROGRAMS = 190
STEPS = 30
LEAST_INTERLEAVED = 5_000
"""Acts, on each store, that had another's call to the store between two of their own; on both it is twice as many."""
SNAPSHOT_EVERY = 4

TEXTS = [Publish(prompt_file(f"Rule {number}.")) for number in range(4)]
BAD_TEXTS = [Publish("no front matter", good=False), Publish(prompt_file("Rule 0.", model="[a]"), good=False)]
FILES = {f"000{number}.md": prompt_file(f"File {number}.") for number in (1, 2, 4)}
FOLDERS = [
    Start({}),
    Start({"0001.md": FILES["0001.md"]}),
    Start({"0002.md": FILES["0002.md"]}),
    Start({name: FILES[name] for name in ("0001.md", "0002.md")}),
    Start(FILES),
    Start(FILES | {"0002.md": prompt_file("File 2, changed.")}),
    Start({"0003.md": TEXTS[0].text}),
]

places = st.integers(0, 9)
"""Which of the versions, replicas, proposals or trials there are, counted round and round."""
MISSING = 9
"""The place of a version that there is none of."""
people = st.sampled_from(["ann", "ann", "ann", "bob", "bob", "bob", "eve"])
moves = st.one_of(
    st.builds(
        ActivateVersion,
        number=places,
        note=st.just(""),
        share=st.sampled_from([None, None, None, 10, 20, 50, 99, 0]),
        force=st.sampled_from([False, False, False, True]),
    ),
    st.builds(RollBack, note=st.just(""), to=st.one_of(st.none(), places)),
)


evaluations = st.builds(
    Evaluate,
    number=places,
    engine=st.just("claude"),
    basis=st.sampled_from(["lessons", "lessons", "lessons", "older lessons"]),
    failed=st.frozensets(st.sampled_from(CASES)),
)


@dataclass(frozen=True)
class Confirm:
    """The person confirms one of the last proposals."""

    place: int


@dataclass(frozen=True)
class EndOne:
    """`auto` ends one of the last two trials."""

    place: int


drawn = st.one_of(
    st.builds(Act, person=people, what=moves),
    st.builds(Act, person=people, what=moves),
    st.builds(Confirm, place=places),
    st.builds(Confirm, place=places),
    st.builds(Act, person=people, what=st.sampled_from(TEXTS + BAD_TEXTS)),
    st.builds(Act, person=people, what=evaluations),
    st.builds(Act, person=people, what=evaluations),
    st.builds(Act, person=st.just("start"), what=st.sampled_from(FOLDERS)),
    st.builds(EndOne, place=places),
)


@dataclass
class Bench:
    """A store in an event loop of its own, and how many acts ran interleaved on it."""

    store: Store
    runner: asyncio.Runner
    streams: Iterator[int] = field(default_factory=itertools.count)
    interleaved: int = 0


class Versions(RuleBasedStateMachine):
    """One program of acts, on a trail of its own. `bench` is where it runs."""

    bench: Bench

    def __init__(self) -> None:
        super().__init__()
        self.log = LogInTurns(self.bench.store.log, prefix=f"{next(self.bench.streams)}:")
        self.replicas: list[Replica] = []
        self.proposals: list[Act] = []
        self.lines: tuple[str, ...] = ()
        self.states = [State()]
        self.reasons = (f"reason {number}" for number in itertools.count(1))

    @initialize(folder=st.sampled_from(FOLDERS))
    def two_replicas_start(self, folder: Start) -> None:
        self.replicas = [self._replica(), self._replica()]
        self._run([(Act("start", folder), 0), (Act("start", folder), 1)])

    @rule(from_snapshot=st.booleans())
    def another_replica_starts(self, from_snapshot: bool) -> None:
        self.replicas = [*self.replicas[-2:], self._replica(from_snapshot=from_snapshot)]

    @rule(person=people, command=moves, place=places)
    def somebody_asks_what_a_move_would_do(self, person: str, command: MoveCommand, place: int) -> None:
        command = replace(self._about_a_version(command), note=next(self.reasons))
        state, act = self.states[-1], Act(person, command)
        reply = self.bench.runner.run(self._at(place).desk.handle(command, person=person))
        kind = expected(state, act)
        match reply:
            case Proposed():
                assert (reply.act, reply.position) == (kind, state.length)
                assert reply.replaces is None or reply.replaces.number == state.live
                self.proposals = [*self.proposals[-3:], replace(act, seen=reply.position)]
            case Moved():
                assert kind == "unchanged"
            case Refused():
                assert kind == ("denied" if reply.denied else "refused")
        self._read(denials=int(kind == "denied"))

    @rule(act=drawn, place=places)
    def one_acts(self, act: Act | Confirm | EndOne, place: int) -> None:
        self._run([(each, place) for each in self._named(act)])

    @rule(acts=st.lists(st.tuples(drawn, places), min_size=3, max_size=7), order=st.integers(0, 2**32))
    def several_act_at_once(self, acts: Sequence[tuple[Act | Confirm | EndOne, int]], order: int) -> None:
        self._run([(each, place) for act, place in acts for each in self._named(act)], order)

    @rule(acts=st.lists(st.tuples(people, moves, places), min_size=2, max_size=6), order=st.integers(0, 2**32))
    def several_move_at_once(self, acts: Sequence[tuple[str, MoveCommand, int]], order: int) -> None:
        self._run([(Act(person, self._about_a_version(what)), place) for person, what, place in acts], order)

    @invariant()
    def every_replica_goes_by_the_trail(self) -> None:
        if self.replicas:
            self.bench.runner.run(self._compare())

    def teardown(self) -> None:
        if self.replicas:
            self.bench.runner.run(self._compare_texts())

    def _replica(self, *, from_snapshot: bool = True) -> Replica:
        log = self.log if from_snapshot else LogWithoutSnapshot(self.log)
        return replica(log, self.bench.store.counters, snapshot_every=SNAPSHOT_EVERY)

    def _at(self, place: int) -> Replica:
        return self.replicas[place % len(self.replicas)]

    def _named(self, act: Act | Confirm | EndOne) -> Iterator[Act]:
        """The act, with the version, the proposal or the trial that it is about; none where there is none."""
        trials = list(dict.fromkeys(state.trial.position for state in self.states if state.trial))[-2:]
        match act:
            case Confirm() if self.proposals:
                yield self.proposals[act.place % len(self.proposals)]
            case EndOne() if trials:
                yield Act("auto", EndTrial(trials[act.place % len(trials)]))
            case Act(what=ActivateVersion() | RollBack() as command):
                yield replace(act, what=self._about_a_version(command))
            case Act(what=Evaluate() as evaluation):
                yield replace(act, what=replace(evaluation, number=self._number(evaluation.number)))
            case Act():
                yield act

    def _about_a_version(self, command: MoveCommand) -> MoveCommand:
        """What is drawn names a place; this names the version there."""
        match command:
            case ActivateVersion():
                return replace(command, number=self._number(command.number))
            case RollBack():
                return replace(command, to=None if command.to is None else self._number(command.to))

    def _number(self, place: int) -> int:
        known = sorted(self.states[-1].versions)
        return known[place % len(known)] if known and place != MISSING else 99

    def _run(self, acts: Sequence[tuple[Act, int]], order: int = 0) -> None:
        """Runs acts at once and checks what came of each against how things stood while they ran."""
        begin = len(self.lines)
        reasons = [next(self.reasons) for _ in acts]
        doing = [do(act, self._at(place), reason) for (act, place), reason in zip(acts, reasons, strict=True)]
        outcomes, interleaved = self.bench.runner.run(self.log.together(doing, Random(order)))  # noqa: S311 - drawn again alike
        self.bench.interleaved += interleaved
        self._read(denials=sum(outcome.denied for outcome in outcomes))
        for (act, _), reason, outcome in zip(acts, reasons, outcomes, strict=True):
            self._check(act, reason, outcome, begin)
        self._check_that_somebody_did(self.lines[begin:], [act for act, _ in acts], reasons)

    def _check(self, act: Act, reason: str, came: Came, begin: int) -> None:
        window = self.states[begin:]
        if isinstance(act.what, Start):
            check_start(window, act.what, refused=came.refused)
            return
        positions = [
            position
            for position, entry in enumerate(map(json.loads, self.lines[begin:]), begin + 1)
            if entry["stamp"]["note"] == reason
        ]
        if positions:
            (position,) = positions
            entry = json.loads(self.lines[position - 1])
            assert came == Came(position=position) or came == Came()
            assert (entry["kind"], entry["stamp"]["by"]) == (expected(self.states[position - 1], act), act.person)
            return
        assert came.position is None
        if came.said.startswith("Not done: "):
            since = begin if act.seen is None else act.seen
            firsts = {state.moved[1] for state in window if state.moved[0] > since}
            assert came.said.split()[2] in firsts, "who was first is named"
            return
        assert came.denied or act.seen is None or window[0].moved[0] <= act.seen, "what is outdated is refused as that"
        kind = "denied" if came.denied else "refused" if came.refused else "unchanged"
        could_be = {expected(state, act) for state in window}
        assert (kind in could_be) or (isinstance(act.what, Evaluate) and "evaluated" in could_be and not came.refused)

    def _check_that_somebody_did(self, lines: Sequence[str], acts: Sequence[Act], reasons: Sequence[str]) -> None:
        """Checks that every new entry is one of `acts`."""
        for entry in map(json.loads, lines):
            by, kind, note = entry["stamp"]["by"], entry["kind"], entry["stamp"]["note"]
            assert any(
                act.person == by
                and (kind == "denied" or note == reason or isinstance(act.what, Start) or _is_of(act, entry))
                for act, reason in zip(acts, reasons, strict=True)
            ), f"nobody did {entry}"

    def _read(self, *, denials: int) -> None:
        """Reads what was appended, which must be what could be appended by right."""
        lines = self.bench.runner.run(self.log.read(STREAM, limit=10_000))
        assert lines[: len(self.lines)] == self.lines, "what is in the trail stays as it is"
        new: list[Written] = [json.loads(line) for line in lines[len(self.lines) :]]
        for entry in new:
            self.states.append(after(self.states[-1], entry))
        assert sum(entry["kind"] == "denied" for entry in new) == denials
        self.lines = lines
        ids = [json.loads(line)["stamp"]["id"] for line in lines]
        assert len(set(ids)) == len(ids)

    async def _compare(self) -> None:
        state = self.states[-1]
        folded = fold(Standing(), map(read_entry, self.lines))
        check_standing(folded, state)
        for each in self.replicas:
            assert await each.history.standing() == folded
        if state.live is not None:
            person = f"person {state.length}"
            served = await self.replicas[-1].live.serving(person)
            on_trial = state.trial and takes_part(person, version=state.trial.version, share=state.trial.share)
            number = state.trial.version if state.trial and on_trial else state.live
            assert (served.prompt.version, served.stale) == (number, False)
            assert state.versions[number].text.endswith(f"{served.prompt.text}\n")

    async def _compare_texts(self) -> None:
        for each in self.replicas:
            for version in (await each.history.standing()).versions.values():
                source = (await each.history.publication(version)).source
                assert source == self.states[-1].versions[version.number].text
                assert digest_of(source) == version.digest


def _is_of(act: Act, entry: Written) -> bool:
    """Whether an entry without a note is the evaluation that `act` keeps."""
    return isinstance(act.what, Evaluate) and entry["kind"] == "evaluated" and entry["version"] == act.what.number


@contextmanager
def bench(make: Callable[[], Store]) -> Iterator[Bench]:
    with asyncio.Runner() as runner:
        store = make()
        runner.run(store.open())
        try:
            yield Bench(store, runner)
        finally:
            runner.run(store.close())


def run_programs(place: Bench) -> None:
    class VersionsThere(Versions):
        bench = place

    run_state_machine_as_test(
        VersionsThere,
        settings=settings(
            max_examples=PROGRAMS or USUAL_PROGRAMS,
            stateful_step_count=STEPS,
            derandomize=not PROGRAMS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_on_sqlite_whatever_is_done_at_once_the_trail_is_what_every_replica_goes_by(
    record_property: Callable[[str, object], None],
) -> None:
    # In memory where there is such a folder: a disk's fsync would take most of the time.
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        bench(lambda: SqliteStore(Path(folder) / "coach.sqlite3")) as place,
    ):
        run_programs(place)
    record_property("acts that ran interleaved", place.interleaved)
    assert place.interleaved >= LEAST_INTERLEAVED


def test_on_redis_whatever_is_done_at_once_the_trail_is_what_every_replica_goes_by(
    prompts_server: Server, record_property: Callable[[str, object], None]
) -> None:
    with bench(lambda: RedisStore(prompts_server.url, prefix="interleaving")) as place:
        run_programs(place)
    record_property("acts that ran interleaved", place.interleaved)
    assert place.interleaved >= LEAST_INTERLEAVED
