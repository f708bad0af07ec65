"""The store in Redis."""

from streams.store.redis.store import RedisStore

__all__ = ["RedisStore"]
