"""What the log holds of each partition."""

from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.kafka.brokers import Brokers
from streams.topics import Partition


async def read_ends(kafka: Brokers, partitions: Sequence[Partition]) -> tuple[dict[Partition, int], dict[Partition, int]]:
    """The first offset and the next one to be written of each partition. Raises aiokafka's `KafkaError`."""
    kept = {TopicPartition(kafka.name(place.topic), place.number): place for place in partitions}
    consumer = AIOKafkaConsumer(**kafka.reader())
    await consumer.start()
    try:
        first = await consumer.beginning_offsets(list(kept))
        ends = await consumer.end_offsets(list(kept))
    finally:
        await consumer.stop()
    return {kept[place]: offset for place, offset in first.items()}, {kept[place]: offset for place, offset in ends.items()}
