"""Reviews come whole, stay private and show what was decided, whatever their calls come to."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.looking import squeezed
from tests.piecewise import Piecewise
from tests.teams.coaching import fields
from tests.teams.looking import of_the_coach
from tests.teams.loopback.seen import Seen
from tests.teams.loopback.server import Teams
from tests.teams.serving import Served
from tests.teams.under_fire import EVERY, KINDS, OTHER, UNHEARD, USER, be_quick, ended, script, under_fire

CLAIMS = 12
"""Five go into a message."""
DRAFT = "\n\n".join(f"Our tiles last forever, says house {number}." for number in range(CLAIMS))
SAY = "Our tiles last sixty years."
MESSAGES = 3
ELSEWHERE = "It is in your personal chat with the coach."
HEALED = [fault for fault in KINDS if not fault.startswith(("400", "403", "404"))]
"""Where asking again helps, or is not needed."""
REFUSED = [fault for fault in KINDS if fault not in HEALED]

pytestmark = pytest.mark.usefixtures("at_once")


async def review(coached: Served, place: str) -> list[Seen]:
    """Has the draft reviewed and gives what is in the personal chat in the end."""
    teams = coached.teams
    await teams.say(USER, place, f"review {DRAFT}")
    assert (await ended(coached)).dead == 0
    assert (teams.faults, teams.failures) == ([], [])
    return of_the_coach(teams, USER, teams.personal(USER))


def assert_whole(shown: Sequence[Seen]) -> None:
    """The review is there from its first claim to the rewritten draft, in order, some messages of it perhaps twice."""
    assert not [each for each in shown if each.streaming or each.stopped]
    parts = list(dict.fromkeys(each.plain for each in shown))
    assert len(parts) == MESSAGES
    plain = squeezed("\n".join(parts))
    at = [plain.index(squeezed(f"{number}. You wrote Our tiles")) for number in range(1, CLAIMS + 1)]
    assert at == sorted(at)
    assert plain.count("Promptversion") == 1
    assert drafts(shown) == {"\n\n".join([SAY] * CLAIMS)}


def drafts(shown: Sequence[Seen]) -> set[str]:
    """The rewritten drafts that stand ready to copy."""
    return {text for each in shown for card in each.cards for text in fields(card, "Rewritten draft")}


def decided(*kept: int) -> set[str]:
    """The draft where these claims stay as their writer wrote them."""
    lines = DRAFT.split("\n\n")
    return {"\n\n".join(lines[number] if number in kept else SAY for number in range(CLAIMS))}


@pytest.mark.parametrize(
    ("operation", "number"), [("stream", 1), ("stream", 2), ("final", 1), ("final", 2), ("final", 3)]
)
@pytest.mark.parametrize("fault", KINDS)
async def test_a_review_comes_whole_and_once_whichever_of_its_messages_fails(
    teams: Teams,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    number: int,
    fault: str,
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        script(teams, operation, fault, number=number)
        shown = await review(coached, teams.personal(USER))
    assert_whole(shown)
    assert len(shown) == MESSAGES


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("fault", HEALED)
async def test_what_was_decided_is_shown_everywhere_whichever_call_fails(
    teams: Teams,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    fault: str,
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        chat = teams.personal(USER)
        first, *_ = await review(coached, chat)
        script(teams, "update", fault, number=number)
        pressed = await teams.press(USER, first.id, "review.unmeant", data={"place": 0})
        assert pressed.status == 200
        await teams.until(lambda: drafts(of_the_coach(teams, USER, chat)) == decided(0))
        assert len(of_the_coach(teams, USER, chat)) == MESSAGES
        assert (teams.faults, teams.failures) == ([], [])


@pytest.mark.parametrize("fault", REFUSED)
async def test_a_draft_that_could_not_be_shown_as_decided_is_with_the_next_decision(
    teams: Teams,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        chat = teams.personal(USER)
        first, second, _ = await review(coached, chat)
        script(teams, "update", fault, 2)
        await teams.press(USER, first.id, "review.unmeant", data={"place": 0})
        await teams.until(lambda: any(call.operation == "update" for call in teams.calls))
        teams.heal()
        await teams.press(USER, second.id, "review.unmeant", data={"place": 5})
        await teams.until(lambda: drafts(of_the_coach(teams, USER, chat)) == decided(0, 5))
        assert teams.failures == []


@pytest.mark.parametrize("fault", HEALED)
async def test_a_review_asked_for_in_a_group_is_in_the_personal_chat_alone_whatever_opening_it_comes_to(
    teams: Teams,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        teams.personal(USER)
        group = teams.group("g", USER, OTHER)
        script(teams, "create", fault)
        shown = await review(coached, group)
        assert_whole(shown)
        assert len(shown) == MESSAGES
        assert [each.plain for each in of_the_coach(teams, OTHER, group)] == [ELSEWHERE]


@pytest.mark.parametrize("fault", KINDS)
async def test_where_a_review_is_stands_in_the_group_and_again_if_nobody_heard_of_it(
    teams: Teams,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        teams.personal(USER)
        group = teams.group("g", USER, OTHER)
        script(teams, "send", fault)
        shown = await review(coached, group)
        assert_whole(shown)
        assert len(shown) == MESSAGES
        told = [each.plain for each in of_the_coach(teams, OTHER, group)]
        gone = fault.startswith(("403", "404"))  # nobody is there to be told
        assert told == [ELSEWHERE] * (0 if gone else 2 if fault in UNHEARD else 1)


async def test_a_review_stays_when_the_coach_has_been_removed_from_the_group_meanwhile(
    teams: Teams,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        teams.personal(USER)
        group = teams.group("g", USER, OTHER)
        teams.fail("send", 100, status=403)
        shown = await review(coached, group)
        assert_whole(shown)
        assert of_the_coach(teams, OTHER, group) == []


async def test_two_who_press_at_once_while_updates_fail_leave_what_both_decided(
    teams: Teams,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        chat = teams.personal(USER)
        first, second, third = await review(coached, chat)
        for fault in ("429", "dropped when done", "500"):
            script(teams, "update", fault)
        pressed = ((first, 0), (first, 3), (second, 6), (second, 9), (third, 11))
        presses = (teams.press(USER, each.id, "review.unmeant", data={"place": place}) for each, place in pressed)
        assert {each.status for each in await asyncio.gather(*presses)} == {200}
        await teams.until(lambda: drafts(of_the_coach(teams, USER, chat)) == decided(0, 3, 6, 9, 11))
        assert teams.failures == []
