"""What admins are told before and after they move a version, and what everybody else is told."""

import pytest

from bot.core.admin_commands import (
    ActivateVersion,
    AdminCommand,
    DiffVersions,
    ListVersions,
    PublishVersion,
    RollBack,
    ShowTrail,
    ShowVersion,
)
from bot.core.prompts import Act, Moved, Proposed, Tally, Trail, Usage, VersionDiff, VersionList, VersionText
from bot.core.replies import Refused
from bot.core.state import Store
from bot.prompts.desk import PAGE
from bot.prompts.entries import STREAM, Denied
from bot.prompts.prices import Price
from tests.prompts.replicas import Clock, Replica, prompt_file, replica, trail

PRICES = {"small-model": Price(input=1, output=5)}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def one(store: Store, clock: Clock) -> Replica:
    """A replica with three versions, of which 2 is live and 1 was before."""
    one = replica(store.log, store.counters, clock=clock, prices=PRICES)
    for number in (1, 2, 3):
        await one.registry.publish("ann", prompt_file(f"Rule {number}."), f"text {number}")
    await one.registry.move("ann", ActivateVersion(number=1, note="first"))
    await one.registry.move("bob", ActivateVersion(number=2, note="shorter"))
    return one


async def proposed(at: Replica, command: ActivateVersion | RollBack, *, person: str = "ann") -> Proposed:
    reply = await at.desk.handle(command, person=person)
    assert isinstance(reply, Proposed)
    return reply


async def moved(at: Replica, command: AdminCommand, *, person: str = "ann", confirmed: int | None = None) -> Moved:
    reply = await at.desk.handle(command, person=person, confirmed=confirmed)
    assert isinstance(reply, Moved)
    return reply


async def refused(at: Replica, command: AdminCommand, *, person: str = "ann", confirmed: int | None = None) -> str:
    reply = await at.desk.handle(command, person=person, confirmed=confirmed)
    assert isinstance(reply, Refused)
    assert reply.denied == (person == "eve")
    return reply.reason


async def test_an_activation_is_proposed_with_what_it_replaces_and_the_diff_and_nothing_has_happened(
    one: Replica, store: Store
) -> None:
    length = await store.log.length(STREAM)
    proposal = await proposed(one, ActivateVersion(number=3, note=" even\nshorter "))
    assert (proposal.act, proposal.version.number) == (Act.ACTIVATED, 3)
    assert proposal.replaces
    assert (proposal.replaces.number, bool(proposal.replaces.live)) == (2, True)
    assert (proposal.note, proposal.share, proposal.position) == ("even shorter", None, length)
    assert proposal.diff
    assert (proposal.diff.old, proposal.diff.new) == (2, 3)
    assert [line.text for line in proposal.diff.lines if line.change in "+-"] == ["Rule 2.", "Rule 3."]
    assert proposal.warnings == ("Version 3 has not been evaluated: coach eval --prompt 3",)
    assert await store.log.length(STREAM) == length


async def test_a_confirmed_activation_is_done_and_told(one: Replica) -> None:
    command = ActivateVersion(number=3, note="even shorter")
    done = await moved(one, command, confirmed=(await proposed(one, command)).position)
    assert done.summary == "Version 3 is live in place of version 2."
    assert done.entry
    assert (done.entry.act, done.entry.version, done.entry.replaces) == (Act.ACTIVATED, 3, 2)
    assert (done.entry.by, done.entry.note) == ("ann", "even shorter")


async def test_a_proposal_is_outdated_by_another_admins_move_and_the_other_one_is_named(
    one: Replica, store: Store
) -> None:
    other = replica(store.log, store.counters)
    command = ActivateVersion(number=3, note="even shorter")
    proposal = await proposed(one, command)
    back = RollBack(note="worse")
    await moved(other, back, person="bob", confirmed=(await proposed(other, back, person="bob")).position)
    length = await store.log.length(STREAM)
    assert await refused(one, command, confirmed=proposal.position) == (
        "Not done: bob went back from version 2 to version 1 meanwhile. Look at `prompts` and decide anew."
    )
    assert await store.log.length(STREAM) == length


async def test_a_proposal_is_not_outdated_by_a_new_version_or_a_denied_try(one: Replica) -> None:
    command = ActivateVersion(number=3, note="even shorter")
    proposal = await proposed(one, command)
    await moved(one, PublishVersion(text=prompt_file("Rule 4."), note="new"), person="bob")
    await refused(one, ListVersions(), person="eve")
    assert (await moved(one, command, confirmed=proposal.position)).entry


async def test_a_proposal_cannot_be_confirmed_twice(one: Replica) -> None:
    command = RollBack(note="worse")
    position = (await proposed(one, command)).position
    await moved(one, command, confirmed=position)
    assert await refused(one, command, confirmed=position) == (
        "Not done: ann went back from version 2 to version 1 meanwhile. Look at `prompts` and decide anew."
    )


async def test_an_evaluation_that_comes_in_before_a_proposal_is_confirmed_closes_the_gate(one: Replica) -> None:
    command = ActivateVersion(number=3, note="even shorter")
    proposal = await proposed(one, command)
    for number, failed in ((2, ()), (3, ("tiles",))):
        passed = {"tiles", "gutters"} - set(failed)
        await one.registry.keep_evaluation(
            "bob", number, engine="claude", basis="one", passed=sorted(passed), failed=failed
        )
    assert await refused(one, command, confirmed=proposal.position) == (
        "Version 3 fails a case that version 2 passes: tiles. To activate it all the same, add --force and say why."
    )
    forced = await proposed(one, ActivateVersion(number=3, note="we know", force=True))
    assert forced.warnings == ("Version 3 fails a case that version 2 passes: tiles.",)


async def test_going_back_to_a_version_that_fails_more_is_let_through_with_a_warning(one: Replica) -> None:
    for number, failed in ((2, ()), (1, ("tiles",))):
        await one.registry.keep_evaluation(
            "bob", number, engine="claude", basis="one", passed=["gutters"] if failed else ["tiles"], failed=failed
        )
    proposal = await proposed(one, RollBack(note="worse"))
    assert proposal.warnings == ("Version 1 fails a case that version 2 passes: tiles.",)
    assert (await moved(one, RollBack(note="worse"), confirmed=proposal.position)).entry


async def test_a_trial_is_proposed_with_its_share_and_replaces_nothing(one: Replica) -> None:
    proposal = await proposed(one, ActivateVersion(number=3, note="try it", share=10))
    assert (proposal.act, proposal.share, proposal.replaces) == (Act.TRIAL_STARTED, 10, None)
    assert proposal.diff
    done = await moved(one, ActivateVersion(number=3, note="try it", share=10), confirmed=proposal.position)
    assert done.summary == "Version 3 serves 10% of the people; version 2 stays live."


async def test_what_ends_a_trial_says_so(one: Replica) -> None:
    await one.registry.move("bob", ActivateVersion(number=3, note="try it", share=10))
    ending = "The trial of version 3 ends with it."
    assert ending in (await proposed(one, ActivateVersion(number=1, note="back"))).warnings
    assert ending in (await proposed(one, RollBack(note="back", to=1))).warnings
    assert ending in (await proposed(one, ActivateVersion(number=1, note="other", share=10))).warnings
    assert ending not in (await proposed(one, ActivateVersion(number=3, note="good"))).warnings
    end = await proposed(one, RollBack(note="bad"))
    assert (end.act, end.version.number, end.version.share) == (Act.TRIAL_ENDED, 3, 10)
    assert (end.replaces, end.diff, end.warnings) == (None, None, ())
    assert (await moved(one, RollBack(note="bad"), confirmed=end.position)).summary == (
        "The trial of version 3 has ended; version 2 serves everybody."
    )


async def test_a_move_that_changes_nothing_is_told_and_not_kept(one: Replica, store: Store) -> None:
    length = await store.log.length(STREAM)
    for confirmed in (None, length):
        done = await moved(one, ActivateVersion(number=2, note="again"), confirmed=confirmed)
        assert (done.entry, done.summary) == (None, "Version 2 is live already. Nothing changed.")
    assert await store.log.length(STREAM) == length


async def test_the_first_version_is_proposed_in_place_of_none(store: Store) -> None:
    first = replica(store.log, store.counters)
    published = await moved(first, PublishVersion(text=prompt_file(), note="new"))
    assert published.summary == "Version 1 is published. It is not live: prompts activate 1 REASON"
    proposal = await proposed(first, ActivateVersion(number=1, note="first"))
    assert (proposal.replaces, proposal.diff) == (None, None)
    assert (await moved(first, ActivateVersion(number=1, note="first"), confirmed=proposal.position)).summary == (
        "Version 1 is live."
    )


async def test_a_version_published_without_a_reason_has_the_files(one: Replica) -> None:
    done = await moved(one, PublishVersion(text=prompt_file("Rule 4.", note="from the file"), note=""))
    assert done.entry
    assert done.entry.note == "from the file"


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (
            PublishVersion(text="Answer.", note="new"),
            "The file cannot be published: it does not begin with front",
        ),
        (PublishVersion(text=prompt_file("Rule 1."), note="new"), "Version 1 is this very text already: activate that"),
        (PublishVersion(text=prompt_file("Rule 1.\r\n"), note="new"), "Version 1 is this very text already"),
        (PublishVersion(text=prompt_file("4", note="' '"), note=""), "The file cannot be published: note is ' '"),
        (ActivateVersion(number=9, note="new"), "There is no version 9; the newest is 3."),
        (ActivateVersion(number=3, note=" "), "Say why, for the trail: prompts activate 3 REASON"),
        (ActivateVersion(number=3, note="x" * 501), "The reason has 501 characters; at most 500 are kept."),
        (RollBack(note=""), "Say why, for the trail: rollback [N] REASON"),
        (ShowVersion(9), "There is no version 9; the newest is 3."),
        (DiffVersions(1, 9), "There is no version 9; the newest is 3."),
    ],
)
async def test_what_cannot_be_done_is_refused_and_leaves_nothing(
    one: Replica, store: Store, command: AdminCommand, line: str
) -> None:
    length = await store.log.length(STREAM)
    assert (await refused(one, command)).startswith(line)
    assert await store.log.length(STREAM) == length


@pytest.mark.parametrize(
    ("command", "tried"),
    [
        (ListVersions(), "look at the versions"),
        (ShowVersion(1), "look at the versions"),
        (DiffVersions(1, 2), "look at the versions"),
        (ShowTrail(), "look at the versions"),
        (PublishVersion(text=prompt_file("Mine."), note="mine"), "publish a version"),
        (ActivateVersion(number=3, note="mine"), "activate version 3"),
        (RollBack(note="mine"), "roll back"),
        (RollBack(note="mine", to=1), "roll back to 1"),
    ],
)
@pytest.mark.parametrize("confirmed", [None, 5])
async def test_whoever_is_no_admin_sees_and_does_nothing_and_the_try_is_kept(
    one: Replica, store: Store, command: AdminCommand, tried: str, confirmed: int | None
) -> None:
    before = await one.history.standing()
    assert await refused(one, command, person="eve", confirmed=confirmed) == (
        "Only the coach's admins may do that; COACH_ADMINS names them."
    )
    (*_, last) = await trail(store.log)
    assert isinstance(last, Denied)
    assert (last.stamp.by, last.tried) == ("eve", tried)
    after = await one.history.standing()
    assert (after.length, after.live, after.versions) == (before.length + 1, before.live, before.versions)


async def test_the_list_shows_every_version_newest_first_with_what_it_did(one: Replica, clock: Clock) -> None:
    served = await one.live.serving("eve")
    await one.live.replied(served, Tally(latency_ms=90, model="small-model", usage=Usage(output_tokens=200)))
    await one.live.reacted(2, None, up=1, down=0, first=True)
    await one.registry.move("bob", ActivateVersion(number=3, note="try it", share=10))
    await one.registry.keep_evaluation("bob", 3, engine="claude", basis="one", passed=["a", "b"], failed=["c"])
    listed = await one.desk.handle(ListVersions(), person="ann")
    assert isinstance(listed, VersionList)
    assert [(card.number, bool(card.live), card.share) for card in listed.versions] == [
        (3, False, 10),
        (2, True, None),
        (1, False, None),
    ]
    third, second, _ = listed.versions
    assert third.evaluated
    assert (third.evaluated.passed, third.evaluated.failed, third.evaluated.engine) == (2, ("c",), "claude")
    assert (second.by, second.note, second.at, second.model) == ("ann", "text 2", clock.now(), "small-model")
    assert (second.figures.replies, second.figures.up, second.figures.latency_ms) == (1, 1, (100, 100))
    assert second.figures.cost == pytest.approx(1.0)
    assert listed.now == clock.now()


async def test_a_version_is_shown_as_its_file(one: Replica) -> None:
    shown = await one.desk.handle(ShowVersion(2), person="ann")
    assert isinstance(shown, VersionText)
    assert (shown.text, shown.card.number, bool(shown.card.live)) == (prompt_file("Rule 2."), 2, True)


async def test_any_two_versions_are_compared_and_one_with_itself_has_no_changes(one: Replica) -> None:
    compared = await one.desk.handle(DiffVersions(3, 1), person="ann")
    same = await one.desk.handle(DiffVersions(2, 2), person="ann")
    assert isinstance(compared, VersionDiff)
    assert isinstance(same, VersionDiff)
    assert [line.text for line in compared.lines if line.change in "+-"] == ["Rule 3.", "Rule 1."]
    assert same.lines == ()


async def test_the_trail_is_shown_page_by_page(one: Replica) -> None:
    for number in range(PAGE):
        await one.registry.publish("ann", prompt_file(f"More {number}."), "more")
    first = await one.desk.handle(ShowTrail(), person="ann")
    assert isinstance(first, Trail)
    assert [entry.position for entry in first.entries] == list(range(PAGE + 5, 5, -1))
    assert first.earlier
    rest = await one.desk.handle(ShowTrail(before=first.entries[-1].position), person="ann")
    assert isinstance(rest, Trail)
    assert [(entry.position, entry.act, entry.by) for entry in rest.entries] == [
        (5, Act.ACTIVATED, "bob"),
        (4, Act.ACTIVATED, "ann"),
        (3, Act.PUBLISHED, "ann"),
        (2, Act.PUBLISHED, "ann"),
        (1, Act.PUBLISHED, "ann"),
    ]
    assert not rest.earlier
    for before in (0, 1):
        nothing = await one.desk.handle(ShowTrail(before=before), person="ann")
        assert isinstance(nothing, Trail)
        assert (nothing.entries, nothing.earlier) == ((), False)
