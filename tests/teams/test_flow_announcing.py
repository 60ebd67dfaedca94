"""Moves of versions told in the admins' channel in Teams: each once, wherever it was made, whoever serves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.channels.teams.origin import announced_in
from bot.core.admin_commands import ActivateVersion, RollBack
from bot.core.messages import LOCAL
from bot.prompts import announcing
from tests.fakes import small_app
from tests.onlooker import Onlooker
from tests.teams.coaching import (
    ADMIN,
    ANA,
    ANSWER,
    NASTY,
    OTHER,
    QUESTION,
    answered,
    chat_of,
    coaching,
    idle,
    person,
    said,
)
from tests.teams.loopback.seen import Seen
from tests.teams.loopback.server import Teams
from tests.teams.moving import ACTIVATE, BACK, Way, by_card, by_text, in_a_group, moved, shown_to
from tests.teams.serving import Served
from tests.web.waiting import until

CHANNEL = "19:admins@thread.tacv2"
LIVE_2, LIVE_1 = ActivateVersion(number=2, note="clearer words"), ActivateVersion(number=1, note="shorter words")
TOLD_2 = "Version 2 is live in place of version 1."
TOLD_1 = "Version 1 is live in place of version 2."
ROLLED_BACK = "Rolled back: version 1 is live in place of version 2."


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "LOOK_SECONDS", 0.02)


async def begun(coached: Served) -> None:
    """Waits for the first look: what happens from now on is announced."""

    async def has_looked() -> bool:
        return await coached.app.store.records.read(f"announced:{announced_in(CHANNEL)}") is not None

    await until(has_looked)


@pytest.fixture
async def two(at_once: None, teams: Teams, tmp_path: Path) -> AsyncIterator[tuple[Served, Served]]:  # noqa: ARG001
    """Two coaches on one store, both of whom Teams reaches, with a channel of the admins'."""
    teams.channel(CHANNEL, ADMIN, OTHER)
    async with AsyncExitStack() as stack:
        serving = [coaching(teams, tmp_path, announce_in=CHANNEL) for _ in range(2)]
        one, other = [await stack.enter_async_context(each) for each in serving]
        await teams.http_to(one.url, other.url)
        await begun(one)
        yield one, other


def announced(teams: Teams) -> list[Seen]:
    return said(teams, ADMIN, CHANNEL)


async def told(teams: Teams, *summaries: str) -> None:
    """Waits until exactly these moves are announced, in this order."""
    await teams.until(lambda: len(announced(teams)) >= len(summaries))
    texts = [each.plain for each in announced(teams)]
    assert [text.splitlines()[0] for text in texts] == list(summaries)


@pytest.mark.parametrize("way", [by_text, by_card, in_a_group])
async def test_a_move_made_in_teams_is_announced_once(two: tuple[Served, Served], way: Way) -> None:
    one, other = two
    await (await way(one, ADMIN, ACTIVATE)).confirm()
    await told(one.teams, TOLD_2)
    await (await way(one, ADMIN, BACK)).confirm()
    await told(one.teams, TOLD_2, ROLLED_BACK)
    await idle(other)
    assert len(announced(one.teams)) == 2


async def test_an_announcement_says_who_did_what_when_and_why(two: tuple[Served, Served]) -> None:
    one, _ = two
    await (await by_text(one, ADMIN, ACTIVATE)).confirm()
    await told(one.teams, TOLD_2)
    (shown,) = announced(one.teams)
    for words in (f"{ADMIN} made version 2 live in place of version 1", "UTC", "Reason: clearer words"):
        assert words in shown.plain
    assert f"{ADMIN} made version 2 live" in shown.summary
    assert person(ADMIN) not in shown.plain + shown.summary
    assert (shown.buttons, shown.generated, shown.feedback) == ([], False, False)
    assert shown.thread == f"{CHANNEL};messageid={shown.id}", "a post of its own"


async def test_what_was_only_proposed_refused_or_published_is_not_announced(two: tuple[Served, Served]) -> None:
    one, _ = two
    await by_text(one, ADMIN, ACTIVATE)
    await shown_to(one, ANA, ACTIVATE.written)
    await shown_to(one, ADMIN, "prompts activate 1 again")
    await moved(one.app, LIVE_2)
    await told(one.teams, TOLD_2)


async def test_moves_made_by_both_coaches_are_announced_once_and_in_order(two: tuple[Served, Served]) -> None:
    one, _ = two
    for number in range(6):
        await moved(two[number % 2].app, (LIVE_2, LIVE_1)[number % 2])
    await told(one.teams, *(TOLD_2, TOLD_1) * 3)


async def test_what_an_admin_wrote_is_announced_as_it_stands(two: tuple[Served, Served]) -> None:
    one, _ = two
    await moved(one.app, ActivateVersion(number=2, note=NASTY))
    await told(one.teams, TOLD_2)
    (shown,) = announced(one.teams)
    assert f"Reason: {NASTY}" in shown.plain
    assert shown.links == ()


@pytest.mark.usefixtures("at_once")
async def test_what_was_moved_while_nobody_served_is_announced_at_the_next_start(tmp_path: Path, teams: Teams) -> None:
    teams.channel(CHANNEL, ADMIN)
    async with coaching(teams, tmp_path, announce_in=CHANNEL) as coached:
        await begun(coached)
    app = small_app(tmp_path / "knowledge")
    await app.open()
    await app.registry.move(LOCAL, LIVE_2)
    await app.close()
    async with coaching(teams, tmp_path, announce_in=CHANNEL) as coached:
        await told(teams, TOLD_2)
        await moved(coached.app, RollBack(note="too long"))
        await told(teams, TOLD_2, ROLLED_BACK)


async def test_without_a_channel_to_announce_in_nothing_is(coached: Served) -> None:
    coached.teams.channel(CHANNEL, ADMIN)
    await (await by_text(coached, ADMIN, ACTIVATE)).confirm()
    await idle(coached)
    assert announced(coached.teams) == []


@pytest.mark.usefixtures("at_once")
async def test_a_channel_without_the_coach_is_logged_holds_up_nobody_and_is_told_once_it_is_added(
    tmp_path: Path, teams: Teams
) -> None:
    teams.channel(CHANNEL, ADMIN, has_bot=False)
    async with coaching(teams, tmp_path, announce_in=CHANNEL) as coached:
        onlooker = Onlooker(coached.app.observers)
        await begun(coached)
        await moved(coached.app, LIVE_2)
        await teams.until(lambda: any(call.operation == "send" and call.status == 403 for call in teams.calls))
        await teams.say(ANA, chat_of(coached), QUESTION)
        await teams.until(lambda: any(each.plain.startswith(ANSWER) for each in said(teams, ANA, chat_of(coached))))
        await until(lambda: "nothing can be said" in onlooker.told("announcement"))
        teams.channel(CHANNEL, ADMIN)
        await told(teams, TOLD_2)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("fault", [{"status": 500}, {"retry_after": 0}, {"status": 412}, {"status": 502}])
async def test_an_announcement_that_fails_on_the_way_is_told_once_all_the_same(
    tmp_path: Path, teams: Teams, fault: dict[str, int]
) -> None:
    teams.channel(CHANNEL, ADMIN)
    async with coaching(teams, tmp_path, announce_in=CHANNEL) as coached:
        await begun(coached)
        teams.fail("send", **fault)  # type: ignore[arg-type]
        await moved(coached.app, LIVE_2)
        await told(teams, TOLD_2)
        await idle(coached)
        await told(teams, TOLD_2)


@pytest.mark.usefixtures("at_once")
async def test_an_announcement_waits_for_nobody_who_is_being_answered(two: tuple[Served, Served]) -> None:
    one, _ = two
    await asyncio.gather(moved(one.app, LIVE_2), answered(one, ANA, chat_of(one), QUESTION))
    await told(one.teams, TOLD_2)
