"""A real pseudo-terminal, and the keys of a keyboard."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 20.0
"""Seconds until output that does not come is a failure."""
PROMPT = "\r\n>"
PASTE, PASTE_END = "\x1b[200~", "\x1b[201~"
CTRL_C, CTRL_D, ENTER = "\x03", "\x04", "\r"
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b[=>]")


class Terminal:
    """A pseudo-terminal with a command of the small coach on it, `coach chat` unless another is named."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        environment = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "100", "LINES": "40"}
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "tests.small_coach", str(folder), *(arguments or ["chat"])],
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
