"""Exceptions that nobody can catch, logged: Python itself would write them out, their words included."""

import logging
import sys
import threading

_log = logging.getLogger(__name__)


def log_uncaught() -> None:
    """Logs what is raised where there is nobody to raise it to, and what ends a thread."""
    sys.unraisablehook = _unraisable
    threading.excepthook = _in_thread


def _unraisable(told: "sys.UnraisableHookArgs") -> None:
    _log.error("an exception was passed over", exc_info=told.exc_value)


def _in_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_type is not SystemExit:
        _log.error("a thread failed", exc_info=told.exc_value)
