"""Writes to Kafka and waits for the acknowledgement."""

import asyncio

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from screen.parts import KafkaAway
from streams.kafka.brokers import Brokers
from streams.kafka.knock import Away, knock
from streams.topics import MAX_MESSAGE_BYTES

SEND_SECONDS = 5.0
PING_SECONDS = 3.0


class KafkaProducer:
    """One connection to Kafka; make it and use it in one event loop.

    embedded  the embedded broker knows no idempotent producers, so a retry there could write a record twice
    """

    def __init__(self, kafka: Brokers, embedded: bool) -> None:
        self._kafka, self._embedded = kafka, embedded
        self._started: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connects; raises `KafkaAway`, and may then be called again; and `Refused`, when these settings are wrong."""
        try:
            await knock(self._kafka)
        except Away as error:
            raise KafkaAway(str(error)) from None
        producer = AIOKafkaProducer(
            **self._kafka.client(),
            acks="all",
            enable_idempotence=not self._embedded,
            max_request_size=MAX_MESSAGE_BYTES,
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

    @property
    def _producer(self) -> AIOKafkaProducer:
        if self._started is None:
            raise KafkaAway("not connected")
        return self._started

    async def send(self, topic: str, key: str, value: bytes) -> None:
        """Returns when all in-sync replicas have the record; raises `KafkaAway`, after which it may still be in the log."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._producer.send_and_wait(topic, value, key=key.encode())
        except (KafkaError, OSError, TimeoutError) as error:
            raise KafkaAway(f"{type(error).__name__}: {error}") from error

    async def ping(self) -> None:
        """Returns when Kafka answers; raises `KafkaAway`."""
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._producer.client.fetch_all_metadata()
        except (KafkaError, OSError, TimeoutError) as error:
            raise KafkaAway(f"{type(error).__name__}: {error}") from error
