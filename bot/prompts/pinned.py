"""One version for everybody, whatever is live: what an evaluation is served by."""

from bot.core.prompts import Serving, Tally
from bot.prompts.decisions import require_version
from bot.prompts.history import History
from bot.prompts.refusal import Refusal


async def pin(history: History, number: int | None) -> "PinnedVersion":
    """Gives the version `number`, or the live one, for everybody.

    Raises:
        Refusal: there is no such version.
        StoreAwayError: the store is away.
    """
    standing = await history.standing()
    number = standing.live if number is None else number
    if number is None:
        raise Refusal("No version of the system prompt is live: put 0001.md into the prompts folder.")
    version = require_version(standing, number)
    return PinnedVersion(Serving(prompt=await history.prompt(version)))


class PinnedVersion:
    """Serves one version and counts nothing."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    @property
    def number(self) -> int:
        """The version's number."""
        return self._serving.prompt.version

    async def serving(self, person: str) -> Serving:  # noqa: ARG002 - the port's signature
        """Gives the one version."""
        return self._serving

    async def replied(self, served: Serving, tally: Tally) -> None:
        """Counts nothing."""

    async def reacted(self, version: int, trial: int | None, *, up: int, down: int, first: bool) -> None:
        """Counts nothing."""
