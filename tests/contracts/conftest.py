"""The stores that must fulfil one contract: the fake in memory, and a real server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest

from streams.store.memory import MemoryStore
from streams.store.port import Store
from streams.store.redis import RedisStore


@dataclass
class Subject:
    """A fresh store, and how to let time pass for it."""

    store: Store
    wait: Callable[[float], Awaitable[None]]


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of the server, or none for the fake."""
    return request.getfixturevalue("redis_url") if request.param == "redis" else None


@pytest.fixture
async def subject(url: str | None) -> AsyncIterator[Subject]:
    if url is None:
        clock = [1_700_000_000_000]

        async def wait(seconds: float) -> None:
            clock[0] += int(seconds * 1000)

        yield Subject(MemoryStore(lambda: clock[0]), wait)
    else:
        store = RedisStore.connect(url, prefix=uuid4().hex)
        yield Subject(store, asyncio.sleep)
        await store.close()


@pytest.fixture
def store(subject: Subject) -> Store:
    return subject.store
