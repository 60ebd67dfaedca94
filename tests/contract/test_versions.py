"""Versions of the system prompt: who may see and move them, and what is said before, after and instead."""

from dataclasses import replace

import pytest

from tests.contract.channel import Channel, Coached
from tests.contract.differences import UNKNOWN, Thing, having
from tests.contract.seeing import sees
from tests.contract.shown import Proposal, Told, Version, Versions

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("coached", having(Thing.COMMANDS), indirect=True),
]

ACTIVATE, BACK = "prompts activate 2 clearer & *shorter*", "rollback too <b>long</b>"
PROPOSED = Proposal(
    does="Make version 2 live for everybody in place of version 1",
    changed=(
        "- note: the first words",
        "+ note: the second words",
        "- Give the best line.",
        "+ Give the best line, and say where it stands.",
    ),
    reason="clearer & *shorter*",
    warnings=("Version 2 has not been evaluated: coach eval --prompt 2",),
)
PROPOSED_BACK = Proposal(
    does="Go back to version 1 in place of version 2",
    changed=(
        "- note: the second words",
        "+ note: the first words",
        "- Give the best line, and say where it stands.",
        "+ Give the best line.",
    ),
    reason="too <b>long</b>",
)
MOVED, MOVED_BACK = (
    Told("Version 2 is live in place of version 1."),
    Told("Rolled back: version 1 is live in place of version 2."),
)
DENIED = Told("Only the coach's admins may do that; COACH_ADMINS names them.")


async def sees_live(admin: Channel, number: int) -> None:
    """Asserts that an admin sees this version to be live, before anything was asked."""
    notes = {2: "the second words", 1: "the first words"}
    await admin.say("prompts")
    await sees(admin, Versions(tuple(Version(each, note, is_live=each == number) for each, note in notes.items())))


async def test_an_admin_sees_every_version_and_which_is_live(coached: Coached) -> None:
    admin = await coached.person(is_admin=True)
    await sees_live(admin, 1)


async def test_a_version_goes_live_and_back_once_its_admin_has_confirmed(coached: Coached) -> None:
    admin = await coached.person(is_admin=True)
    await admin.say(ACTIVATE)
    await sees(admin, PROPOSED)
    await admin.confirm()
    await sees(admin, MOVED)
    await sees_live(admin, 2)
    await admin.say(BACK)
    await sees(admin, PROPOSED_BACK)
    await admin.confirm()
    await sees(admin, MOVED_BACK)
    await sees_live(admin, 1)


async def test_what_an_admin_thinks_better_of_is_not_done(coached: Coached) -> None:
    admin = await coached.person(is_admin=True)
    await admin.say(ACTIVATE)
    await sees(admin, PROPOSED)
    await admin.cancel()
    await sees(admin, Told("Nothing was changed."))
    await sees_live(admin, 1)


async def test_replies_are_stamped_with_the_version_that_is_live(coached: Coached) -> None:
    admin = await coached.person(is_admin=True)
    await admin.say(ACTIVATE)
    await admin.confirm()
    await sees(admin, MOVED)
    await admin.ask("typewriters?")
    await sees(admin, replace(UNKNOWN, version=2))


@pytest.mark.parametrize("command", [ACTIVATE, BACK, "prompts", "prompts show 1", "prompts diff 1 2", "prompts log"])
async def test_who_is_no_admin_is_denied_and_nothing_changes(coached: Coached, command: str) -> None:
    rep, admin = await coached.person(), await coached.person(is_admin=True)
    await rep.say(command)
    await sees(rep, DENIED)
    await sees_live(admin, 1)


async def test_a_move_without_a_reason_is_not_proposed(coached: Coached) -> None:
    admin = await coached.person(is_admin=True)
    await admin.say("prompts activate 2")
    await sees(admin, Told("Say why, for the trail: prompts activate 2 REASON"))
