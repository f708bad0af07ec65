"""Measures the lag all along, for Prometheus and for the watch on stalls.

With a client of its own: the consumer is what may have stopped working.
"""

import asyncio
import logging
import time
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from agents import topic_log
from agents.ending import RESTART, Ending
from agents.gauges import Gauges
from agents.patience import Patience
from agents.progress import Progress
from agents.stall import Lag, Stall
from streams.kafka import rights
from streams.kafka.brokers import Brokers
from streams.store.port import Store, StoreAway
from streams.topics import INPUTS, Partition
from streams.workers import Condition

log = logging.getLogger(__name__)

_EVERY_SECONDS = 5.0
_TIMEOUT_MS = 5_000


class Watch:
    """Looks at all partitions of all input topics every few seconds, and ends the worker when one stands still."""

    def __init__(
        self, kafka: Brokers, store: Store, progress: Progress, stall: Stall, patience: Patience, gauges: Gauges, ending: Ending
    ) -> None:
        self._kafka = kafka
        self._store = store
        self._progress = progress
        self._stall = stall
        self._patience = patience
        self._gauges = gauges
        self._ending = ending
        self._kafka_away = False

    def condition(self) -> tuple[Condition, str]:
        """How the worker is, and why."""
        if self._ending.status:
            return "stalled", self._ending.line
        if self._kafka_away:
            return "waits", f"Kafka at {self._kafka} is away"
        standing = self._stall.standing(self._progress.assigned, time.monotonic())
        return ("stalled", standing) if standing is not None else ("runs", "")

    async def run(self) -> None:
        """Never returns."""
        client = AIOKafkaConsumer(*map(self._kafka.name, INPUTS), **self._kafka.reader(), group_id=None, request_timeout_ms=_TIMEOUT_MS)
        await client.start()
        try:
            while True:
                await asyncio.sleep(_EVERY_SECONDS)
                await self._look(client)
        finally:
            await client.stop()

    async def _look(self, client: AIOKafkaConsumer) -> None:
        try:
            lags = await self._lags(client)
        except StoreAway:  # whoever needs the store waits for it, and says so
            return self._stall.forget()
        except (KafkaError, OSError) as error:
            return self._miss_kafka(error)
        self._find_kafka()
        self._gauges.lag(by_topic(lags))
        if self._patience.waiting:  # for a store that answers, but takes nothing: its memory may be full
            return self._stall.forget()
        standing = self._stall.look(lags, self._progress.assigned, time.monotonic())
        if standing is not None:
            self._ending.begin(RESTART, f"stopping, to be started again: {standing}")

    def _miss_kafka(self, error: Exception) -> None:
        self._stall.forget()
        if self._kafka_away:
            return
        self._kafka_away = True
        if what := rights.remedy(error):
            log.error("Kafka at %s does not let us read any more: %s", self._kafka, what)
        else:
            log.warning("Kafka at %s is away (%s); waiting for it, nothing is lost", self._kafka, type(error).__name__)

    def _find_kafka(self) -> None:
        if self._kafka_away:
            self._kafka_away = False
            log.warning("Kafka is back")

    async def _lags(self, client: AIOKafkaConsumer) -> dict[Partition, Lag]:
        logs = await topic_log.ask(client._client, INPUTS, self._kafka)
        self._compare(logs)
        names = [self._kafka.name(topic) for topic in logs]
        parts = [TopicPartition(name, number) for name in names for number in client.partitions_for_topic(name) or ()]
        first = await client.beginning_offsets(parts)
        end = await client.end_offsets(parts)
        known = await topic_log.progress(self._store, logs, [self._partition(tp) for tp in parts])
        lags = {}
        for tp in parts:
            partition = self._partition(tp)
            lags[partition] = Lag(max(known.get(partition, 0), first[tp]), end[tp])
        return lags

    def _partition(self, tp: TopicPartition) -> Partition:
        return Partition(self._kafka.topic(tp.topic), tp.partition)

    def _compare(self, logs: Mapping[str, str]) -> None:
        """Ends the worker when one of its topics is another one than it took up: a rebalance need not have followed."""
        for topic, name in self._progress.logs.items():
            if logs.get(topic, name) != name:
                self._ending.begin(RESTART, f"stopping, to be started again: {topic} is another log now, {logs[topic]}")


def by_topic(lags: Mapping[Partition, Lag]) -> dict[str, int]:
    """The records waiting in each topic."""
    sums = dict.fromkeys(INPUTS, 0)
    for partition, lag in lags.items():
        sums[partition.topic] += max(0, lag.end - lag.progress)
    return sums
