import io
from collections.abc import AsyncIterator, Iterable

import pytest

from bot.channels.terminal.console import Screen
from bot.channels.terminal.showing import show
from bot.core.coach import reply_of
from bot.core.replies import Answer, Citation, Delta, EngineName, Event, Refused, Status


def answer(text: str) -> Answer:
    citation = Citation(n=1, lesson="roofs", section="Gutters", quote="Clear them.", line=3)
    return Answer(
        id="local:1",
        question="q",
        text=text,
        covered=True,
        citations=(citation,),
        closest=(),
        engine=EngineName.LESSONS,
        latency_ms=1,
        model=None,
        prompt_version=1,
        prompt_stale=False,
    )


async def events(items: Iterable[Event]) -> AsyncIterator[Event]:
    for item in items:
        yield item


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "20")
    return io.StringIO()


async def test_a_streamed_answer_is_wrapped_at_words_and_not_printed_twice(terminal: io.StringIO) -> None:
    text = "Clear the gutters every autumn, says the lesson. [1]"
    pieces = [Delta(text[start : start + 3]) for start in range(0, len(text), 3)]
    reply = await show(events([*pieces, answer(text)]), Screen(terminal))
    shown = terminal.getvalue()
    assert reply == answer(text)
    assert shown.split("\n")[:3] == ["Clear the gutters ", "every autumn, says ", "the lesson. [1]"]
    assert shown.count("autumn") == 1
    assert "[1] Gutters" in shown


async def test_an_answer_that_broke_off_is_called_so_and_then_shown_whole(
    terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    await show(events([Delta("Half an ans"), answer("Whole.")]), Screen(terminal))
    assert terminal.getvalue().startswith(
        "Half an ans\n\nThat answer broke off; this is the whole one:\nWhole.\n\n[1] Gutters"
    )


async def test_an_answer_that_was_not_streamed_broke_off_nowhere(terminal: io.StringIO) -> None:
    await show(events([Status("…"), answer("Whole.")]), Screen(terminal))
    assert "broke off" not in terminal.getvalue()


async def test_what_is_no_answer_is_not_called_the_whole_one(terminal: io.StringIO) -> None:
    await show(events([Delta("Half an ans"), Refused("No.")]), Screen(terminal))
    assert terminal.getvalue() == "Half an ans\nNo.\n"


async def test_streamed_text_cannot_control_the_terminal(terminal: io.StringIO) -> None:
    await show(events([Delta("\x1b"), Delta("[2J "), answer("\x1b[2J")]), Screen(terminal))
    assert terminal.getvalue().startswith("\\x1b[2J")


async def test_status_is_taken_away_by_what_follows(terminal: io.StringIO) -> None:
    await show(events([Status("Reading Gutters …"), answer("Yes.")]), Screen(terminal))
    assert terminal.getvalue().startswith("Reading Gutters …\r\x1b[2KYes.")


async def test_into_a_pipe_only_the_reply_goes() -> None:
    file = io.StringIO()
    await show(events([Status("Reading …"), Delta("Ye"), answer("Yes.")]), Screen(file))
    assert file.getvalue().startswith("Yes.\n")


async def test_events_without_a_reply_are_a_fault() -> None:
    with pytest.raises(RuntimeError, match="without a reply"):
        await reply_of(events([Status("…")]))
