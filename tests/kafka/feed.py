"""Sends a load into Kafka at a steady rate, whatever happens to the brokers meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer

from deploy.sender import Sender
from streams.kafka.brokers import Brokers
from streams.topics import INPUTS
from tests.load import Load

RATE = 5_000
TICK_SECONDS = 0.1
#: Longer than any broker is away.
PATIENCE_MS = 120_000


@asynccontextmanager
async def fed(kafka: Brokers, load: Load, rate: int = RATE) -> AsyncIterator[None]:
    """Feeds while the block runs; at its end everything is acknowledged, by an idempotent producer. `rate`: records a second."""
    producer = AIOKafkaProducer(**kafka.client(), acks="all", enable_idempotence=True, request_timeout_ms=PATIENCE_MS)
    await producer.start()
    enough = asyncio.Event()
    try:
        sender = Sender(producer, {topic: sorted(await producer.partitions_for(topic)) for topic in INPUTS})
        feeding = asyncio.create_task(_feed(sender, load, rate, enough))
        try:
            yield
        finally:
            enough.set()
            await feeding
    finally:
        await producer.stop()


async def send(kafka: Brokers, load: Load, count: int) -> None:
    """Sends so many records at once."""
    producer = AIOKafkaProducer(**kafka.client(), acks="all", enable_idempotence=True)
    await producer.start()
    try:
        sender = Sender(producer, {topic: sorted(await producer.partitions_for(topic)) for topic in INPUTS})
        await _send(sender, load, count)
    finally:
        await producer.stop()


async def _feed(sender: Sender, load: Load, rate: int, enough: asyncio.Event) -> None:
    due = time.monotonic()
    while not enough.is_set():
        await _send(sender, load, int(rate * TICK_SECONDS))
        due = max(due + TICK_SECONDS, time.monotonic() - TICK_SECONDS)  # what was missed in an outage is not made up for
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _send(sender: Sender, load: Load, count: int) -> None:
    for record in load.make(count, time.time_ns() // 1_000_000):
        await sender.add(record.topic, record.room.encode(), record.value)
    await sender.flush()
