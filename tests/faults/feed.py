"""Records into Kafka at a steady rate, how far the store has come with them, and whether it holds what they add up to."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner

from agents import topic_log
from streams.kafka.brokers import Brokers
from streams.store.port import StoreAway
from streams.store.redis import RedisStore
from streams.topics import INPUTS, Partition
from tests.kafka.verdict import differences
from tests.load import Load, Record

RATE = 5_000
PARTITIONS = 4
TICK_SECONDS = 0.1
BATCH_BYTES = 512 * 1024
SETTLE_SECONDS = 240.0


class Feed:
    """Sends a load. `ends`: the next offset of each partition, as far as Kafka has acknowledged."""

    def __init__(self, kafka: str, redis: str, load: Load) -> None:
        self.kafka = kafka
        self.load = load
        self.ends: dict[Partition, int] = defaultdict(int)
        self.store = RedisStore.connect(redis)
        self._producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", max_batch_size=BATCH_BYTES)
        self._partition_of = DefaultPartitioner()
        self._logs: Mapping[str, str] = {}

    async def start(self) -> None:
        self._logs = await topic_log.read(Brokers(self.kafka), INPUTS)
        await self._producer.start()

    async def stop(self) -> None:
        await self._producer.stop()
        await self.store.close()

    @asynccontextmanager
    async def flowing(self, rate: int = RATE) -> AsyncIterator[None]:
        """Feeds while the block runs; at its end all is acknowledged. `rate`: records a second."""
        enough = asyncio.Event()
        flowing = asyncio.create_task(self._flow(rate, enough))
        try:
            yield
        finally:
            enough.set()
            await flowing

    async def send(self, count: int) -> None:
        """Sends so many records; returns when Kafka has them."""
        batches: dict[Partition, list[Record]] = defaultdict(list)
        for record in self.load.make(count, time.time_ns() // 1_000_000):
            number = self._partition_of(record.room.encode(), list(range(PARTITIONS)), list(range(PARTITIONS)))
            batches[Partition(record.topic, number)].append(record)
        await asyncio.gather(*(self._send(partition, records) for partition, records in batches.items()))

    async def applied(self, goal: Mapping[Partition, int] | None = None, seconds: float = SETTLE_SECONDS) -> float:
        """Returns when the store's progress has reached the goal (all that is sent now); how long that took, in seconds."""
        begin, goal = time.monotonic(), dict(self.ends if goal is None else goal)
        while left := await self.left(goal):
            assert time.monotonic() < begin + seconds, f"not applied after {seconds:.0f} s: {left}"
            await asyncio.sleep(0.05)
        return time.monotonic() - begin

    async def caught_up(self) -> None:
        """Returns when something was sent, and all of it until now is applied."""
        while not self.ends:  # noqa: ASYNC110 - the flow fills it
            await asyncio.sleep(0.05)
        await self.applied()

    async def differences(self) -> list[str]:
        """What the store holds that the load does not say, or the other way round, once all is applied."""
        await self.applied()
        return await differences(self.store, self.load)

    async def _flow(self, rate: int, enough: asyncio.Event) -> None:
        due = time.monotonic()
        while not enough.is_set():
            await self.send(int(rate * TICK_SECONDS))
            due += TICK_SECONDS
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _send(self, partition: Partition, records: list[Record]) -> None:
        batch = self._producer.create_batch()
        for number, record in enumerate(records):
            if batch.append(timestamp=None, key=record.room.encode(), value=record.value) is None:
                await self._send_batch(partition, batch)
                return await self._send(partition, records[number:])
        await self._send_batch(partition, batch)

    async def _send_batch(self, partition: Partition, batch: object) -> None:
        future = await self._producer.send_batch(batch, partition.topic, partition=partition.number)
        done = await future
        count = batch.record_count()  # type: ignore[attr-defined]
        assert done.offset == self.ends[partition], f"{partition} went on at {done.offset}, not at {self.ends[partition]}"
        self.ends[partition] += count

    async def left(self, goal: Mapping[Partition, int]) -> dict[str, int]:
        """How many records of each partition are not applied yet, up to the goal; empty when all are."""
        try:
            known = await topic_log.progress(self.store, self._logs, list(goal))
        except StoreAway:
            return {"the store is away": 1}
        return {str(partition): end - known.get(partition, 0) for partition, end in goal.items() if known.get(partition, 0) < end}


@asynccontextmanager
async def feeding(kafka: str, redis: str, load: Load) -> AsyncIterator[Feed]:
    """A feed that lets go of its connections when the block ends."""
    feed = Feed(kafka, redis, load)
    await feed.start()
    try:
        yield feed
    finally:
        await feed.stop()
