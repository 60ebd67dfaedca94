"""The store: whichever of the two the settings name."""

from bot.doctor.examining import Look
from bot.settings import Settings

SUBJECT = "store"


def look(settings: Settings) -> Look:
    """Gives what looks at the store of the settings."""
    if settings.redis_url:
        from bot.doctor import redis_server

        url = settings.redis_url.get_secret_value()
        return lambda: redis_server.check(url)
    from bot.doctor import sqlite_file

    return lambda: sqlite_file.check(settings)
