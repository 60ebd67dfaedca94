"""While Teams, its login or the conversation is away, messages wait; they are answered once it is back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.channels.teams.login import WatchedHttp
from bot.channels.teams.tokens import MsalTokens
from bot.core import worker
from tests.piecewise import Piecewise, question, told
from tests.teams.login_server import There
from tests.teams.looking import PATIENCE, copies, of_the_coach
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import APP_ID, APP_PASSWORD, TENANT
from tests.teams.under_fire import OTHER, USER, answers, ask, be_quick, ended, script, under_fire

TIMES = worker.MAX_FAILURES + 2
"""More than a message fails before it is given up."""
CANNOT = "I cannot write to you yet"

pytestmark = pytest.mark.usefixtures("at_once")


def login_of(teams: Teams) -> MsalTokens:
    """The channel's own keeper of tokens; what fetches them is not MSAL, which takes no login without a certificate."""

    def fetch(http: WatchedHttp) -> Mapping[str, Any]:
        form = {
            "grant_type": "client_credentials",
            "client_id": APP_ID,
            "client_secret": APP_PASSWORD,
            "scope": "https://api.botframework.com/.default",
        }
        granted: Mapping[str, Any] = http.post(f"https://login/{TENANT}/oauth2/v2.0/token", data=form).json()
        return granted

    return MsalTokens(fetch, http_client=There(teams.login_url))


async def until_refused(teams: Teams, times: int) -> None:
    """Waits until so many attempts have found nowhere to say anything."""

    def refused() -> int:
        return sum(call.operation in ("send", "typing") and call.status == 403 for call in teams.calls)

    await teams.until(lambda: refused() >= times, 2 * PATIENCE)


@pytest.mark.parametrize("kind", ["personal", "group"])
async def test_a_token_that_teams_takes_no_more_is_replaced_and_the_answer_is_there_once(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise(), tokens=login_of(teams)) as coached:
        place = teams.personal(USER) if kind == "personal" else teams.group("g", USER, OTHER)
        teams.login.expire_all()
        await ask(teams, place)
        assert await answers(coached, place) == 1
        assert teams.login.given == 2
        assert sum(call.status == 401 for call in teams.calls) == 1


async def test_all_who_are_being_answered_wait_for_one_other_token(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    engine = Piecewise()
    engine.gate.clear()
    people = [f"U{number}" for number in range(8)]
    async with under_fire(teams, tmp_path, engine, tokens=login_of(teams)) as coached:
        for user in people:
            await teams.say(user, teams.personal(user), question(user))
        await teams.until(lambda: sum(call.status == 202 for call in teams.calls) >= 8)
        teams.login.expire_all()
        engine.gate.set()
        assert (await ended(coached)).dead == 0
        for user in people:
            assert copies(of_the_coach(teams, user, teams.personal(user)), told(user)) == 1
        assert teams.login.given == 2


@pytest.mark.parametrize("status", [400, 401, 503])
async def test_while_the_login_gives_no_token_the_answer_waits(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise(), tokens=login_of(teams)) as coached:
        chat = teams.personal(USER)
        teams.login.expire_all()
        teams.fail("token", TIMES, status=status)
        await ask(teams, chat)
        assert await answers(coached, chat) == 1


@pytest.mark.parametrize("fault", ["401", "429", "503", "dropped when done", "garbled when done"])
async def test_an_answer_waits_while_teams_is_away_for_longer_than_failures_are_forgiven(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    be_quick(monkeypatch)
    teams.settings.one_stream_a_chat = False
    async with under_fire(teams, tmp_path, Piecewise(), tokens=login_of(teams)) as coached:
        chat = teams.personal(USER)
        script(teams, "stream", fault, 2 * TIMES if fault == "401" else TIMES)
        await ask(teams, chat)
        assert await answers(coached, chat) == 1


async def test_who_has_blocked_the_coach_is_answered_when_they_let_it_write_again(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    engine = Piecewise()
    engine.gate.clear()
    async with under_fire(teams, tmp_path, engine) as coached:
        chat = teams.personal(USER)
        await ask(teams, chat)
        await teams.until(lambda: any(call.status == 202 for call in teams.calls))
        teams.blocked.add(USER)
        engine.gate.set()
        await until_refused(teams, TIMES)
        teams.blocked.remove(USER)
        assert await answers(coached, chat) == 1


async def test_who_has_removed_the_app_is_answered_when_they_add_it_again(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    engine = Piecewise()
    engine.gate.clear()
    async with under_fire(teams, tmp_path, engine) as coached:
        chat = teams.personal(USER)
        await ask(teams, chat)
        await teams.until(lambda: bool(teams.calls))
        await teams.uninstall(USER)
        engine.gate.set()
        await until_refused(teams, TIMES)
        assert teams.personal(USER) == chat  # which adds it again
        assert await answers(coached, chat) == 1


@pytest.mark.parametrize("kind", ["personal", "group"])
async def test_what_can_never_be_said_is_given_up_in_the_end_and_what_comes_then_is_answered(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    be_quick(monkeypatch)
    monkeypatch.setattr(worker, "MAX_WAITS", 3)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        place = teams.personal(USER) if kind == "personal" else teams.group("g", USER, OTHER)
        for operation in ("typing", "stream", "final", "update", "send"):
            teams.fail(operation, 1_000, status=403)
        await ask(teams, place)
        assert (await ended(coached)).dead == 1
        (dead,) = await coached.app.store.inbox.dead(limit=3)
        assert dead.reason.startswith("nothing can be said in the conversation (BotNotInConversationRoster)")
        assert dead.attempts == 3
        teams.heal()
        await ask(teams, place, "two")
        assert (await ended(coached)).dead == 1
        assert copies(of_the_coach(teams, USER, place), told("two")) == 1


async def test_who_asks_in_a_group_for_what_is_theirs_alone_is_told_once_how_to_be_reached(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        group = teams.group("g", USER, OTHER)
        script(teams, "send", "500", 2)
        await teams.say(USER, group, "review Our tiles last forever.")
        assert (await ended(coached)).dead == 0
        (told_,) = of_the_coach(teams, USER, group)
        assert told_.plain.startswith(CANNOT)


async def test_who_can_be_told_nowhere_is_waited_for(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        group = teams.group("g", USER, OTHER)
        script(teams, "send", "403, not there", TIMES)
        await teams.say(USER, group, "review Our tiles last forever.")
        await until_refused(teams, TIMES)
        teams.personal(USER)
        assert (await ended(coached)).dead == 0
        (review,) = of_the_coach(teams, USER, teams.personal(USER))
        assert review.plain.startswith("1 sentence says")
