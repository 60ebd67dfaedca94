"""Vectors of lesson texts, kept on disk by text, so that a restart or a changed lesson embeds only what is new."""

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from bot.encoder.embedder import DIMENSIONS, WEIGHTS, Embedder, Vectors

_log = logging.getLogger(__name__)

_LOOKUP = 500
"""Texts looked up in one statement; SQLite takes at least 999 parameters."""


class VectorSource(Protocol):
    """Gives unit vectors for texts."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Gives one unit vector a text, shape `(len(texts), 384)`."""
        ...


class VectorCache:
    """Embeds through a file. A file that cannot be used (read-only disk, damage) is done without."""

    def __init__(self, embedder: Embedder, file: Path) -> None:
        self._embedder = embedder
        self._file = file

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Gives one unit vector a text, from the file where it has them."""
        keys = [_key(text) for text in texts]
        known = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        fresh = dict(zip(missing, self._embedder.embed(list(missing.values())), strict=True))
        if fresh:
            self._write(fresh)
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for number, key in enumerate(keys):
            vectors[number] = fresh[key] if key in fresh else known[key]
        return vectors

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        try:
            with closing(self._opened()) as database:
                return _look_up(database, keys)
        except (sqlite3.Error, OSError) as error:
            _log.info("vectors are not read from %s: %s", self._file, error)
            return {}

    def _write(self, fresh: Mapping[bytes, Vectors]) -> None:
        rows = ((key, vector.tobytes()) for key, vector in fresh.items())
        try:
            with closing(self._opened()) as database, database:
                # A vector of the wrong length was passed over in reading: it is written anew.
                database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        except (sqlite3.Error, OSError) as error:
            _log.info("vectors are not kept in %s: %s", self._file, error)

    def _opened(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._file, timeout=2)
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        except sqlite3.Error:
            database.close()
            raise
        return database


def _look_up(database: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
    found: dict[bytes, Vectors] = {}
    for start in range(0, len(keys), _LOOKUP):
        some = keys[start : start + _LOOKUP]
        marks = ",".join("?" * len(some))
        rows: Iterable[tuple[bytes, bytes]] = database.execute(
            f"SELECT key, vector FROM vectors WHERE key IN ({marks})",  # noqa: S608 - only question marks go in
            some,
        )
        found |= {key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows if len(vector) == 4 * DIMENSIONS}
    return found


def _key(text: str) -> bytes:
    """A digest of the text and of which weights it is embedded with."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=_weights(), digest_size=16).digest()


@cache
def _weights() -> bytes:
    """A digest of the weights: retrained ones have the same size, and packaged ones the same time."""
    with WEIGHTS.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
