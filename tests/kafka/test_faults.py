"""On a real Kafka each record counts exactly once, whatever dies: workers, the broker, one broker of three."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from agents import topics
from streams.store.redis import RedisStore
from tests.kafka.feed import fed
from tests.kafka.steps import first_applied, until
from tests.kafka.verdict import judge
from tests.load import Load
from tests.servers import redis, redis_cluster
from tests.servers.crew import working
from tests.servers.kafka import Kafka
from tests.servers.redis import Server

pytestmark = pytest.mark.kafka

PARTITIONS = 4
KILLS = 6
#: How long the other worker goes on with the partitions of the frozen one.
OVERTAKEN_SECONDS = 3.0
AWAY_SECONDS = 30.0


async def test_workers_killed(kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path) -> None:
    chance, load = random.Random(1), Load(1)
    await topics.create_missing(kafka.brokers, PARTITIONS)
    async with working(kafka.bootstrap, redis_server.url, tmp_path, size=2) as crew:
        async with fed(kafka.brokers, load):
            await first_applied(store)
            for _ in range(KILLS):
                await asyncio.sleep(chance.uniform(1, 4))
                chance.choice(crew.workers).kill()
        await judge(kafka, store, load)
        assert crew.ends.count(-signal.SIGKILL) == KILLS


async def test_worker_joins_while_the_store_is_slow(kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path) -> None:
    """Faust cancels the actors of partitions that go to the new worker, here with a chunk in hand: the old worker must live on."""
    load = Load(5)
    await topics.create_missing(kafka.brokers, PARTITIONS)
    async with working(kafka.bootstrap, redis_server.url, tmp_path) as crew:
        async with fed(kafka.brokers, load, 1_000):
            await first_applied(store)
            crew.add()
            for _ in range(20):
                redis_server.client.client_pause(700, all=False)
                await asyncio.sleep(0.75)
        await judge(kafka, store, load)
        await until(lambda: has_members(kafka, crew.group, 2), "the two do not share the partitions")
        assert crew.ends == []


async def test_worker_frozen_and_thawed(kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path) -> None:
    load = Load(2)
    await topics.create_missing(kafka.brokers, PARTITIONS)
    async with working(kafka.bootstrap, redis_server.url, tmp_path, size=2) as crew:
        async with fed(kafka.brokers, load):
            await until(lambda: has_members(kafka, crew.group, 2), "the two do not share the partitions")
            for worker in crew.workers:
                worker.signal(signal.SIGSTOP)
                await until(lambda: has_members(kafka, crew.group, 1), "the frozen worker is still a member")
                await asyncio.sleep(OVERTAKEN_SECONDS)
                worker.signal(signal.SIGCONT)
                await until(lambda: has_members(kafka, crew.group, 2), "the thawed worker does not come back")
        await judge(kafka, store, load)


async def test_broker_away(kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path) -> None:
    load = Load(3)
    await topics.create_missing(kafka.brokers, PARTITIONS)
    async with working(kafka.bootstrap, redis_server.url, tmp_path) as crew:
        async with fed(kafka.brokers, load):
            await first_applied(store)
            kafka.nodes[0].process.kill()
            await asyncio.sleep(AWAY_SECONDS)
            kafka.start()
            await kafka.ready()
            await asyncio.sleep(3)
        await judge(kafka, store, load)
        assert crew.ends == [], "a worker waits for the broker; it need not be started again"


async def test_one_broker_of_three_killed(trio: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path) -> None:
    load = Load(4)
    await topics.create_missing(trio.brokers, PARTITIONS)
    async with working(trio.bootstrap, redis_server.url, tmp_path):
        async with fed(trio.brokers, load):
            await first_applied(store)
            trio.nodes[0].process.kill()
            await asyncio.sleep(10)
        await judge(trio, store, load)
        async with fed(trio.brokers, load):  # and it comes back, behind the others
            trio.start()
            await trio.ready()
            await asyncio.sleep(3)
        await judge(trio, store, load)


async def test_nodes_of_a_redis_cluster_killed(kafka: Kafka, tmp_path: Path) -> None:
    load = Load(6)
    await topics.create_missing(kafka.brokers, PARTITIONS)
    with redis_cluster.running(redis.embedded_binary(), tmp_path / "redis") as cluster:
        async with working(kafka.bootstrap, cluster.url, tmp_path) as crew:
            async with fed(kafka.brokers, load), connected(cluster.url) as store:
                await first_applied(store)
                for node in cluster.nodes:
                    node.process.kill()
                    await asyncio.sleep(4)
                    cluster.start()
                    await asyncio.sleep(4)
            async with connected(cluster.url) as store:  # one whose connections none of that has broken
                await judge(kafka, store, load)
            assert crew.ends == [], "a worker waits for the node; it need not be started again"


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[RedisStore]:
    store = RedisStore.connect(url)
    yield store
    await store.close()


async def has_members(kafka: Kafka, group: str, count: int) -> bool:
    """Whether so many workers share the partitions, none of them coming or going."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_consumer_groups([group])
    finally:
        await admin.close()
    _, _, state, _, _, members, *_ = answer.groups[0]
    return state == "Stable" and len(members) == count
