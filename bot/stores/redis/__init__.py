"""State in Redis or Valkey, on a single server or a cluster, shared by many replicas of the program."""

from bot.stores.redis.store import RedisStore

__all__ = ["RedisStore"]
