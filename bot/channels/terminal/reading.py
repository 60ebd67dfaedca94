"""Reads text from files and pipes: bounded, and with one clear line for whatever is not text."""

import os
from collections.abc import Iterator
from typing import BinaryIO

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 65_536


class InputError(Exception):
    """Input that cannot be taken; the message is one line that says what is wrong and how to mend it.

    Where several things are wrong at once, there is a line for each.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)

    def __str__(self) -> str:
        return "; ".join(self.args)


def open_input(path: str) -> BinaryIO:
    """Opens `path` for reading bytes.

    Raises:
        InputError: there is no such file, it is a directory, or it may not be read.
    """
    try:
        return open(path, "rb")
    except IsADirectoryError:
        raise InputError(f"{path} is a directory: name a file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"cannot read {path}: {reason}") from None


def read_text(stream: BinaryIO, name: str, *, limit: int, mend: str = "send it in parts") -> str:
    """Reads a whole text of at most `limit` characters exactly as it is: line endings and a byte order mark stay.

    `mend` is what to do about a longer one. One of more characters may get through if they are of few bytes.

    Raises:
        InputError: the text is longer, not UTF-8, or cannot be read.
    """
    most = 4 * limit  # a character of UTF-8 has at most four bytes
    try:
        raw = stream.read(most + 1)
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from None
    if len(raw) > most:
        raise InputError(f"{name} has more than {most:,} bytes; at most {limit:,} characters are taken: {mend}")
    return decoded(raw, name)


def decoded(raw: bytes, name: str) -> str:
    """Decodes UTF-8.

    Raises:
        InputError: `raw` is not UTF-8; the message names the line.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if raw.startswith(_UTF16):
            raise InputError(f"{name} is UTF-16 text: save it as UTF-8") from None
        line = raw.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{raw[error.start]:02x} in line {line}"
        raise InputError(f"{name} is not UTF-8 text ({byte}): save it as UTF-8, or paste its words") from None


def bounded_lines(stream: BinaryIO, *, limit: int) -> Iterator[bytes | None]:
    """Yields the lines of `stream` with their ends as they arrive; None stands for one of more than `limit` bytes.

    Never holds more than one line. A byte order mark before the first line is left out.
    """
    line = stream.readline(limit + 1).removeprefix(BYTE_ORDER_MARK)
    while line:
        if len(line) > limit and not line.endswith(b"\n"):
            _skip_line(stream)
            yield None
        else:
            yield line
        line = stream.readline(limit + 1)


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
        pass


def size_of(stream: BinaryIO) -> int | None:
    """The stream's size in bytes when it is a file, None when it is a pipe or a terminal."""
    try:
        return os.fstat(stream.fileno()).st_size or None
    except OSError:
        return None
