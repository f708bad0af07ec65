"""A real Kafka for these tests, its topics wiped before each, and an empty store."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from streams.store.redis import RedisStore
from tests.kafka.steps import delete
from tests.servers import jars, redis
from tests.servers import kafka as servers
from tests.servers.absent import absent
from tests.servers.kafka import Kafka


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "kafka: runs on a real Apache Kafka; needs Java, and Maven to fetch it")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it logs each failed connection, and here brokers die on purpose


@pytest.fixture(scope="session")
def _broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    if (why := jars.missing()) is not None:
        absent(why)
    with servers.running(tmp_path_factory.mktemp("kafka")) as kafka:
        yield kafka


@pytest.fixture
def kafka(_broker: Kafka) -> Kafka:
    """One broker with no topics, up and ready whatever the test before did to it."""
    _broker.start()
    asyncio.run(_wipe(_broker))
    return _broker


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Kafka]:
    """Three brokers of this test's own."""
    if (why := jars.missing()) is not None:
        absent(why)
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


async def _wipe(kafka: Kafka) -> None:
    await kafka.ready()
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        names = [name for name in await admin.list_topics() if not name.startswith("__")]
        if names:
            await delete(admin, names)
    finally:
        await admin.close()
