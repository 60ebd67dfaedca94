"""What the store holds that several checks want to know, read without opening it as a running coach does."""

import sys
from dataclasses import dataclass

from bot.core.state import Depth, Log, StoreAwayError
from bot.prompts.history import History
from bot.prompts.standing import Standing
from bot.settings import Settings
from bot.stores.opening import FILE

_NEVER = sys.maxsize
"""After so many entries a snapshot would be kept: nothing is to be written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How the versions of the prompt stand, and how many messages there are."""

    standing: Standing
    depth: Depth


FRESH = Kept(Standing(), Depth(waiting=0, leased=0, dead=0, oldest=0.0))
"""What a store holds before the first start."""


async def read_kept(settings: Settings) -> Kept | None:
    """Gives what the store holds; None when it cannot be read, or was written by a newer program."""
    try:
        return await (_of_redis(settings.redis_url.get_secret_value()) if settings.redis_url else _of_file(settings))
    except StoreAwayError:
        return None


async def _of_file(settings: Settings) -> Kept | None:
    from bot.stores.sqlite.looking import KNOWN, SqliteLook

    path = settings.coach_data_dir / FILE
    if not path.exists():
        return FRESH
    look = SqliteLook(path)
    try:
        marks = await look.marks()
        if not marks.is_ours or marks.schema > KNOWN:
            return None
        return Kept(await _standing(look.log), await look.inbox.depth()) if marks.schema else FRESH
    finally:
        await look.close()


async def _of_redis(url: str) -> Kept | None:
    from bot.stores.redis.looking import KNOWN, RedisLook

    look = RedisLook(url)
    try:
        await look.open()
        if await look.schema() > KNOWN:
            return None
        return Kept(await _standing(look.log), await look.inbox.depth())
    finally:
        await look.close()


async def _standing(log: Log) -> Standing:
    return await History(log, snapshot_every=_NEVER).standing()
