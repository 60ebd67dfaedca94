"""What an operator can see of the coach's work, as a port: told of each attempt and each call, never of a text."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.core.failures import kind_and_place
from bot.core.messages import Incoming
from bot.core.prompts import NO_TOKENS, Usage
from bot.core.replies import Fallback, Reply
from bot.core.state import Leased

_log = logging.getLogger(__name__)


class Ending(StrEnum):
    """How an attempt at a message ended."""

    ANSWERED = "answered"
    RETRIED = "retried"
    """It failed, and is tried again later."""
    WAITS = "waits"
    """What it is to be answered on was away; it is tried again later."""
    GIVEN_UP = "given up"
    HANDED_BACK = "handed back"
    """The process was told to end, or had lost the lease."""
    LEFT = "left"
    """To a replica that serves its channel."""
    UNENDED = "unended"
    """The store was away at the end: whether it is noted is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """One attempt at a message, once it is over; times are in seconds.

    `waited` is from put to lease by the store's clock. `first_word` is from the lease to the first piece of the reply,
    `took` to the end. `reason` is one line that holds nothing of the message.
    """

    message: Incoming
    attempt: int
    waited: float
    first_word: float | None
    took: float
    ending: Ending
    reply: Reply | None = field(default=None, repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One call to a model, once it is over; times are in seconds.

    `address` is the server's host and, unless usual, its port. `began` is since 1970; `first_word` and `seconds` are
    from there. `stop_reason` is why the model stopped, `failure` why there is no whole reply.
    """

    model: str
    max_tokens: int
    address: str
    began: float
    seconds: float
    first_word: float | None = None
    stop_reason: str | None = None
    failure: Fallback | None = None
    usage: Usage = NO_TOKENS


class Observer(Protocol):
    """Sees the coach work."""

    def around(self, leased: Leased) -> AbstractContextManager[None]:
        """What goes on while the context lasts belongs to this attempt."""
        ...

    def attempted(self, attempted: Attempted) -> None:
        """Learns of an attempt that is over; comes within its `around`."""
        ...

    def called(self, call: ModelCall) -> None:
        """Learns of a call that is over; comes within the `around` of the message that it was for, if there is one."""
        ...


class Observers:
    """Tells all who have joined; none has at first."""

    def __init__(self) -> None:
        self._all: list[Observer] = []

    def join(self, observer: Observer) -> None:
        """Tells this one too, from now on."""
        self._all.append(observer)

    @contextmanager
    def around(self, leased: Leased) -> Iterator[None]:
        """What goes on while the context lasts belongs to this attempt."""
        with ExitStack() as stack:
            for observer in self._all:
                stack.enter_context(_around(observer, leased))
            yield

    def attempted(self, attempted: Attempted) -> None:
        """Tells of an attempt that is over."""
        for observer in self._all:
            with _harmless():
                observer.attempted(attempted)

    def called(self, call: ModelCall) -> None:
        """Tells of a call that is over."""
        for observer in self._all:
            with _harmless():
                observer.called(call)


@contextmanager
def _around(observer: Observer, leased: Leased) -> Iterator[None]:
    stack = ExitStack()
    with _harmless():
        stack.enter_context(observer.around(leased))
    try:
        yield
    finally:
        with _harmless():
            stack.close()


@contextmanager
def _harmless() -> Iterator[None]:
    """Keeps what goes wrong with seeing from what is seen."""
    try:
        yield
    except Exception as error:
        _log.error("an observer failed: %s", kind_and_place(error))
