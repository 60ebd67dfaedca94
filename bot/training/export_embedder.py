"""Writes the embedder's weights and the tokenizer: `python -m bot.training.export_embedder` (extra `train`)."""

import shutil
import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from bot.encoder.embedder import HERE, WEIGHTS
from bot.training.weights import base_weights, export_int8


class MeanPooled(nn.Module):
    """A sentence's vector: the mean of its tokens', scaled to length 1."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(weights, attn_implementation="eager")

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Gives one unit vector a row, `(batch, 384)`."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mean = (hidden * attention_mask.unsqueeze(-1)).sum(1) / attention_mask.sum(1, keepdim=True)
        return nn.functional.normalize(mean, dim=1)


def main() -> None:
    """Exports both files into `bot/encoder`."""
    with tempfile.TemporaryDirectory() as folder:
        weights = base_weights(Path(folder))
        ones = torch.ones(2, 8, dtype=torch.long)
        example = {"input_ids": ones, "attention_mask": ones}
        export_int8(MeanPooled(weights), example, {"vectors": ("batch",)}, WEIGHTS)
        shutil.copy(weights / "tokenizer.json", HERE / "tokenizer.json")


if __name__ == "__main__":
    main()
