"""What the log holds of each partition."""

from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.kafka.brokers import Brokers
from streams.topics import Partition

FETCH_MS = 500


async def read_ends(kafka: Brokers, embedded: bool, partitions: Sequence[Partition]) -> tuple[dict[Partition, int], dict[Partition, int]]:
    """The first offset and the next one to be written of each partition. Raises aiokafka's `KafkaError`."""
    kept = {TopicPartition(place.topic, place.number): place for place in partitions}
    consumer = AIOKafkaConsumer(**kafka.reader())
    await consumer.start()
    try:
        first = await consumer.beginning_offsets(list(kept))
        ends = await consumer.end_offsets(list(kept))
        if embedded:
            ends = await _true_ends(consumer, ends)
    finally:
        await consumer.stop()
    return {kept[place]: offset for place, offset in first.items()}, {kept[place]: offset for place, offset in ends.items()}


async def _true_ends(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
    """The embedded broker gives the beginning of the last batch for the end; only what a fetch brings tells the real one."""
    consumer.assign(list(ends))
    waiting = set(ends)
    for place, end in ends.items():
        consumer.seek(place, end)
    while waiting and (fetched := await consumer.getmany(*waiting, timeout_ms=FETCH_MS)):
        waiting -= fetched.keys()
    return {place: max(end, consumer.highwater(place) or 0) for place, end in ends.items()}
