"""Stores with something in them, and what lies on the disk."""

from pathlib import Path

from bot.core.messages import Incoming
from bot.core.state import Store


async def give_up(store: Store, *, dead: int, waiting: int = 0) -> None:
    """Puts messages into the inbox and gives the first of them up."""
    for number in range(dead + waiting):
        message = Incoming(id=f"slack:Ev{number}", person="slack:T1/UDANA", thread=f"{number}", text="our offer")
        await store.inbox.put(message)
    for _ in range(dead):
        leased = await store.inbox.lease(wait=0)
        assert leased
        await store.inbox.bury(leased, "ValueError in ask.py:71")


def everything(folder: Path) -> dict[str, bytes]:
    """All files below a folder with what they hold, and its folders."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}
