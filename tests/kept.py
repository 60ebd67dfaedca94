"""The real small models, asked once for each text, so that tests of thousands of drafts take minutes and not hours."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from bot.encoder.claim_encoder import ClaimEncoder, InContext, Said
from bot.encoder.embedder import DIMENSIONS, Embedder, Vectors


class KeptVectors(Embedder):
    """The real embedder, asked once for each text."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._one(text) for text in texts], dtype=np.float32).reshape(len(texts), DIMENSIONS)

    @cache  # noqa: B019 - lives as long as the test run
    def _one(self, text: str) -> Vectors:
        vector: Vectors = super().embed([text])[0]
        return vector


class KeptClaims(ClaimEncoder):
    """The real claim encoder, asked once for each sentence in its context."""

    def read(self, sentences: Sequence[InContext]) -> Said:
        if not sentences:
            return super().read(())
        said = [self._one(sentence) for sentence in sentences]
        return Said(
            vectors=np.concatenate([one.vectors for one in said]),
            wanted=np.concatenate([one.wanted for one in said]),
            leaning=np.concatenate([one.leaning for one in said]),
        )

    @cache  # noqa: B019 - lives as long as the test run
    def _one(self, sentence: InContext) -> Said:
        return super().read([sentence])


VECTORS = KeptVectors()
CLAIM_ENCODER = KeptClaims()
