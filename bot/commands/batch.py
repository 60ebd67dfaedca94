"""`--jsonl`: a line in, a line out, in order; memory does not depend on how many there are."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from bot.channels.terminal.reading import bounded_lines, open_input, size_of
from bot.commands.output import complain, write_json

MAX_LINE = 16_000_000
"""Bytes; the longest draft fits even when every character is written as an escape."""

Json = Mapping[str, object]


class LineError(Exception):
    """A line that cannot be processed, with its `id` where it has one."""

    def __init__(self, reason: str, *, id: object = None) -> None:
        super().__init__(reason)
        self.id = id


@dataclass(frozen=True, slots=True)
class Record:
    """One line's id and text."""

    id: str | int | None
    text: str


def process(path: str, *, field: str, reply: Callable[[str], Json]) -> int:
    """Answers each line `{"id", field}` of the file `path` ("-" is standard input) with one line on standard output.

    `reply` turns a text into the fields of its line; `{"error"}` alone counts as a line that cannot be processed.
    Gives the exit status: 0, or 2 when a line could not be processed.

    Raises:
        InputError: the file cannot be opened.
    """
    failed = count = 0
    with _opened(path) as stream, _progress(stream) as advance:
        for number, line in enumerate(bounded_lines(stream, limit=MAX_LINE), 1):
            advance(len(line) if line is not None else MAX_LINE)
            if line is not None and not line.strip():
                continue
            count += 1
            written = _processed(line, number, field=field, reply=reply)
            failed += "error" in written
            write_json(written, indent=None)
    if failed:
        complain(f"{failed:,} of {count:,} lines could not be processed; each has its error in its place")
    return 2 if failed else 0


def _processed(line: bytes | None, number: int, *, field: str, reply: Callable[[str], Json]) -> Json:
    try:
        record = parse_record(line, field=field)
    except LineError as error:
        return {"id": error.id, "error": f"line {number}: {error}"}
    own = {"id": record.id}
    # Twice: it leads the line, and it counts whatever id the reply has.
    written = {**own, **reply(record.text), **own}
    if "error" in written:
        written["error"] = f"line {number}: {written['error']}"
    return written


def parse_record(line: bytes | None, *, field: str) -> Record:
    """Reads one line; None stands for one that was too long.

    Raises:
        LineError: the line is no `{"id", field}` with a text in `field`.
    """
    if line is None:
        raise LineError(f"more than {MAX_LINE:,} bytes")
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8 (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise LineError(f"not JSON: {error.msg} (character {error.pos + 1})") from None
    except (ValueError, RecursionError) as error:
        raise LineError(f"not JSON that can be read: {error}") from None
    if not isinstance(value, dict):
        raise LineError(f'not an object; write {{"id": …, "{field}": "…"}}')
    id_ = value.get("id")
    if id_ is not None and (not isinstance(id_, str | int) or isinstance(id_, bool)):
        raise LineError("the id is neither a text nor a whole number")
    text = value.get(field)
    if not isinstance(text, str):
        raise LineError(f'"{field}" is missing' if text is None else f'"{field}" is not a text', id=id_)
    return Record(id=id_, text=text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if path == "-" else open_input(path)


@contextmanager
def _progress(stream: BinaryIO) -> Iterator[Callable[[int], None]]:
    """Shows a bar on standard error while that is a terminal which the answers do not go to; gives its `advance`."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    bar = Progress(
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=size_of(stream))
        yield lambda length: bar.advance(task, length)
