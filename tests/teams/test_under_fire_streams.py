"""Streams that Teams, or their reader, ends early: the whole text is there in the end, once."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.channels.teams import stream
from bot.core.ports import AnswerTask, Composed
from bot.core.prompts import Prompt
from bot.core.replies import Delta
from tests.piecewise import Piecewise, told
from tests.scripted import ScriptedEngine
from tests.teams.looking import copies, of_the_coach
from tests.teams.loopback.server import Teams
from tests.teams.serving import Served
from tests.teams.under_fire import (
    PASSING,
    USER,
    answers,
    ask,
    be_quick,
    ended,
    script,
    under_fire,
)

PIECES = 4
TEXT = told("one")
TWO_MINUTES = 121.0

pytestmark = pytest.mark.usefixtures("at_once")


class Gated(ScriptedEngine):
    """Answers in pieces, and waits before the one that counts `at` from 0; after the last, if there are no more."""

    def __init__(self, at: int) -> None:
        self.gate = asyncio.Event()
        size = -(-len(TEXT) // PIECES)
        steps: list[str | asyncio.Event] = [TEXT[start : start + size] for start in range(0, len(TEXT), size)]
        super().__init__(*steps[:at], self.gate, *steps[at:])


def pieces(teams: Teams) -> int:
    """How often text was added to a stream."""
    return sum(call.operation == "stream" and call.status == 202 for call in teams.calls)


async def until_at_gate(coached: Served, at: int) -> None:
    """Waits until the engine's pieces before its gate are there, as well as the reply's beginning."""
    teams = coached.teams

    def waits() -> bool:
        started = [call for call in teams.calls if call.operation == "stream" and call.status == 201]
        return bool(started) and sum(_is_text(call.body) for call in teams.calls) >= at

    await teams.until(waits)


def _is_text(body: dict[str, object]) -> bool:
    entities = body.get("entities")
    info = entities[0] if isinstance(entities, list) and entities else {}
    return info.get("streamType") == "streaming"


@pytest.mark.parametrize("at", range(PIECES + 1))
async def test_after_two_minutes_the_whole_text_takes_the_stream_s_place(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    be_quick(monkeypatch)
    engine = Gated(at)
    async with under_fire(teams, tmp_path, engine) as coached:
        chat = teams.personal(USER)
        await ask(teams, chat)
        await until_at_gate(coached, at)
        teams.pass_time(TWO_MINUTES)
        engine.gate.set()
        assert await answers(coached, chat) == 1
        refused = {call.answer["error"]["message"] for call in teams.calls if call.status == 403}
        assert refused == {"Content stream finished due to exceeded streaming time."}


async def test_the_coach_itself_stops_in_time_with_the_pieces_of_what_takes_longer(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    monkeypatch.setattr(stream, "MAX_SECONDS", 0.0)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        chat = teams.personal(USER)
        await ask(teams, chat)
        assert await answers(coached, chat) == 1
        assert [call.operation for call in teams.calls] == ["stream", "final"]


@pytest.mark.parametrize("at", range(PIECES + 1))
async def test_who_stops_an_answer_keeps_what_they_saw_and_gets_the_whole_once(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    be_quick(monkeypatch)
    engine = Gated(at)
    async with under_fire(teams, tmp_path, engine) as coached:
        chat = teams.personal(USER)
        await ask(teams, chat)
        await until_at_gate(coached, at)
        teams.stop_stream(USER, chat)
        engine.gate.set()
        assert (await ended(coached)).dead == 0
        shown = of_the_coach(teams, USER, chat)
        assert copies([each for each in shown if not each.stopped], TEXT) == 1
        stopped = [each.text for each in shown if each.stopped and each.text]
        assert len(stopped) == (1 if at else 0)
        assert pieces(teams) == at
        assert teams.faults == []


@pytest.mark.parametrize("fault", PASSING)
async def test_the_whole_after_a_stop_comes_again_only_if_it_was_not_heard_of(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    be_quick(monkeypatch)
    engine = Gated(2)
    async with under_fire(teams, tmp_path, engine) as coached:
        chat = teams.personal(USER)
        script(teams, "send", fault)
        await ask(teams, chat)
        await until_at_gate(coached, 2)
        teams.stop_stream(USER, chat)
        engine.gate.set()
        await ended(coached)
        whole = [each for each in of_the_coach(teams, USER, chat) if not each.stopped]
        assert copies(whole, TEXT) == (2 if fault == "dropped when done" else 1)


async def test_a_chat_that_takes_no_streams_gets_one_message(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    teams.settings.streams = False
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        chat = teams.personal(USER)
        await ask(teams, chat)
        assert await answers(coached, chat) == 1
        assert [call.operation for call in teams.calls] == ["stream", "send"]


async def test_pieces_that_come_too_fast_for_teams_are_left_out_and_none_is_missing_in_the_end(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    teams.settings.stream_interval = 60.0
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        chat = teams.personal(USER)
        await ask(teams, chat)
        assert await answers(coached, chat) == 1
        statuses = [call.status for call in teams.calls if call.operation == "stream"]
        assert statuses[0] == 201
        assert set(statuses[1:]) == {429}


async def test_a_piece_that_teams_took_twice_or_dropped_does_not_end_the_stream(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teams answers 202 with an error to a piece that came out of order."""
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Piecewise()) as coached:
        chat = teams.personal(USER)
        code = "ContentStreamSequenceOrderPreConditionFailed"
        teams.fail("stream")
        teams.fail("stream", 2, status=202, code=code)
        await ask(teams, chat)
        assert (await ended(coached)).dead == 0
        assert copies(of_the_coach(teams, USER, chat), TEXT) == 1
        assert [call.operation for call in teams.calls][-1] == "final"


class Changing(ScriptedEngine):
    """Says something else when it is asked again, having broken off the first time."""

    def __init__(self) -> None:
        super().__init__(TEXT)
        self._first: ScriptedEngine | None = ScriptedEngine("Quite another beginning. ", "And so on.")

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        first, self._first = self._first, None
        answering = super().answer if first is None else first.answer
        async for each in answering(task, prompt, person=person):
            if isinstance(each, Composed) and first is not None:
                raise RuntimeError("the engine broke off")
            yield each


async def test_another_attempt_completes_what_the_first_one_began_in_whatever_words(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    async with under_fire(teams, tmp_path, Changing()) as coached:
        chat = teams.personal(USER)
        await ask(teams, chat)
        assert (await ended(coached)).dead == 0
        assert copies(of_the_coach(teams, USER, chat), TEXT) == 1
        assert [call.operation for call in teams.calls][-2:] == ["final", "update"]
        assert ["shrunk" in fault for fault in teams.faults] == [True]
