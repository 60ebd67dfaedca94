"""Who moved versions, as others read it in Teams: by name, from the messages and presses of admins alone."""

import pytest

from tests.teams.coaching import ADMIN, ANA, OTHER, QUESTION, answered, chat_of, person
from tests.teams.moving import ACTIVATE, Way, by_card, by_text, in_a_group, moved, shown_to
from tests.teams.serving import Served
from tests.teams.test_flow_announcing import LIVE_1, LIVE_2


async def kept(coached: Served, user: str) -> str | None:
    found = await coached.app.store.records.read(f"teams:name:{person(user).removeprefix('teams:')}")
    return found.body if found else None


@pytest.mark.parametrize("way", [by_text, by_card, in_a_group])
async def test_a_move_is_shown_by_its_makers_name(coached: Served, way: Way) -> None:
    assert f"{ADMIN} made version 2 live" in await (await way(coached, ADMIN, ACTIVATE)).confirm()
    card = await shown_to(coached, OTHER)
    assert f", by {ADMIN}" in card.text
    await card.press("versions.trail")
    assert f"{ADMIN} made version 2 live" in card.text
    assert f"{ADMIN} made version 2 live" in (await shown_to(coached, OTHER, "prompts log")).text
    assert person(ADMIN) not in card.text


async def test_the_trail_itself_keeps_the_id(coached: Served) -> None:
    await (await by_text(coached, ADMIN, ACTIVATE)).confirm()
    ((_, entry),) = await coached.app.history.entries(before=None, limit=1)
    assert entry.stamp.by == person(ADMIN)


async def test_who_only_presses_is_named_too(coached: Served) -> None:
    card = await shown_to(coached, ADMIN)
    await coached.app.store.records.forget(person(ADMIN))
    await coached.teams.press(ADMIN, card.id, "move.propose", ACTIVATE.filled, ACTIVATE.data)
    assert await kept(coached, ADMIN) == ADMIN
    assert f"{ADMIN} made version 2 live" in await card.confirm()


async def test_only_admins_who_look_after_versions_are_remembered_by_name(coached: Served) -> None:
    await answered(coached, ADMIN, chat_of(coached, ADMIN), QUESTION)
    await answered(coached, ANA, chat_of(coached), QUESTION)
    await shown_to(coached, ANA, "prompts")
    assert [await kept(coached, user) for user in (ADMIN, ANA)] == [None, None]
    await shown_to(coached, ADMIN, "prompts")
    assert await kept(coached, ADMIN) == ADMIN


async def test_forget_me_takes_the_name_away_and_leaves_the_trail(coached: Served) -> None:
    await moved(coached.app, LIVE_2, by=ADMIN)
    await moved(coached.app, LIVE_1, by=ADMIN)
    assert f"{ADMIN} made version 1 live" in (await shown_to(coached, ADMIN, "prompts log")).text
    await shown_to(coached, ADMIN, "forget me")
    assert f"{person(ADMIN)} made version 1 live" in (await shown_to(coached, OTHER, "prompts log")).text
