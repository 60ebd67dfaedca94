"""Connections on which more happens than is asked: what only a crowd brings about, made to happen every time."""

from collections.abc import Awaitable, Callable, Sequence

from bot.stores.redis.connection import Connection
from bot.stores.redis.scripts import Script

Act = Callable[[], Awaitable[object]]


class Interrupted(Connection):
    """Does something else just before the so-manieth call that changes anything.

    With `again`, that call was made before already, and its answer lost.
    """

    def __init__(self, url: str, call: int, act: Act, *, again: bool = False) -> None:
        super().__init__(url)
        self._left = call
        self._act = act
        self._again = again

    async def number(
        self, script: Script, keys: Sequence[str], *arguments: str | int | float, again: bool = True
    ) -> int:
        self._left -= 1
        if self._left == 0:
            if self._again:
                await super().number(script, keys, *arguments, again=again)
            await self._act()
        return await super().number(script, keys, *arguments, again=again)
