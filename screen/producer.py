"""Writes to Kafka and waits for the acknowledgement."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError
from aiokafka.partitioner import DefaultPartitioner

from screen.parts import KafkaAway
from streams.kafka.brokers import Brokers
from streams.kafka.knock import Away, knock
from streams.topics import MAX_MESSAGE_BYTES

log = logging.getLogger(__name__)

SEND_SECONDS = 5.0
PING_SECONDS = 3.0
#: As many bytes of records go to one partition in one request; `send` never waits for so many.
_BATCH_BYTES = 256 * 1024

_partition = DefaultPartitioner()

#: topic, key, value
Record = tuple[str, str, bytes]


class KafkaProducer:
    """One connection to Kafka; make it and use it in one event loop."""

    def __init__(self, kafka: Brokers) -> None:
        self._kafka = kafka
        self._started: AIOKafkaProducer | None = None
        self._refused = False

    async def start(self) -> None:
        """Connects; raises `KafkaAway`, and may then be called again; and `Refused`, when these settings are wrong."""
        try:
            await knock(self._kafka)
        except Away as error:
            raise KafkaAway(str(error)) from None
        producer = AIOKafkaProducer(
            **self._kafka.client(),
            acks="all",
            enable_idempotence=True,
            max_request_size=MAX_MESSAGE_BYTES,
            max_batch_size=_BATCH_BYTES,
            request_timeout_ms=int(SEND_SECONDS * 1000),
            client_id="livescreen-screen",
        )
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await producer.start()
        except (KafkaError, OSError, TimeoutError) as error:
            await producer.stop()
            raise KafkaAway(str(error) or type(error).__name__) from error
        self._started = producer

    async def stop(self) -> None:
        """Lets go of the connections, if there are any."""
        if self._started is not None:
            await self._started.stop()

    async def _renew(self) -> None:
        """Takes another producer after a refusal: aiokafka's has numbered what was refused, and Kafka would take nothing after it."""
        if not self._refused:
            return
        self._refused, before = False, self._started
        await self.start()
        if before is not None:
            await before.stop()

    @property
    def _producer(self) -> AIOKafkaProducer:
        if self._started is None:
            raise KafkaAway("not connected")
        return self._started

    async def send(self, topic: str, key: str, value: bytes) -> None:
        """Returns when all in-sync replicas have the record; raises `KafkaAway`, after which it may still be in the log."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._renew()
                await self._producer.send_and_wait(self._kafka.name(topic), value, key=key.encode())
        except TopicAuthorizationFailedError as error:
            self._refused = True
            raise KafkaAway(f"{type(error).__name__}: {error}") from error
        except (KafkaError, OSError, TimeoutError) as error:
            raise KafkaAway(f"{type(error).__name__}: {error}") from error

    async def send_many(self, records: Sequence[Record]) -> list[bool]:
        """Which of the records all in-sync replicas have; of the others it is unknown. Each key's keep their order.

        Whole batches are built here: record by record, aiokafka's own `send` costs three times as much. Raises `KafkaAway` before anything
        is sent.
        """
        await self._renew()
        producer = self._producer
        sent = [False] * len(records)
        async with asyncio.timeout(SEND_SECONDS) as limit:
            try:
                places = await self._places(records)
            except (KafkaError, OSError, TimeoutError) as error:
                raise KafkaAway(f"{type(error).__name__}: {error}") from error
            limit.reschedule(None)
        await asyncio.gather(*(self._send_to(producer, *place, records, numbers, sent) for place, numbers in places.items()))
        return sent

    async def _places(self, records: Sequence[Record]) -> dict[tuple[str, int], list[int]]:
        """(topic, partition) → which of the records go there."""
        topics = {topic for topic, _, _ in records}
        partitions = {topic: sorted(await self._producer.partitions_for(self._kafka.name(topic))) for topic in topics}
        of_key: dict[tuple[str, str], int] = {}
        places: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, (topic, key, _) in enumerate(records):
            partition = of_key.get((topic, key))
            if partition is None:
                partition = of_key[topic, key] = _partition(key.encode(), partitions[topic], partitions[topic])
            places[topic, partition].append(number)
        return places

    async def _send_to(
        self, producer: AIOKafkaProducer, topic: str, partition: int, records: Sequence[Record], numbers: list[int], sent: list[bool]
    ) -> None:
        """Sends to one partition, batch after batch, and marks what is `sent`; what fails ends it, so that nothing overtakes."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                for batch, held in _batches(producer, records, numbers):
                    await (await producer.send_batch(batch, self._kafka.name(topic), partition=partition))
                    for number in held:
                        sent[number] = True
        except (KafkaError, OSError, TimeoutError) as error:
            self._refused |= isinstance(error, TopicAuthorizationFailedError)
            log.warning("%s:%d took not all of a request's events: %s: %s", topic, partition, type(error).__name__, error)

    async def ping(self) -> None:
        """Returns when Kafka answers; raises `KafkaAway`."""
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._producer.client.fetch_all_metadata()
        except (KafkaError, OSError, TimeoutError) as error:
            raise KafkaAway(f"{type(error).__name__}: {error}") from error


def _batches(producer: AIOKafkaProducer, records: Sequence[Record], numbers: list[int]) -> Iterator[tuple[object, list[int]]]:
    """The numbered records in batches, each with the numbers of what it holds."""
    batch, held = producer.create_batch(), list[int]()
    for number in numbers:
        _, key, value = records[number]
        if batch.append(timestamp=None, key=key.encode(), value=value) is None:
            yield batch, held
            batch, held = producer.create_batch(), []
            batch.append(timestamp=None, key=key.encode(), value=value)  # a batch takes its first record whatever its size
        held.append(number)
    yield batch, held
