"""The vectors' file, with the real encoder."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.encoder.embedder import DIMENSIONS, Embedder, Vectors
from bot.knowledge.vectors import VectorCache

TEXTS = ("Bees swarm in May.", "Honey ferments.", "Bees swarm in May.")


class CountingEmbedder(Embedder):
    """The real embedder; counts the texts it is asked for."""

    def __init__(self) -> None:
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return super().embed(texts)


def test_vectors_are_kept_between_runs(tmp_path: Path) -> None:
    file = tmp_path / "data" / "vectors.sqlite3"
    first, second = CountingEmbedder(), CountingEmbedder()
    kept = VectorCache(first, file).embed(TEXTS)
    again = VectorCache(second, file).embed([*TEXTS, "one more"])
    assert (first.texts, second.texts) == (2, 1)
    assert (kept == again[:-1]).all()


@pytest.mark.parametrize("blocked", ["a folder that is a file", "a damaged file", "a file that another holds"])
def test_a_file_that_cannot_be_used_is_done_without_and_nothing_is_embedded_twice(
    tmp_path: Path, blocked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "data" / "vectors.sqlite3"
    embedder = CountingEmbedder()
    match blocked:
        case "a folder that is a file":
            file.parent.write_text("not a folder")
        case "a damaged file":
            file.parent.mkdir()
            file.write_bytes(b"no database" * 1_000)
        case _:
            VectorCache(embedder, file).embed(())
            monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: connect(file, timeout=0))
    with closing(connect(file if file.exists() else ":memory:")) as other:
        if blocked == "a file that another holds":
            other.execute("BEGIN IMMEDIATE")
        assert VectorCache(embedder, file).embed(TEXTS).shape == (3, DIMENSIONS)
    assert embedder.texts == 2


def test_a_vector_cut_short_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "vectors.sqlite3"
    whole = VectorCache(Embedder(), file).embed(TEXTS)
    with closing(connect(file)) as database, database:
        database.execute("UPDATE vectors SET vector = x'00'")
    assert (VectorCache(Embedder(), file).embed(TEXTS) == whole).all()
    later = CountingEmbedder()
    VectorCache(later, file).embed(TEXTS)
    assert later.texts == 0


connect = sqlite3.connect
