"""`coach chat` at a real pseudo-terminal."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import LESSON

PATIENCE = 20.0
"""Seconds until output that does not come is a failure."""
PROMPT = "\r\n>"
PASTE, PASTE_END = "\x1b[200~", "\x1b[201~"
CTRL_C, CTRL_D, ENTER = "\x03", "\x04", "\r"
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b[=>]")


class Terminal:
    """A pseudo-terminal with `coach chat` on it."""

    def __init__(self, folder: Path) -> None:
        self._master, slave = pty.openpty()
        environment = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "100", "LINES": "40"}
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "tests.small_coach", str(folder), "chat"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, **environment},
            start_new_session=True,
        )
        os.close(slave)
        self._unread = ""

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def wait_for(self, text: str) -> str:
        """Reads until `text` is shown, and gives what was shown up to its end, without terminal sequences."""
        deadline = time.monotonic() + PATIENCE
        while text not in self._unread:
            self._unread += _SEQUENCE.sub("", self._read(deadline, text))
        shown, _, self._unread = self._unread.partition(text)
        return shown + text

    def status(self) -> int:
        """Waits for the end and gives the exit status."""
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)

    def _read(self, deadline: float, wanted: str) -> str:
        ready, _, _ = select.select([self._master], [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            raise AssertionError(f"{wanted!r} did not come; shown: {self._unread!r}")
        try:
            return os.read(self._master, 65_536).decode(errors="replace")
        except OSError as error:
            raise AssertionError(f"{wanted!r} did not come before the end; shown: {self._unread!r}") from error


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    (tmp_path / "roof-care.md").write_text(LESSON)
    opened = Terminal(tmp_path)
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
