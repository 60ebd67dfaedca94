"""What a reply adds to the figures of the version that it was made with."""

from bot.core.ports import Made
from bot.core.prompts import Tally


def tally(made: Made, latency_ms: float, *, guarded: bool = False) -> Tally:
    """Gives the figures of a reply; `guarded` says that its guard refused something after the engine was done."""
    return Tally(
        latency_ms=latency_ms,
        model=made.model,
        usage=made.usage,
        guarded=made.guarded or guarded,
        fell_back=made.fallback is not None,
    )
