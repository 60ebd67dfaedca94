"""The claim encoder: what a sentence of a draft asserts in its context, as vectors that are held against claims.

Six MiniLM layers, fine-tuned by `bot.training.train_claims` (model card in `docs/finder.md`). One run reads a sentence
with what stands beside it; a guide's don't-says are read once, by the same encoder. So a thousand rows cost a matrix
product and not a thousand runs, and a row needs no training of its own to be held against a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.encoder.embedder import DIMENSIONS, HERE, printable, session, tokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

WEIGHTS = HERE / "claims.onnx"
MAX_TOKENS = 128
MAX_BEFORE_TOKENS, MAX_AFTER_TOKENS = 32, 24
"""WordPieces of a sentence, and of its neighbours, that are read: the last ones before it, the first ones after it."""

_TOKENIZED = 2_000
"""Characters of a text that are cut into WordPieces; 128 of them have about 550."""

_CLS, _SEP = 101, 102

Floats = npt.NDArray[np.float32]


class InContext(NamedTuple):
    """A sentence as it is read: with the sentences beside it, each "" where there is none or it does not matter."""

    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence in its context as WordPiece ids; `types` is 0 where the sentence itself is, 1 beside it."""

    ids: tuple[int, ...]
    types: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What `n` sentences say. `vectors`, shape (n, 384), are unit vectors; as a claim's they say what it is about.

    `wanted`, shape (n, 384), and `leaning`, shape (n,), tell which claims a sentence asserts.
    """

    vectors: Floats
    wanted: Floats
    leaning: Floats

    def logits(self, claims: Floats) -> Floats:
        """Gives, for claims' vectors of shape (m, 384), the log-odds that each sentence asserts each, shape (n, m)."""
        logits: Floats = self.wanted @ claims.T + self.leaning[:, None]
        return logits


class ClaimEncoder:
    """Reads sentences. Loads its weights at first use; runs on one thread."""

    def read(self, sentences: Sequence[InContext]) -> Said:
        """Gives what the sentences say, each by itself: an int8 model's result depends on what shares its batch."""
        vectors = np.zeros((len(sentences), DIMENSIONS), dtype=np.float32)
        wanted = np.zeros_like(vectors)
        leaning = np.zeros(len(sentences), dtype=np.float32)
        for n, sentence in enumerate(sentences):
            tokens = self.tokens(sentence)
            ids = np.array([tokens.ids], dtype=np.int64)
            types = np.array([tokens.types], dtype=np.int64)
            read = self._session.run(None, {"input_ids": ids, "token_type_ids": types})
            vectors[n], wanted[n], leaning[n] = (output[0] for output in read)
        return Said(vectors=vectors, wanted=wanted, leaning=leaning)

    def tokens(self, sentence: InContext) -> Tokens:
        """Gives what the model is fed: `[CLS] before [SEP] sentence [SEP] after [SEP]`; a neighbour "" is left out."""
        before = self._ids(sentence.before[-_TOKENIZED:])[-MAX_BEFORE_TOKENS:]
        after = self._ids(sentence.after)[:MAX_AFTER_TOKENS]
        text = self._ids(sentence.text)[:MAX_TOKENS]
        ids, types = [_CLS], [0]
        for part, kind in ((before, 1), (text, 0), (after, 1)):
            if part or kind == 0:
                ids += [*part, _SEP]
                types += [kind] * (len(part) + 1)
        return Tokens(ids=tuple(ids), types=tuple(types))

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(printable(text[:_TOKENIZED]), add_special_tokens=False).ids) if text else []

    @cached_property
    def _session(self) -> "InferenceSession":
        return session(WEIGHTS)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return tokenizer(_TOKENIZED)
