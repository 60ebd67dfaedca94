"""Chooses the store that the settings ask for."""

from pathlib import Path

from bot.core.state import Store

FILE = "coach.sqlite3"


def make_store(data_dir: Path, redis_url: str | None) -> Store:
    """Gives the Redis store when there is a URL, else the embedded one in `data_dir`; neither is opened yet."""
    if redis_url:
        from bot.stores.redis.store import RedisStore

        return RedisStore(redis_url)
    from bot.stores.sqlite.store import SqliteStore

    return SqliteStore(data_dir / FILE)
