"""How far the figures are behind the log, in ms: what rules about late data ask for."""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from agents import topic_log
from streams.kafka.brokers import Brokers
from streams.store.port import Store, StoreAway
from streams.topics import INPUTS, Partition

log = logging.getLogger(__name__)

_EVERY_SECONDS = 1.0
_TIMEOUT_MS = 5_000
_KEPT = 900  # samples: 15 minutes, after which "behind" no longer grows


class Behind:
    """One partition: the ends of the log as they were seen, to tell since when there is something that is not counted."""

    def __init__(self) -> None:
        self._ends: deque[tuple[int, int]] = deque(maxlen=_KEPT)  # (offset, ms), both rising

    def sample(self, end: int, progress: int, now_ms: int) -> int:
        """Ms since the first record that is not counted yet was there; 0: all are counted."""
        if not self._ends or end > self._ends[-1][0]:
            self._ends.append((end, now_ms))
        while self._ends and self._ends[0][0] <= progress:
            self._ends.popleft()
        return now_ms - self._ends[0][1] if end > progress and self._ends else 0


class Backlog:
    """`topics`: topic → ms behind; empty while Kafka or the store cannot say."""

    def __init__(self, kafka: Brokers, store: Store, clock_ms: Callable[[], int]) -> None:
        self._kafka = kafka
        self._store = store
        self._clock_ms = clock_ms
        self._partitions: dict[tuple[str, Partition], Behind] = defaultdict(Behind)
        self.topics: Mapping[str, int] = {}

    async def run(self) -> None:
        """Never returns."""
        client = AIOKafkaConsumer(*map(self._kafka.name, INPUTS), **self._kafka.reader(), group_id=None, request_timeout_ms=_TIMEOUT_MS)
        await client.start()
        try:
            while True:
                try:
                    self.topics = await self._look(client)
                except (KafkaError, StoreAway) as error:
                    self.topics = {}
                    log.debug("how far the figures are behind is not known (%s)", type(error).__name__)
                await asyncio.sleep(_EVERY_SECONDS)
        finally:
            await client.stop()

    async def _look(self, client: AIOKafkaConsumer) -> Mapping[str, int]:
        logs = await topic_log.ask(client._client, INPUTS, self._kafka)
        names = [self._kafka.name(topic) for topic in logs]
        parts = [TopicPartition(name, number) for name in names for number in client.partitions_for_topic(name) or ()]
        found = await client.end_offsets(parts)
        ends = {Partition(self._kafka.topic(part.topic), part.partition): end for part, end in found.items()}
        known = await topic_log.progress(self._store, logs, list(ends))
        now_ms = self._clock_ms()
        behind = dict.fromkeys(INPUTS, 0)
        for partition, end in ends.items():
            here = self._partitions[logs[partition.topic], partition].sample(end, known.get(partition, 0), now_ms)
            behind[partition.topic] = max(behind[partition.topic], here)
        return behind
