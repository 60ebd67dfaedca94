"""Sees what the worker tells of attempts."""

from contextlib import AbstractContextManager, nullcontext

from bot.core.observing import Attempted, ModelCall, Observers
from bot.core.state import Leased


class Onlooker:
    """Keeps what it learns; joins `observers` when it is made."""

    def __init__(self, observers: Observers) -> None:
        self.attempts: list[Attempted] = []
        self.calls: list[ModelCall] = []
        observers.join(self)

    def around(self, leased: Leased) -> AbstractContextManager[None]:  # noqa: ARG002 - the port's signature
        """Keeps nothing."""
        return nullcontext()

    def attempted(self, attempted: Attempted) -> None:
        """Keeps it."""
        self.attempts.append(attempted)

    def called(self, call: ModelCall) -> None:
        """Keeps it."""
        self.calls.append(call)

    def told(self, id_: str) -> str:
        """Gives why attempts at messages failed whose ids hold this, a line each."""
        return "\n".join(each.reason for each in self.attempts if id_ in each.message.id and each.reason)
