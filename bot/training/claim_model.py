"""The claim encoder as it is trained: MiniLM with a head that holds a sentence against any claim."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from bot.encoder.claim_encoder import Tokens
from bot.encoder.embedder import DIMENSIONS
from bot.knowledge.examples import Stance
from bot.training.weights import export_int8

SCALE, LEANING = 12.0, -6.0
"""What the head starts from: log-odds of 12 times the cosine, less 6. So it starts as a similarity threshold of 0.5."""
STANCES = tuple(Stance)


class ClaimModel(nn.Module):
    """Reads sentences; what they assert and what they are about are both in one vector, unlike in similarity search.

    `stance` is a head for training only: telling the six stances apart keeps in the vector what the claims alone would
    not ask for.
    """

    def __init__(self, weights: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(weights, attn_implementation="eager")
        self.encoder.pooler = None
        self.encoder.embeddings.word_embeddings.weight.requires_grad = False
        self.match = nn.Linear(DIMENSIONS, DIMENSIONS, bias=False)
        self.claim = nn.Linear(DIMENSIONS, 1)
        self.stance = nn.Linear(DIMENSIONS, len(STANCES))
        with torch.no_grad():
            self.match.weight.copy_(torch.eye(DIMENSIONS) * SCALE)
            self.claim.weight.zero_()
            self.claim.bias.fill_(LEANING)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Gives unit vectors `(batch, 384)`, wanted claims `(batch, 384)` and leanings `(batch,)`; id 0 is padding."""
        vectors = self.vectors(input_ids, token_type_ids)
        return vectors, self.match(vectors), self.claim(vectors).squeeze(-1)

    def vectors(self, input_ids: Tensor, token_type_ids: Tensor) -> Tensor:
        """Gives the mean of the sentence's own tokens, those of type 0, as a unit vector."""
        hidden = self.encoder(
            input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=(input_ids != 0).long()
        ).last_hidden_state
        own = ((token_type_ids == 0) & (input_ids != 0)).unsqueeze(-1).to(hidden.dtype)
        return nn.functional.normalize((hidden * own).sum(1) / own.sum(1), dim=-1)


def tensors(sentences: Sequence[Tokens]) -> tuple[Tensor, Tensor]:
    """Pads sentences to one length: ids and token types."""
    width = max(len(tokens.ids) for tokens in sentences)
    ids = torch.zeros(len(sentences), width, dtype=torch.long)
    types = torch.zeros_like(ids)
    for row, tokens in enumerate(sentences):
        ids[row, : len(tokens.ids)] = torch.tensor(tokens.ids)
        types[row, : len(tokens.types)] = torch.tensor(tokens.types)
    return ids, types


def export(model: ClaimModel, file: Path) -> None:
    """Writes the model as int8 ONNX."""
    ids, types = tensors([Tokens(ids=(101, 2000, 102, 2000, 102), types=(0, 1, 1, 0, 0))] * 2)
    outputs = {"vectors": ("batch",), "wanted": ("batch",), "leaning": ("batch",)}
    export_int8(model, {"input_ids": ids, "token_type_ids": types}, outputs, file)
