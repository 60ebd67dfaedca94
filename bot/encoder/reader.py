"""The passage reader: which sentences of a passage answer a question, and whether the passage answers it at all.

A cross-encoder of four MiniLM layers, fine-tuned by `bot.training.train_reader` on lessons and questions about other
subjects than any shipped lesson's (`training/`, model card in `docs/reader.md`). It reads the question and the whole
passage at once, so one run scores every sentence in its context.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.encoder.embedder import HERE, printable, session, tokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MAX_QUESTION_TOKENS = 64
MAX_HEADING_TOKENS = 20
MAX_SENTENCE_TOKENS = 60
MAX_PASSAGE_TOKENS = 250
_CLS, _SEP, _MARK = 101, 102, 1
"""BERT's own ids; `[unused0]` marks the start of each sentence and carries its score."""

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """Logits from one passage: one a sentence (a sentence beyond the reader's window gets none), one for the whole."""

    sentences: Scores
    passage: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage as the model reads them. `marks` are the sentence markers' positions in `ids`."""

    ids: tuple[int, ...]
    question_length: int
    marks: tuple[int, ...]


class Reader:
    """Reads passages for a question. Loads its weights at first use; runs on one thread."""

    def tokens(self, text: str, limit: int) -> tuple[int, ...]:
        """Gives the first `limit` WordPiece ids of `text`."""
        return tuple(self._tokenizer.encode(printable(text), add_special_tokens=False).ids[:limit])

    def pair(self, question: Sequence[int], heading: Sequence[int], sentences: Sequence[Sequence[int]]) -> Pair:
        """Puts a question and a passage, both as ids, together as the model reads them."""
        ids = [_CLS, *question, _SEP]
        length = len(ids)
        ids += heading
        marks = []
        for sentence in sentences:
            if len(ids) + len(sentence) + 2 > MAX_PASSAGE_TOKENS:
                break
            marks.append(len(ids))
            ids += [_MARK, *sentence]
        return Pair(ids=(*ids, _SEP), question_length=length, marks=tuple(marks))

    def read(self, pair: Pair) -> Reading:
        """Scores one passage."""
        ids = np.array([pair.ids], dtype=np.int64)
        types = (np.arange(ids.shape[1]) >= pair.question_length).astype(np.int64)[None]
        sentence_logits, passage_logit = self._session.run(None, {"input_ids": ids, "token_type_ids": types})
        return Reading(sentences=sentence_logits[0, list(pair.marks)], passage=float(passage_logit[0]))

    def vocabulary(self) -> frozenset[str]:
        """Gives the whole words of the tokenizer's vocabulary: about 20,000 common English words."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha() and word.isascii())

    @cached_property
    def _session(self) -> "InferenceSession":
        return session(HERE / "reader.onnx")

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return tokenizer(MAX_PASSAGE_TOKENS)
