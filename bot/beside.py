"""What blocks, done beside the event loop, in a thread that does not hold up the process's end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_Value = TypeVar("_Value")


async def beside(call: Callable[[], _Value]) -> _Value:
    """Gives what `call` gives, or raises what it raises; an executor's threads would be waited for at the end.

    Who is cancelled while waiting leaves the call to go on by itself.
    """
    future: Future[_Value] = Future()

    def run() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(call())
        except Exception as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(future)
