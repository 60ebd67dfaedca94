"""Who may move versions in Teams: the admin who asked, as long as they are one; no button and no field says more."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.teams.coaching import (
    ADMIN,
    ANA,
    OTHER,
    QUESTION,
    answered,
    calls_to,
    chat_of,
    coaching,
    idle,
    person,
    said,
)
from tests.teams.loopback.server import Teams
from tests.teams.moving import ACTIVATE, WAYS, Way, acts, live, shown_to
from tests.teams.serving import Served

OVER = "This proposal does not wait any more."


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    """How an admin asks for a move."""
    found: Way = request.param
    return found


async def test_another_admin_confirms_and_cancels_nothing_of_somebody_elses(coached: Served, way: Way) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    theirs = await shown_to(coached, OTHER)
    for verb in ("move.confirm", "move.cancel"):
        await theirs.sends(verb, {"move": waiting.pending})
    assert "Only who asked for this can confirm it" in coached.teams.told[0]
    assert not await acts(coached.app)
    assert "Version 2 is live" in await waiting.confirm()


async def test_a_rep_with_an_admins_proposal_moves_nothing(coached: Served, way: Way) -> None:
    waiting = await way(coached, ADMIN, ACTIVATE)
    theirs = await shown_to(coached, ANA, "review Our tiles last forever.")
    for verb in ("move.confirm", "move.cancel"):
        await theirs.sends(verb, {"move": waiting.pending})
    await theirs.sends("move.propose", {**ACTIVATE.data, **ACTIVATE.filled})
    await theirs.sends("versions.show", {"number": 2})
    assert theirs.text.splitlines()[1:] == [f"{OVER} Nothing was changed by this."], "and nothing of the versions"
    assert "Only who asked for this can confirm it" in coached.teams.told[0]
    assert await live(coached.app) == (1, None)
    assert {act[:2] for act in await acts(coached.app)} == {("denied", person(ANA))}
    assert "Version 2 is live" in await waiting.confirm()


@pytest.mark.usefixtures("at_once")
async def test_who_is_no_admin_any_more_confirms_nothing_and_the_try_stands_in_the_trail(
    tmp_path: Path, teams: Teams, way: Way
) -> None:
    async with coaching(teams, tmp_path) as coached:
        waiting = await way(coached, ADMIN, ACTIVATE)
    async with coaching(teams, tmp_path, admins=[OTHER]) as coached:
        waiting = replace(waiting, coached=coached)
        before = waiting.text
        await waiting.press("move.confirm")
        assert "Only the coach's admins may do that" in teams.told[-1]
        assert waiting.text == before
        assert await acts(coached.app) == [("denied", person(ADMIN), "")]
        assert await live(coached.app) == (1, None)


@pytest.mark.parametrize("verb", ["move.confirm", "move.cancel"])
async def test_who_makes_a_proposal_up_changes_no_message_before_others(coached: Served, verb: str) -> None:
    teams = coached.teams
    group = teams.group("G", ANA, OTHER)
    answer = await answered(coached, OTHER, group, QUESTION)
    action = {"action": {"type": "Action.Execute", "verb": verb, "data": {"move": "made up"}}}
    await teams.invoke(ANA, group, "adaptiveCard/action", action, reply_to=answer.id)
    await answered(coached, ANA, group, QUESTION)
    assert said(teams, OTHER, group)[0] == answer
    assert calls_to(coached, "update") == []


async def test_an_admins_name_or_account_without_their_object_id_is_nobodys(coached: Served) -> None:
    """Who somebody is, is their object id in the tenant; what else a request says of them is not believed."""
    teams = coached.teams
    id_ = await teams.say(ANA, chat_of(coached), "prompts")
    await idle(coached)
    mine, admins = teams.delivered(id_), teams.delivered(await shown(coached, ADMIN))
    posed = {**admins["from"], "aadObjectId": mine["from"]["aadObjectId"]}
    assert await teams.post_raw({**mine, "id": "1700000000000", "from": posed, "text": "prompts"}) == 200
    await idle(coached)
    assert [each.plain.split(";")[0] for each in said(teams, ANA, chat_of(coached))] == [
        "Only the coach's admins may do that"
    ] * 2


async def shown(coached: Served, user: str) -> str:
    """A message of somebody's."""
    id_ = await coached.teams.say(user, chat_of(coached, user), "help")
    await idle(coached)
    return id_
