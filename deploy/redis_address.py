"""The address of the store, checked."""

import re
from urllib.parse import urlsplit


def redis_url(value: str) -> str:
    """Checks a Redis address without ever showing it: it may hold a password."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("has a host or port that is none") from None
    by_file = parts.scheme == "unix" and parts.path
    by_host = parts.scheme in {"redis", "rediss", "redis+cluster", "rediss+cluster"} and parts.hostname and port != 0
    if not by_file and not (by_host and re.fullmatch(r"/?[0-9]*", parts.path)):
        raise ValueError("must be redis://[user:password@]host[:port][/number], rediss://…, redis+cluster://… or unix://path")
    from streams.store.redis.client import Client  # noqa: PLC0415 (only with a store of one's own, and that needs it anyway)

    try:
        Client(value)
    except ValueError:
        raise ValueError("has an option behind its ? that there is not, or a wrong value of one") from None
    return value
