"""One reply to be had of the model, by one call or two, each paid for by itself."""

from contextlib import aclosing

from bot.core.ports import Made
from bot.core.prompts import Prompt
from bot.core.replies import EngineName
from bot.engines.claude.budget import Budget
from bot.engines.claude.calls import Calls, Stream
from bot.engines.claude.clock import Clock, Times
from bot.engines.claude.pieces import Meter
from bot.engines.claude.requests import Request, tokens


class Errand:
    """Calls the model for `person`, as `prompt` asks for it, within the time of one reply. Begins when it is made."""

    def __init__(self, calls: Calls, budget: Budget, times: Times, *, prompt: Prompt, person: str) -> None:
        self._calls = calls
        self._budget = budget
        self._clock = Clock(times)
        self._person = person
        self.prompt = prompt
        self.meter = Meter()

    @property
    def is_foreign(self) -> bool:
        """Whether the server may know less than Anthropic's own."""
        return self._calls.is_foreign

    async def stream(self, request: Request) -> Stream:
        """Streams the reply to a request; as much as it and the longest reply may take is reserved before.

        Raises:
            CallFailedError: there is no whole reply in time, or the day's tokens do not allow it.
        """
        reserved = tokens(request) + self.prompt.max_tokens
        async with (
            self._budget.spending(self._person, reserved, self.meter),
            aclosing(self._calls.stream(request, self._clock.deadlines(), self.meter)) as pieces,
        ):
            async for piece in pieces:
                yield piece

    def made(self, *, guarded: bool = False) -> Made:
        """How the reply was made."""
        return Made(EngineName.CLAUDE, model=self.prompt.model, usage=self.meter.usage, guarded=guarded)
