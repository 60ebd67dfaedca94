"""Writes what programs read, and the one line that says what went wrong."""

import json
import re
import sys

from bot.channels.terminal.escaping import CONTROLS, one_line

_UNSAFE = re.compile(f"[{CONTROLS}]")


def write_json(value: object, *, indent: int | None = 2) -> None:
    r"""Writes `value` to standard output as JSON, ended by a newline and flushed.

    It is UTF-8 whatever it holds: lone surrogates are written as `\uXXXX`, and so is what a terminal would act on.
    """
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    stream = sys.stdout.buffer
    stream.write(_UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", written).encode() + b"\n")
    stream.flush()


def complain(line: str) -> None:
    """Writes one line to standard error, escaped."""
    sys.stderr.write(f"coach: {one_line(line)}\n")
    sys.stderr.flush()
