"""Tokens and sessions on a fake and on a real Redis."""

import random
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import pytest

from screen.sessions import Sessions
from screen.tokens import Redis, Tokens
from streams.store.redis.client import Client


class FakeRedis:
    """The few commands that tokens use; nothing expires by itself."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    async def run(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        return [getattr(self, f"on_{name.lower()}")(*arguments) for name, *arguments in commands]

    def on_get(self, key: str) -> Any:
        return self.kept.get(key)

    def on_set(self, key: str, value: bytes, _pxat: str, _ms: int) -> str:
        self.kept[key] = value.decode()
        return "OK"

    def on_getdel(self, key: str) -> Any:
        return self.kept.pop(key, None)

    def on_sadd(self, key: str, *members: str) -> None:
        self.kept.setdefault(key, set()).update(members)

    def on_srem(self, key: str, *members: str) -> None:
        self.kept.get(key, set()).difference_update(members)

    def on_smembers(self, key: str) -> set[str]:
        return set(self.kept.get(key, ()))

    def on_srandmember(self, key: str, most: int) -> list[str]:
        return random.sample(sorted(self.kept.get(key, ())), min(most, len(self.kept.get(key, ()))))

    def on_zadd(self, key: str, score: int, member: str) -> None:
        self.kept.setdefault(key, {})[member] = score

    def on_zrem(self, key: str, member: str) -> None:
        self.kept.get(key, {}).pop(member, None)

    def on_zremrangebyscore(self, key: str, _least: str, most: int) -> None:
        self.kept[key] = {member: score for member, score in self.kept.get(key, {}).items() if score > most}

    def on_zcard(self, key: str) -> int:
        return len(self.kept.get(key, {}))

    def on_pexpireat(self, _key: str, _ms: int) -> None:
        pass

    on_del = on_getdel


class Clock:
    def __init__(self) -> None:
        self.now_ms = 1_900_000_000_000  # later than the real one, so that a real server expires nothing

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["fake", "redis"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of a real server, or none for the fake."""
    return request.getfixturevalue("redis_url") if request.param == "redis" else None


@pytest.fixture
async def redis(url: str | None) -> AsyncIterator[Redis]:
    if url is None:
        yield FakeRedis()
    else:
        client = Client(url)
        yield client
        await client.close()


@pytest.fixture
def fake_redis() -> FakeRedis:
    return FakeRedis()


@pytest.fixture
def sessions(tokens: Tokens, clock: Clock) -> Sessions:
    return Sessions(tokens, clock, most=3)


@pytest.fixture
def tokens(redis: Redis, clock: Clock) -> Tokens:
    return Tokens(redis, clock, prefix=uuid4().hex)
