"""The stores that must fulfil one contract: the fake in memory, and real servers, one of them a cluster."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from streams.store.memory import MemoryStore
from streams.store.port import Store
from streams.store.redis import RedisStore
from tests.servers import redis, redis_cluster
from tests.servers.absent import absent, services_required

SERVERS = {"redis": "redis_url", "cluster": "cluster_url"}
if redis.installed_binary() or services_required():  # one more server, and not one more run on the embedded one
    SERVERS["redis-7"] = "installed_redis_url"


@dataclass
class Subject:
    """A fresh store, and how to let time pass for it."""

    store: Store
    wait: Callable[[float], Awaitable[None]]


@pytest.fixture(scope="session")
def installed_redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the machine's own Redis (7 on Debian 12), empty."""
    binary = redis.installed_binary()
    if binary is None:
        absent("no redis-server on the PATH (apt-get install redis-server)")
    with redis.running(binary, tmp_path_factory.mktemp("redis") / "node") as server:
        yield server.url


@pytest.fixture(scope="session")
def cluster_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty Redis Cluster of three nodes."""
    with redis_cluster.running(redis.embedded_binary(), tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster.url


@pytest.fixture(params=["memory", *SERVERS])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of the server, or none for the fake."""
    return None if request.param == "memory" else request.getfixturevalue(SERVERS[request.param])


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
