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
    stream = sys.stdout.buffer
    stream.write(json_bytes(value, indent=indent))
    stream.flush()


def json_bytes(value: object, *, indent: int | None = None) -> bytes:
    """Gives what `write_json` writes."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", written).encode() + b"\n"


def complain(*lines: str) -> None:
    """Writes lines to standard error, escaped."""
    sys.stderr.writelines(f"coach: {one_line(line)}\n" for line in lines)
    sys.stderr.flush()
