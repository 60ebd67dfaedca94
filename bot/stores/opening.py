"""Chooses the store that the settings ask for."""

from pathlib import Path

from bot.core.state import Store

FILE = "coach.sqlite3"


def make_store(data_dir: Path, redis_url: str | None, *, thread_seconds: float, reply_seconds: float) -> Store:
    """Gives the Redis store when there is a URL, else the embedded one in `data_dir`; neither is opened yet.

    A thread is kept for `thread_seconds` after its last turn, the reply to a message for `reply_seconds`.
    """
    if redis_url:
        from bot.stores.redis.store import RedisStore

        return RedisStore(redis_url, thread_seconds=thread_seconds, reply_seconds=reply_seconds)
    from bot.stores.sqlite.store import SqliteStore

    return SqliteStore(data_dir / FILE, thread_seconds=thread_seconds, reply_seconds=reply_seconds)
