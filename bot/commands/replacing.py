"""A file that is written anew and takes its place once it is whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bot.channels.terminal.reading import InputError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Gives a new file that takes the place of `path` when it is whole and on the disk; only its owner may read it.

    Raises:
        InputError: it cannot be written.
    """
    if path.exists() and not path.is_file():
        raise InputError(f"{path} is no file: name a file, or - for standard output")
    try:
        handle, name = tempfile.mkstemp(prefix=".coach-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
            _sync_folder(path.parent)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name)
            raise
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    """Makes the new name last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
