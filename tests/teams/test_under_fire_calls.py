"""Whatever a call of an answer comes to, the person ends up with the whole answer and nothing half.

Alone with the coach they have it once. In a group chat nothing is streamed: there a message that was sent, which
nobody heard of, is sent once more, and Teams has no way to find it again.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.piecewise import Piecewise
from tests.teams.loopback.server import Teams
from tests.teams.under_fire import (
    EVERY,
    ONCE_AND_THRICE,
    OTHER,
    UNHEARD,
    USER,
    answers,
    ask,
    be_quick,
    script,
    under_fire,
)

pytestmark = pytest.mark.usefixtures("at_once")


class Step(NamedTuple):
    """The call that is to fail, counted from 1; `is_late` where Teams has given the stream up by then."""

    operation: str
    number: int = 1
    is_late: bool = False


STEPS = {
    "start": Step("stream"),
    "first piece": Step("stream", 2),
    "third piece": Step("stream", 4),
    "whole message": Step("final"),
    "whole message in the stream's place": Step("update", is_late=True),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
@pytest.mark.parametrize(("fault", "times"), ONCE_AND_THRICE)
async def test_one_whole_answer_is_left_in_a_personal_chat_whichever_call_fails(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: Step, fault: str, times: int
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        chat = teams.personal(USER)
        if step.is_late:
            teams.settings.stream_seconds = -1
        script(teams, step.operation, fault, times, number=step.number)
        await ask(teams, chat)
        assert await answers(coached, chat) == 1
        if "hang" not in EVERY[fault]:  # a call that was given up is not among those that were answered
            assert sum(call.operation == step.operation for call in teams.calls) >= step.number


@pytest.mark.parametrize("fault", UNHEARD)
async def test_a_stream_that_nobody_heard_of_is_begun_anew_where_teams_takes_two(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    teams.settings.one_stream_a_chat = False
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        chat = teams.personal(USER)
        script(teams, "stream", fault)
        await ask(teams, chat)
        assert await answers(coached, chat) == 1
        assert not [call for call in teams.calls if call.operation == "send"]


@pytest.mark.parametrize("operation", ["typing", "send"])
@pytest.mark.parametrize(("fault", "times"), ONCE_AND_THRICE)
async def test_a_whole_answer_is_left_in_a_group_and_again_for_each_that_nobody_heard_of(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, fault: str, times: int
) -> None:
    be_quick(monkeypatch, EVERY[fault])
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        group = teams.group("g", USER, OTHER)
        script(teams, operation, fault, times)
        await ask(teams, group)
        again = times if operation == "send" and fault in UNHEARD else 0
        assert await answers(coached, group) == 1 + again


@pytest.mark.parametrize("kind", ["personal", "group"])
@pytest.mark.parametrize("failures", [1, 4])
async def test_an_engine_that_breaks_off_in_the_middle_leaves_one_whole_answer_in_the_end(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, failures: int
) -> None:
    be_quick(monkeypatch)
    engine = Piecewise()
    engine.failures = failures
    async with under_fire(teams, tmp_path, engine) as coached:
        place = teams.personal(USER) if kind == "personal" else teams.group("g", USER, OTHER)
        await ask(teams, place)
        assert await answers(coached, place) == 1


@pytest.mark.parametrize(("fault", "reason"), [("500", "away"), ("429", "limited"), ("404", "refused")])
async def test_a_call_that_fails_is_counted_by_the_reason(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, reason: str
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        group = teams.group("g", USER, OTHER)
        script(teams, "typing", fault)
        await ask(teams, group)
        assert await answers(coached, group) == 1
        assert coached.channel.measures().failed == {reason: 1}
