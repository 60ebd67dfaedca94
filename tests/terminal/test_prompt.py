"""`coach chat` at a real pseudo-terminal."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.pseudo_terminal import CTRL_C, CTRL_D, ENTER, PASTE, PASTE_END, PROMPT, Terminal


@pytest.fixture
def terminal(folder: Path) -> Iterator[Terminal]:
    opened = Terminal(folder)
    try:
        opened.wait_for("Ctrl-D leaves.")
        opened.wait_for(PROMPT)
        yield opened
    finally:
        opened.close()


def test_a_question_is_answered_and_end_of_file_leaves(terminal: Terminal) -> None:
    terminal.type("gutters?" + ENTER)
    terminal.wait_for("kept clear. [1]")
    terminal.wait_for('[1] roof-care — "A roof lasts')
    terminal.wait_for(PROMPT)
    terminal.type(CTRL_D)
    assert terminal.status() == 0


def test_ctrl_c_clears_a_half_written_line_and_leaves_from_an_empty_one(terminal: Terminal) -> None:
    terminal.type("half a quest")
    terminal.wait_for("quest")
    terminal.type(CTRL_C)
    terminal.type("gutters?" + ENTER)
    terminal.wait_for("kept clear. [1]")
    terminal.wait_for("[1] roof-care")
    terminal.wait_for(PROMPT)
    terminal.type(CTRL_C)
    assert terminal.status() == 0


def test_a_pasted_e_mail_is_one_message(terminal: Terminal) -> None:
    terminal.type(f"{PASTE}Hi Bo,\r\n\r\nThis roof never leaks.\r\nBest,\r\nAl{PASTE_END}")
    terminal.wait_for("Al")
    terminal.type(ENTER)
    terminal.wait_for("Say instead: This roof is guaranteed for ten years")
    terminal.wait_for("- This roof never leaks.")
    terminal.wait_for("+ This roof is guaranteed for ten years.")


def test_review_on_its_own_takes_a_draft_to_a_single_dot(terminal: Terminal) -> None:
    terminal.type("review" + ENTER)
    terminal.wait_for("a line with a single dot")
    terminal.wait_for("│")
    terminal.type(f"Hi Bo,{ENTER}This roof never leaks.{ENTER}.{ENTER}")
    terminal.wait_for("Say instead: This roof is guaranteed for ten years")
    terminal.wait_for(PROMPT)


def test_review_on_its_own_takes_a_pasted_draft_to_ctrl_d(terminal: Terminal) -> None:
    terminal.type("review" + ENTER)
    terminal.wait_for("│")
    terminal.type(f"{PASTE}This roof never leaks.\nBye.{PASTE_END}")
    terminal.wait_for("Bye.")
    terminal.type(CTRL_D)
    terminal.wait_for("Say instead: This roof is guaranteed for ten years")


def test_ctrl_c_thinks_better_of_a_review(terminal: Terminal) -> None:
    terminal.type("review" + ENTER)
    terminal.wait_for("│")
    terminal.type(CTRL_C)
    terminal.wait_for(PROMPT)
    terminal.type("guide tiles" + ENTER)
    terminal.wait_for("Our tiles last")


def test_the_history_brings_back_what_was_asked(terminal: Terminal) -> None:
    terminal.type("guide tiles" + ENTER)
    terminal.wait_for("sixty")
    terminal.wait_for(PROMPT)
    terminal.type("\x1b[A" + ENTER)
    terminal.wait_for("guide tiles")
    terminal.wait_for("sixty")


def test_an_interrupt_from_outside_leaves_cleanly(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.status() == 0


def test_a_proposal_is_asked_about_and_done_after_a_yes(terminal: Terminal) -> None:
    terminal.type("prompts activate 2 clearer" + ENTER)
    shown = terminal.wait_for("Do it? [y/N]")
    assert "Make version 2 live for everybody in place of version 1" in shown
    assert "+ Give the best line, and say where it stands." in shown
    terminal.type("y" + ENTER)
    terminal.wait_for("Version 2 is live in place of version 1.")
    terminal.wait_for(PROMPT)


@pytest.mark.parametrize("answer", [ENTER, "n" + ENTER, "yess" + ENTER, CTRL_C, CTRL_D])
def test_anything_but_a_yes_changes_nothing(terminal: Terminal, answer: str) -> None:
    terminal.type("prompts activate 2 clearer" + ENTER)
    terminal.wait_for("Do it? [y/N]")
    terminal.type(answer)
    terminal.wait_for("Nothing was changed.")
    terminal.wait_for(PROMPT)
    terminal.type("prompts" + ENTER)
    terminal.wait_for("● 1")
