"""Logs: one shape for what the program and its libraries say, on standard error, without the words of any exception."""

import logging
import os
import sys
from collections.abc import Iterator
from copy import copy
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.core.failures import kind_and_place
from bot.observing.uncaught import log_uncaught

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "text", "json"]

_OURS = "bot"
_UNWRITTEN = "an entry could not be written: %s"
_IN_CALLBACK = "Exception in callback "
"""How asyncio begins a line that shows what was called, and with what."""
_MOST_CAUSES = 10
_FIRST = ("timestamp", "level", "logger", "event")


def set_up_logs(level: Level, shape: Format, *, stream: TextIO | None = None) -> None:
    """Sends all that is logged to `stream`, standard error unless given; `auto` is text on a terminal, else JSON."""
    out = stream or sys.stderr
    as_text = shape == "text" or (shape == "auto" and out.isatty())
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    colours = out.isatty() and not os.environ.get("NO_COLOR")
    render: Processor = (
        structlog.dev.ConsoleRenderer(colors=colours) if as_text else structlog.processors.JSONRenderer()
    )
    handler = _Handler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _exception_without_words],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _one_line, render],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler.setLevel(level.upper())
    handler.addFilter(_is_fit)  # not at the loggers themselves: libraries set their levels when they are imported
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)
    log_uncaught()


class _Handler(logging.StreamHandler[TextIO]):
    """Writes entries. Of one that cannot be written logging's own would show everything, texts included."""

    def handle(self, record: logging.LogRecord) -> bool:
        """Takes an entry; an exception that a library gives as an argument is told by its kind."""
        if isinstance(record.args, tuple) and not _is_ours(record):
            told = [type(each).__name__ if isinstance(each, BaseException) else each for each in record.args]
            record = copy(record)
            record.args = tuple(told)
        return super().handle(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Writes in its place that it could not be."""
        error = sys.exc_info()[1]
        if record.msg != _UNWRITTEN and error is not None:
            where = (record.pathname, record.lineno, _UNWRITTEN, (kind_and_place(error),), None)
            self.handle(logging.LogRecord(record.name, logging.ERROR, *where))


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == _OURS


def _is_fit(record: logging.LogRecord) -> bool:
    """Whether it may be told: below WARNING libraries write whole requests, with their texts and tokens."""
    return record.levelno >= logging.WARNING or _is_ours(record)


def _exception_without_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Puts what kind of exception it was, and where, in the place of its traceback."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            event["error"] = kind_and_place(error)
        record.exc_info = record.exc_text = None
        if not _is_ours(record):
            event["event"] = _by_a_library(str(event["event"]), error or sys.exc_info()[1])
    event.pop("exc_info", None)
    return event


def _by_a_library(line: str, error: BaseException | None) -> str:
    """A library's line without exceptions' words, which it may hold, and without what a call was given."""
    for each in _with_causes(error):
        for words in (repr(each), str(each), repr(str(each))[1:-1]):
            if words:
                line = line.replace(words, type(each).__name__)
    if line.startswith(_IN_CALLBACK):
        line = line.partition("(")[0]
    return line.partition("\n")[0]


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Gives an exception and those that it came of, a few of them."""
    for _ in range(_MOST_CAUSES):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _one_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keeps each entry on a line of its own, whatever an id or a library's message holds, its usual parts first."""
    ordered = {**{name: event[name] for name in _FIRST if name in event}, **event}
    return {key: _flat(value) if isinstance(value, str) else value for key, value in ordered.items()}


def _flat(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)
