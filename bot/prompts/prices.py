"""What models cost."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.core.prompts import Usage

Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Price(BaseModel):
    """Dollars for a million tokens of a model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Dollars
    output: Dollars
    cache_read: Dollars = 0.0
    cache_write: Dollars = 0.0

    def cost(self, usage: Usage) -> float:
        """Dollars for `usage`."""
        return (
            self.input * usage.input_tokens
            + self.output * usage.output_tokens
            + self.cache_read * usage.cache_read_tokens
            + self.cache_write * usage.cache_write_tokens
        ) / 1_000_000


Prices = Mapping[str, Price]
"""Each model's price, by its name as front matter has it."""
