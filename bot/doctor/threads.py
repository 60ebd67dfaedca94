"""Work that blocks, in a thread that nobody has to wait for: a hanging disk must not hold up the end."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

_Value = TypeVar("_Value")


async def in_thread(work: Callable[[], _Value]) -> _Value:
    """Gives what `work` gives, or raises what it raises. Given up waiting for, it is left to itself."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Value] = loop.create_future()

    def settle(value: _Value | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(value)  # type: ignore[arg-type] # without an error there is a value

    def run() -> None:
        value, error = None, None
        try:
            value = work()
        except Exception as raised:
            error = raised
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, name="coach-doctor", daemon=True).start()
    return await done
