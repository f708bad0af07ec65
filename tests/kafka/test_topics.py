"""What is asked of Kafka itself: topics with their settings, the cluster's id, producers that number their records."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from agents import log_id, topics
from deploy.doctor.keeping import check_keeping
from deploy.sender import connect
from streams.topics import ALL, INPUTS, MAX_MESSAGE_BYTES, VIEWS
from tests.servers.kafka import Kafka

pytestmark = pytest.mark.kafka


async def test_creates_what_is_missing_once(kafka: Kafka) -> None:
    made = await asyncio.gather(*(topics.create_missing(kafka.brokers, 3, retention_hours=2) for _ in range(3)))
    assert sorted(set().union(*made)) == sorted(ALL)
    assert await topics.create_missing(kafka.brokers, 8) == []
    assert await partitions(kafka) == {key: [1, 1, 1] for key in ALL}  # three partitions of one copy each
    settings = await config(kafka, VIEWS)
    assert settings["retention.ms"] == str(2 * 3_600_000)
    assert settings["max.message.bytes"] == str(MAX_MESSAGE_BYTES)
    assert await check_keeping(kafka.brokers, INPUTS, 2) == []
    await configure(kafka, VIEWS, {"cleanup.policy": "compact,delete", "retention.ms": "3600000"})
    async with asyncio.timeout(20):
        while not (found := await check_keeping(kafka.brokers, INPUTS, 2)):  # noqa: ASYNC110 (a broker hears of it a moment later)
            await asyncio.sleep(0.1)
    compacted, retention = found
    assert not compacted.good and compacted.text.startswith(f"{VIEWS}: compacted")
    assert retention.good and f"does not hold for {VIEWS} (1 h):" in retention.text


async def test_three_brokers_keep_three_copies(trio: Kafka) -> None:
    await topics.create_missing(trio.brokers, 2)
    assert await partitions(trio) == {key: [3, 3] for key in ALL}


async def test_cluster_id_outlives_a_restart(kafka: Kafka) -> None:
    assert await log_id.read(kafka.brokers) == kafka.id
    kafka.nodes[0].process.kill()
    kafka.start()
    await kafka.ready()
    assert await log_id.read(kafka.brokers) == kafka.id


async def test_sends_with_an_idempotent_producer_in_order(kafka: Kafka) -> None:
    await topics.create_missing(kafka.brokers, 1)
    large = b"x" * (2 * 1024 * 1024)  # more than Kafka takes unless its topic says so
    async with connect(kafka.brokers, [VIEWS]) as sender:
        for number in range(20_000):
            await sender.add(VIEWS, b"room", b"%d" % number)
        await sender.flush()
        await sender.send_alone(VIEWS, b"room", large)
    consumer = AIOKafkaConsumer(VIEWS, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest", max_partition_fetch_bytes=2**22)
    await consumer.start()
    try:
        values = [(await consumer.getone()).value for _ in range(20_001)]
    finally:
        await consumer.stop()
    assert values == [b"%d" % number for number in range(20_000)] + [large]


async def partitions(kafka: Kafka) -> dict[str, list[int]]:
    """Topic → how many copies each of its partitions has."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        described = await admin.describe_topics(list(ALL))
    finally:
        await admin.close()
    return {topic["topic"]: [len(partition["replicas"]) for partition in topic["partitions"]] for topic in described}


async def configure(kafka: Kafka, topic: str, settings: dict[str, str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, settings)])
    finally:
        await admin.close()


async def config(kafka: Kafka, topic: str) -> dict[str, str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    finally:
        await admin.close()
    return {entry[0]: entry[1] for entry in answer.resources[0][4]}
