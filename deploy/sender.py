"""Sends many records to Kafka fast, those of one key in order.

aiokafka's own `send` makes a future for each record; batches filled here cost a tenth of that.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner

from streams.kafka.brokers import Brokers
from streams.topics import MAX_MESSAGE_BYTES

#: Half of what a topic takes by default, so that topics made by others take it too.
BATCH_BYTES = 512 * 1024
MAX_KNOWN_KEYS = 100_000


class Sender:
    """Fills one batch for each partition. `acknowledged` counts the records that Kafka has confirmed. `name`: what Kafka calls a topic."""

    def __init__(self, producer: AIOKafkaProducer, partitions: dict[str, list[int]], name: Callable[[str], str] = str) -> None:
        self.acknowledged = 0
        self._producer = producer
        self._partitions = partitions
        self._name = name
        self._batches: dict[tuple[str, int], Any] = {}
        self._under_way: deque[tuple[asyncio.Future[object], int]] = deque()
        self._places: dict[tuple[str, bytes | None], tuple[str, int]] = {}
        self._choose = DefaultPartitioner()

    async def add(self, topic: str, key: bytes | None, value: bytes) -> None:
        """Adds a record to the batch of its partition. Sends the batch when it is full, and waits while the one before is still in hand."""
        place = self._places.get((topic, key)) or self._place(topic, key)
        batch = self._batches.get(place)
        if batch is None:
            batch = self._batches[place] = self._producer.create_batch()
        if batch.append(timestamp=None, key=key, value=value) is None:
            await self._send(place)
            batch = self._batches[place] = self._producer.create_batch()
            batch.append(timestamp=None, key=key, value=value)

    async def send_alone(self, topic: str, key: bytes | None, value: bytes) -> None:
        """Sends a record in a batch of its own and waits for it: should Kafka refuse it, it alone fails (`MessageSizeTooLargeError`)."""
        topic, partition = place = self._place(topic, key)
        await self._send(place)
        batch = self._producer.create_batch()
        batch.append(timestamp=None, key=key, value=value)
        await (await self._producer.send_batch(batch, topic, partition=partition))
        self.acknowledged += 1

    async def flush(self) -> None:
        """Sends everything, and returns when Kafka has acknowledged it. Raises aiokafka's `KafkaError`."""
        for place in list(self._batches):
            await self._send(place)
        while self._under_way:
            await self._take_oldest()

    async def _send(self, place: tuple[str, int]) -> None:
        batch = self._batches.pop(place, None)
        if batch is None:
            return
        topic, partition = place
        acknowledged = await self._producer.send_batch(batch, topic, partition=partition)
        self._under_way.append((acknowledged, batch.record_count()))
        while self._under_way and self._under_way[0][0].done():  # so that a failure shows soon, not at the end
            await self._take_oldest()

    async def _take_oldest(self) -> None:
        acknowledged, records = self._under_way.popleft()
        await acknowledged
        self.acknowledged += records

    def _place(self, topic: str, key: bytes | None) -> tuple[str, int]:
        if len(self._places) >= MAX_KNOWN_KEYS:
            self._places.clear()
        partitions = self._partitions[topic]
        number = partitions[0] if key is None else self._choose(key, partitions, partitions)
        place = self._places[topic, key] = (self._name(topic), number)
        return place


@asynccontextmanager
async def connect(kafka: Brokers, topics: Sequence[str]) -> AsyncIterator[Sender]:
    """A sender to the given topics, which must exist. Raises aiokafka's `KafkaError`."""
    producer = AIOKafkaProducer(
        **kafka.client(),
        acks="all",
        enable_idempotence=True,
        max_batch_size=BATCH_BYTES,
        max_request_size=2 * MAX_MESSAGE_BYTES,
    )
    try:
        await producer.start()
        yield Sender(producer, {topic: sorted(await producer.partitions_for(kafka.name(topic))) for topic in topics}, kafka.name)
    finally:
        await producer.stop()
