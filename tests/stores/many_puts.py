"""A process that puts one message many times at once: `python -m tests.stores.many_puts SPEC ID TIMES`.

Says "ready" when its store is open, waits for a line, and says how many of its puts took the message in.
"""

import asyncio
import sys

from tests.stores.places import store_at
from tests.stores.saying import message


async def main(spec: str, id_: str, times: int) -> None:
    store = store_at(spec)
    await store.open()
    print("ready", flush=True)  # noqa: T201 - the other end reads it
    sys.stdin.readline()
    print(sum(await asyncio.gather(*(store.inbox.put(message(id_)) for _ in range(times)))))  # noqa: T201
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
