"""Reads all of `live.dead-letters`."""

from collections.abc import AsyncIterator

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.dead_letters.letters import MENDED, Letter, name_of, parse
from deploy.doctor.ends import read_ends
from streams.kafka.brokers import Brokers
from streams.topics import DEAD_LETTERS, Partition

_FETCH_MS = 1_000
_FETCH_BYTES = 32 * 1024 * 1024


async def read(kafka: Brokers) -> AsyncIterator[tuple[str, Letter]]:
    """Each letter with its name, and the marks of mended ones, as the log holds them now. Raises aiokafka's `KafkaError`."""
    _, ends = await read_ends(kafka, [Partition(DEAD_LETTERS, number) for number in await _partitions(kafka)])
    left = {TopicPartition(kafka.name(place.topic), place.number): end for place, end in ends.items() if end}
    if not left:  # and aiokafka fails where a consumer stops as soon as it has begun
        return
    consumer = AIOKafkaConsumer(**kafka.client(), max_partition_fetch_bytes=_FETCH_BYTES)
    await consumer.start()
    try:
        consumer.assign(list(left))
        await consumer.seek_to_beginning()
        while left:
            for records in (await consumer.getmany(*left, timeout_ms=_FETCH_MS)).values():
                for record in records:
                    if (letter := parse(record.value or b"")) is not None:
                        yield name_of(record.key or b"", letter), letter
            for place in list(left):
                if await consumer.position(place) >= left[place]:
                    del left[place]
    finally:
        await consumer.stop()


async def waiting(kafka: Brokers, *, mendable: bool = False) -> set[str]:
    """The names of the letters that nobody has mended; `mendable`: only of those that can be, which are of one record."""
    names: set[str] = set()
    mended: set[str] = set()
    async for name, letter in read(kafka):
        if letter.is_one or not mendable:
            (mended if letter.reason == MENDED else names).add(name)
    return names - mended


async def _partitions(kafka: Brokers) -> list[int]:
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        if kafka.name(DEAD_LETTERS) not in await admin.list_topics():  # asking for one that is missing might create it
            return []
        (topic,) = await admin.describe_topics([kafka.name(DEAD_LETTERS)])
        return [partition["partition"] for partition in topic["partitions"]]
    finally:
        await admin.close()
