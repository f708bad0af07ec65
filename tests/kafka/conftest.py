"""A Kafka of three nodes, and an empty store."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from streams.store.redis import RedisStore
from tests.servers import kafka as servers
from tests.servers import redis
from tests.servers.kafka import Kafka


def pytest_configure() -> None:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it logs each failed connection, and here brokers die on purpose


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Kafka]:
    """Three brokers of this test's own."""
    with servers.running(tmp_path / "kafka", nodes=3) as kafka:
        yield kafka


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[redis.Server]:
    """An empty store of this test's own."""
    with redis.running(redis.embedded_binary(), tmp_path / "redis") as server:
        yield server


@pytest.fixture
async def store(redis_server: redis.Server) -> AsyncIterator[RedisStore]:
    """The same store, for the test to look into."""
    store = RedisStore.connect(redis_server.url)
    yield store
    await store.close()
