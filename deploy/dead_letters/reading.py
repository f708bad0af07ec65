"""Reads all of `live.dead-letters`."""

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from agents import lean
from agents.chunk import Undecodable
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
        async for named in drain(consumer, left):
            yield named
    finally:
        await consumer.stop()


async def drain(consumer: AIOKafkaConsumer, left: dict[TopicPartition, int]) -> AsyncIterator[tuple[str, Letter]]:
    """What a consumer that was assigned these partitions reads of them, each up to the offset that `left` has for it; empties `left`.

    Read as the agents read: whoever may write to the topic must not fill this process's memory, nor stop it with a batch that is broken.
    """
    lean.unwrap(consumer._fetcher)
    while left:
        for place, records in (await consumer.getmany(*left, timeout_ms=_FETCH_MS)).items():
            lean.upto(records)
            for record in records:
                if (named := _letter(place, record)) is not None:
                    yield named
        for place in list(left):
            if await consumer.position(place) >= left[place]:
                del left[place]


def _letter(place: TopicPartition, record: Any) -> tuple[str, Letter] | None:
    """The record's letter, with its name; a batch that can't be unpacked stands for itself, and when that was nobody knows."""
    if type(record) is Undecodable:
        fields = {"detail": record.why, "topic": DEAD_LETTERS, "partition": place.partition}
        name = f"{DEAD_LETTERS}:{place.partition}:{record.offset}"
        return name, Letter("undecodable", 0, **fields, offset=record.offset, last_offset=record.last)
    letter = parse(bytes(record.value or b""))
    return None if letter is None else (name_of(bytes(record.key or b""), letter), letter)


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
