"""What to say to the buyer, as the terminal sets it apart."""

import io
from dataclasses import replace

import pytest

from bot.channels.terminal.console import Screen
from bot.channels.terminal.showing import show
from bot.core.replies import Delta
from tests.evaluation.replies import answer
from tests.terminal.printing import printed
from tests.terminal.test_showing import events

SAY = 'Say: "We clear the gutters. [1] It takes a day." [1]'
TEXT = f'It depends.\n\n{SAY}\n\nNot: "Never." [1]'
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def test_it_is_bold_and_nothing_stands_before_it_that_would_be_copied_along() -> None:
    lines = printed(answer(TEXT), colour=True).splitlines()
    assert lines[:5] == ["It depends.", "", f"{BOLD}{SAY}{PLAIN}", "", 'Not: "Never." [1]']
    assert printed(answer(TEXT), colour=True, width=30).splitlines()[2:4] == [
        f'{BOLD}Say: "We clear the gutters.{PLAIN}',
        f'{BOLD}[1] It takes a day." [1]{PLAIN}',
    ]


def test_into_a_pipe_it_is_plain_text() -> None:
    assert printed(answer(TEXT), piped=True).startswith(f"{TEXT}\n")


async def test_it_is_as_bold_while_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "30")
    file = io.StringIO()
    pieces = [Delta(TEXT[start : start + 3]) for start in range(0, len(TEXT), 3)]
    await show(events([*pieces, answer(TEXT)]), Screen(file))
    shown = file.getvalue()
    assert f'{BOLD}Say:{PLAIN} {BOLD}"We{PLAIN}' in shown
    assert f"\n{BOLD}[1]{PLAIN} {BOLD}It{PLAIN}" in shown
    assert '\nNot: "Never." [1]\n' in shown
    assert "It depends.\n" in shown


def test_what_is_ready_to_copy_has_no_marks_of_sources() -> None:
    assert answer(TEXT).say == "We clear the gutters. It takes a day."
    assert replace(answer(TEXT), text="It depends.").say is None
    assert replace(answer(TEXT), text='Say: "Sixty years" [1] Not: "For ever" [2]').say == "Sixty years"
