"""Many records at once on a real Kafka: where each goes, in which order, and what is told when Kafka takes none."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from agents.topics import create_missing
from screen.parts import KafkaAway
from screen.producer import KafkaProducer
from streams.kafka.brokers import Brokers
from streams.topics import VIEWS
from tests.servers.kafka import Kafka


@pytest.fixture
async def producer(kafka: Kafka) -> AsyncIterator[KafkaProducer]:
    await create_missing(Brokers(kafka.bootstrap), 4, 1)
    made = KafkaProducer(Brokers(kafka.bootstrap))
    await made.start()
    yield made
    await made.stop()


async def read(address: str, count: int) -> dict[bytes, list[tuple[int, bytes]]]:
    """Key → its records in the order of the log, with the partition."""
    consumer = AIOKafkaConsumer(bootstrap_servers=address, group_id=None)
    await consumer.start()
    found: dict[bytes, list[tuple[int, bytes]]] = {}
    try:
        parts = [TopicPartition(VIEWS, number) for number in range(4)]
        consumer.assign(parts)
        await consumer.seek_to_beginning(*parts)
        async with asyncio.timeout(60):
            for _ in range(count):
                record = await consumer.getone()
                found.setdefault(record.key, []).append((record.partition, record.value))
    finally:
        await consumer.stop()
    return found


async def test_each_key_keeps_its_order_in_one_partition(kafka: Kafka, producer: KafkaProducer) -> None:
    # More than one batch for a partition: values of 2 KB, a thousand of each room.
    records = [(VIEWS, f"room-{n % 7}", f"{n:05}".encode() + bytes(2_000)) for n in range(7_000)]
    assert await producer.send_many(records) == [True] * len(records)
    assert await producer.send_many([]) == []
    found = await read(kafka.bootstrap, len(records))
    for key, rows in found.items():
        assert len({partition for partition, _ in rows}) == 1
        assert [value for _, value in rows] == [value for _, name, value in records if name.encode() == key]


async def test_a_record_goes_where_aiokafka_itself_would_send_it(kafka: Kafka, producer: KafkaProducer) -> None:
    keys = [f"room-{n}" for n in range(20)]
    await producer.send_many([(VIEWS, key, b"a") for key in keys])
    other = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await other.start()
    for key in keys:
        await other.send_and_wait(VIEWS, b"b", key=key.encode())
    await other.stop()
    found = await read(kafka.bootstrap, 2 * len(keys))
    assert all(len({partition for partition, _ in rows}) == 1 for rows in found.values())


async def test_a_large_record_among_small_ones(kafka: Kafka, producer: KafkaProducer) -> None:
    records = [(VIEWS, "r", b"small"), (VIEWS, "r", bytes(1_000_000)), (VIEWS, "r", b"last")]
    assert await producer.send_many(records) == [True] * 3
    found = await read(kafka.bootstrap, 3)
    assert [len(value) for _, value in found[b"r"]] == [5, 1_000_000, 4]


async def test_before_it_is_connected_it_is_away() -> None:
    with pytest.raises(KafkaAway):
        await KafkaProducer(Brokers("127.0.0.1:1")).send_many([(VIEWS, "r", b"a")])
