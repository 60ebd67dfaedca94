import io
import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from bot.observing.logs import set_up_logs

Entry = dict[str, object]


class Logged:
    """What was logged, whole and entry by entry."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def entries(self) -> list[Entry]:
        return [json.loads(line) for line in self.text.splitlines()]

    def messages(self) -> list[Entry]:
        return [entry for entry in self.entries if entry["event"] == "message"]


@pytest.fixture
def logged() -> Iterator[Logged]:
    """Sets logs up at the level that says most, as JSON, and leaves everything as it was in the end."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.unraisablehook, threading.excepthook
    stream = io.StringIO()
    set_up_logs("debug", "json", stream=stream)
    yield Logged(stream)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    sys.unraisablehook, threading.excepthook = hooks
    structlog.reset_defaults()
