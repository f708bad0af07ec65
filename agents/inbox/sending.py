"""Events and dead letters into Kafka, each once whatever is sent again on the way."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.kafka.brokers import Brokers
from streams.topics import MAX_MESSAGE_BYTES

log = logging.getLogger(__name__)

_SECONDS = 10.0


class KafkaSender:
    """See `streams.intake.taking.Sender`. Use it in one event loop."""

    def __init__(self, kafka: Brokers) -> None:
        self._kafka = kafka
        self._started: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def send_many(self, records: Sequence[tuple[str, str, bytes]]) -> list[bool]:
        """Which of the records (topic, key, value) all in-sync replicas have; of the others it is unknown. Raises `KafkaError`, OSError."""
        producer = await self._producer()
        answers: list[object] = await asyncio.gather(
            *(producer.send_and_wait(self._kafka.name(topic), value, key=key.encode()) for topic, key, value in records),
            return_exceptions=True,
        )
        failures = [each for each in answers if isinstance(each, BaseException)]
        if failures:
            await self._renew(producer)
        for each in failures:
            if not isinstance(each, KafkaError | OSError):
                raise each
        return [not isinstance(each, BaseException) for each in answers]

    async def stop(self) -> None:
        """Lets go of the connections."""
        producer, self._started = self._started, None
        if producer is not None:
            await producer.stop()

    async def _producer(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._started is None:
                made = AIOKafkaProducer(
                    **self._kafka.client(),
                    acks="all",
                    enable_idempotence=True,
                    max_request_size=2 * MAX_MESSAGE_BYTES,
                    request_timeout_ms=int(_SECONDS * 1000),
                    client_id="livescreen-connect",
                )
                try:
                    await made.start()
                except BaseException:
                    await made.stop()
                    raise
                self._started = made
            return self._started

    async def _renew(self, failed: Any) -> None:
        """Takes another one after a failure: Kafka would take nothing more of one whose numbers have a hole."""
        current = self._started
        if current is not None and current is failed:
            self._started = None
            await current.stop()
