"""What people do to a Kafka while the agents run, or stand still: partitions added, a topic made anew, offsets reset.

And what a platform that writes in transactions, as Flink does for "exactly once", leaves in the log: its marks, and what it took back.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from aiokafka.errors import KafkaError

from agents import topics
from streams import keys
from streams.store.redis import RedisStore
from streams.topics import INPUTS, ORDERS, VIEWS
from tests.integration.agents.world import now_ms, record
from tests.kafka.feed import fed, send
from tests.kafka.steps import delete, first_applied, until
from tests.kafka.verdict import differences, ends, judge, settled
from tests.load import Load
from tests.servers.crew import working
from tests.servers.kafka import Kafka
from tests.servers.redis import Server

pytestmark = pytest.mark.kafka

PARTITIONS = 4


async def test_partitions_added(kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path) -> None:
    load = Load(11)
    await topics.create_missing(kafka.brokers, PARTITIONS)
    async with working(kafka.bootstrap, redis_server.url, tmp_path, size=2) as crew:
        async with fed(kafka.brokers, load):
            await first_applied(store)
        await add_partitions(kafka, 2 * PARTITIONS)
        async with fed(kafka.brokers, load):  # by now the same rooms are in other partitions
            await asyncio.sleep(3)
        assert len(await ends(kafka.brokers)) == len(INPUTS) * 2 * PARTITIONS
        await judge(kafka, store, load)
        assert crew.ends == []


async def test_topic_made_anew(kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path) -> None:
    """While a worker runs: the events of the new topic count beside those of the old one."""
    load = Load(12)
    await topics.create_missing(kafka.brokers, PARTITIONS)
    async with working(kafka.bootstrap, redis_server.url, tmp_path) as crew:
        await send(kafka.brokers, load, 20_000)
        await settled(kafka.brokers, store)
        await make_anew(kafka, ORDERS)
        await send(kafka.brokers, load, 2_000)
        await settled(kafka.brokers, store)
        assert crew.logged(f"{ORDERS} WAS MADE ANEW")
    assert f"{ORDERS} was deleted and made anew" in doctor(kafka, redis_server)
    assert await differences(store, load) == []


async def test_topic_made_anew_with_more_in_it(kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path) -> None:
    """Between two workers: no end of the new topic tells that it is another one."""
    load = Load(14)
    await topics.create_missing(kafka.brokers, PARTITIONS)
    async with working(kafka.bootstrap, redis_server.url, tmp_path):
        await send(kafka.brokers, load, 5_000)
        await settled(kafka.brokers, store)
    await make_anew(kafka, ORDERS)
    await send(kafka.brokers, load, 50_000)
    async with working(kafka.bootstrap, redis_server.url, tmp_path / "again") as crew:
        await settled(kafka.brokers, store)
        assert crew.logged(f"{ORDERS} WAS MADE ANEW")
    assert await differences(store, load) == []


@pytest.mark.parametrize("to", ["the start", "the end"])
async def test_offsets_reset_by_hand(kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path, to: str) -> None:
    load = Load(16)
    await topics.create_missing(kafka.brokers, PARTITIONS)
    async with working(kafka.bootstrap, redis_server.url, tmp_path, GROUP="reset"):
        await send(kafka.brokers, load, 20_000)
        await settled(kafka.brokers, store)
    await send(kafka.brokers, load, 20_000)
    await reset(kafka, "reset", to_end=to == "the end")
    assert "group reset: Kafka's offsets are not what is applied" in doctor(kafka, redis_server, GROUP="reset")
    async with working(kafka.bootstrap, redis_server.url, tmp_path / "again", GROUP="reset"):
        await judge(kafka, store, load)


async def test_what_a_transaction_took_back_does_not_count_and_its_marks_are_no_records_that_wait(
    kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path
) -> None:
    await topics.create_missing(kafka.brokers, 2)
    async with working(kafka.bootstrap, redis_server.url, tmp_path) as crew:
        producer = AIOKafkaProducer(**kafka.brokers.client(), transactional_id="platform")
        await producer.start()
        try:
            await like(producer, 20)
            await like(producer, 7, keep=False)
            await settled(kafka.brokers, store)
            await like(producer, 3)
            await like(producer, 1, keep=False)
            await settled(kafka.brokers, store)
        finally:
            await producer.stop()
        assert crew.ends == []
    (total,) = await store.hashes("room", [keys.TOTAL])
    assert total["likes"] == "23"


class TakenBack(Exception):
    """Ends a transaction without its records."""


async def like(producer: AIOKafkaProducer, times: int, keep: bool = True) -> None:
    """Likes a room in one transaction, and takes all of it back unless it is to be kept."""
    try:
        async with producer.transaction():
            for number in range(times):
                topic, room, liked = record(VIEWS, id=f"l{number}", room="room", at=now_ms(), kind="liked", user="u")
                await producer.send_and_wait(topic, liked, key=room)
            if not keep:
                raise TakenBack
    except TakenBack:
        assert not keep


async def add_partitions(kafka: Kafka, count: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.create_partitions({topic: NewPartitions(count) for topic in INPUTS})
    finally:
        await admin.close()


async def make_anew(kafka: Kafka, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await delete(admin, [topic])
    finally:
        await admin.close()
    await topics.create_missing(kafka.brokers, PARTITIONS)


async def reset(kafka: Kafka, group: str, to_end: bool) -> None:
    """Sets the offsets of a group that has no members."""
    goals = {TopicPartition(place.topic, place.number): end if to_end else 0 for place, end in (await ends(kafka.brokers)).items()}
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(list(goals))

        async def empty() -> bool:  # dead members are in it until their session ends
            try:
                await consumer.commit(goals)
            except KafkaError:
                return False
            return True

        await until(empty, f"{group} still has members")
    finally:
        await consumer.stop()


def doctor(kafka: Kafka, redis: Server, **settings: str) -> str:
    """What `livescreen doctor` prints. Further settings by their names, in capitals."""
    wanted = {"KAFKA": kafka.bootstrap, "REDIS": redis.url} | settings
    variables = os.environ | {f"LIVESCREEN_{name}": value for name, value in wanted.items()}
    return subprocess.run([sys.executable, "-m", "deploy", "doctor"], env=variables, capture_output=True, text=True, check=False).stdout
