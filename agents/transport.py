"""The transport `chunks://`: Faust over aiokafka, with all records of one fetch and partition as one message.

Why. Faust spends about 100 µs an event (four tasks and three turns of the loop), batched by `take` or not: the cost arises before an agent
sees anything. Handing an agent whole chunks makes it a cost per chunk. An agent stays an ordinary `async for`.

And progress is the store's (`agents.progress`), not Kafka's commit, so what Faust does to keep commits exact is left out. Commits still
happen, behind the store, for those who watch the group's lag in Kafka.

Faust finds this module by the entry point `faust.transports`; `register` does the same for a tree that is not installed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import faust
from aiokafka.errors import KafkaError
from faust.transport import drivers
from faust.transport.drivers import aiokafka as stock
from faust.types import TP, ConsumerMessage

from agents import lean
from agents.chunk import Chunk
from agents.ending import NEEDS_ATTENTION, RESTART
from agents.progress import Kept, LogMadeAnew
from streams.kafka import rights
from streams.kafka.brokers import READ
from streams.topics import Partition

SCHEME = "chunks"

#: What a seek may take. Faust itself gives up after `broker_request_timeout`, but silently: it would sit there for ever with 0 events.
SEEK_SECONDS = 25.0


#: How long the broker may wait for records. Faust's 1,500 is fixed.
FETCH_WAIT_MS = 100


class ConsumerThread(stock.AIOKafkaConsumerThread):  # type: ignore[misc]  # as below
    """Faust's thread for aiokafka's consumer, which asks more often, reads as all of us do, and leaves records as they are parsed."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms, consumer._isolation_level = FETCH_WAIT_MS, READ  # taken up when it starts
        return consumer

    async def _fetch_records(self, consumer: Any, *arguments: Any, **named: Any) -> Any:
        lean.unwrap(consumer._fetcher)
        return await super()._fetch_records(consumer, *arguments, **named)


class Consumer(stock.Consumer):  # type: ignore[misc]  # Faust's classes are not checked, see pyproject.toml
    """Faust's consumer, with chunks as messages and the store as the authority on offsets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle = asyncio.Event()
        self._idle.set()
        self._fetch_generation: int | None = None
        self._expected: dict[TP, int] = {}

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        """Takes up the assigned partitions where the store says.

        Faust calls this at the end of each rebalance, while no records flow. It has to be here: the signals `on_partitions_assigned` and
        `on_rebalance_complete` come earlier, and what they seek is overwritten.
        """
        assigned = self.assignment()
        if not assigned:
            return
        try:
            async with asyncio.timeout(SEEK_SECONDS):
                await self._take_up(assigned)
        except TimeoutError:
            line = f"no answer from Kafka or the store within {SEEK_SECONDS:.0f} s of an assignment"
            await self.app.ending.reach(RESTART, f"stopping, to be started again: {line}")
        except LogMadeAnew as error:
            await self.app.ending.reach(NEEDS_ATTENTION, str(error))
        except KafkaError as error:
            await self._end_without_rights(error)
            raise

    async def _end_without_rights(self, error: KafkaError) -> None:
        """Ends the worker with one line where Kafka does not let us read any more; returns where that is not the error."""
        if what := rights.remedy(error):
            line = f"Kafka at {self.app.settings.kafka} does not let us read any more: {what}"
            await self.app.ending.reach(RESTART, f"stopping, to be started again: {line}")

    def _partition(self, tp: TP) -> Partition:
        """As all but Kafka and Faust call it."""
        return Partition(self.app.settings.kafka.topic(tp.topic), tp.partition)

    async def _take_up(self, assigned: set[TP]) -> None:
        # A fetch that began before the rebalance would move the positions after we have set them.
        await self._idle.wait()
        partitions = [self._partition(tp) for tp in assigned]
        starts = await self.app.progress.starts(partitions, lambda: self._kept(assigned))
        offsets = {TP(self.app.settings.kafka.name(partition.topic), partition.number): offset for partition, offset in starts.items()}
        # Not `seek`, which touches the consumer from the wrong thread.
        await self.seek_wait(offsets)
        for tp, offset in offsets.items():
            self._read_offset[tp] = offset or None
            self._committed_offset[tp] = offset or None
            self._acked[tp].clear()
            self._acked_index[tp].clear()
        self._expected = offsets

    async def _kept(self, assigned: set[TP]) -> dict[Partition, Kept]:
        first = await self.earliest_offsets(*assigned)
        end = await self.highwaters(*assigned)
        return {self._partition(tp): Kept(first[tp], end[tp]) for tp in assigned}

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Mapping[Any, list[Any]]:  # noqa: ASYNC109 (Faust's)
        # The generation counts from here, after Faust has waited for the flow to resume: what was fetched under another one is dropped.
        self._idle.clear()
        self._fetch_generation = self.app.consumer_generation_id
        try:
            records: Mapping[Any, list[Any]] = await super()._getmany(active_partitions, timeout)
            return records
        except KafkaError as error:
            await self._end_without_rights(error)
            raise
        finally:
            self._idle.set()

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 (Faust's)
        """One message for each partition that a fetch brought records of.

        What a rebalance overtakes is dropped: the seek at its end brings it back, to whoever has the partition then.
        """
        fetched, _ = await self._wait_next_records(timeout)
        generation = self._fetch_generation
        for key, records in (fetched or {}).items():
            if self.should_stop or not self.flow_active or self.app.consumer_generation_id != generation:
                return
            tp, upto = TP(key.topic, key.partition), lean.upto(records)
            if not await self._goes_on(tp, records[0].offset if records else upto, upto):
                continue
            self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
            yield tp, self._message(tp, records, upto)

    async def _goes_on(self, tp: TP, first: int, upto: int) -> bool:
        """Whether the offsets `first` … `upto` - 1 are new, if there are any.

        And notices that the log under an unbroken connection is another one: aiokafka then goes back to its start without a word.
        """
        expected = self._expected.get(tp, 0)
        if first < expected:
            line = f"{tp.topic}:{tp.partition} went back from {expected} to {first}"
            await self.app.ending.reach(RESTART, f"stopping, to be started again: {line}; its log is another one now")
        self._expected[tp] = upto
        return upto > expected

    def _message(self, tp: TP, records: list[Any], upto: int) -> ConsumerMessage:
        partition = self._partition(tp)
        chunk = Chunk(self.app.progress.logs[partition.topic], partition, records, self.app.progress.taken_up.get(partition, 0), upto)
        written_ms = (records[-1].timestamp or 0) if records else 0
        return ConsumerMessage(
            topic=tp.topic, partition=tp.partition, offset=upto - 1, timestamp=written_ms / 1000, timestamp_type=0,
            headers=(), key=None, value=chunk, checksum=None, serialized_key_size=0, serialized_value_size=0, tp=tp,
            generation_id=self._fetch_generation,
        )  # fmt: skip

    def on_buffer_full(self, tp: TP) -> None:
        """Nothing: a full queue blocks the fetcher by itself. Stock stops fetching, and may sleep for a second: a tenth of the speed."""

    def on_buffer_drop(self, tp: TP) -> None:
        """Nothing, see `on_buffer_full`."""

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Nothing: a message stands for all records before its offset."""

    def _new_offset(self, tp: TP) -> int | None:
        """The offset to commit. One actor handles a partition, so chunks are acknowledged in order, and the last stands for all."""
        acked = self._acked[tp]
        if not acked:
            return None
        offset: int = max(acked) + 1
        acked.clear()
        self._acked_index[tp].clear()
        return offset


class Producer(stock.Producer):  # type: ignore[misc]  # as above
    """Faust's producer; a retry never writes a record twice."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


class Transport(stock.Transport):  # type: ignore[misc]  # as above
    """What `chunks://host:port` stands for."""

    Consumer = Consumer
    Producer = Producer


class ChunkSchema(faust.Schema):  # type: ignore[misc]  # as above
    """Leaves a message as it is: the agent decodes the records itself."""

    def compile(self, app: Any, **_: Any) -> Callable[..., Awaitable[Any]]:
        """The function that makes a stream's event of a message."""

        async def decode(message: Any, *, propagate: bool = False) -> Any:
            return app.create_event(None, message.value, message.headers, message)

        return decode


def register() -> None:
    """Makes Faust know `chunks://` where this package is not installed, and so has no entry points."""
    drivers.TRANSPORTS.aliases.setdefault(SCHEME, f"{__name__}:{Transport.__name__}")
