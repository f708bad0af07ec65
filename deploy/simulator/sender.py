"""Sends a broadcast to Kafka while it happens."""

import asyncio
import time
from collections.abc import Callable, Iterator

from deploy import sender as kafka_sender
from deploy.simulator.broadcast import broadcast
from deploy.simulator.records import Record, closing
from deploy.simulator.rundown import MINUTE_MS
from deploy.stopping import Stopping, cancel_this
from streams.kafka.brokers import Brokers
from streams.topics import INPUTS

BATCH_MS = 50  # events wait this long for others at most; a batch for each event would cost ten times as much
BUSY_RECORDS = 500  # while it is behind (or sends the history) it looks up after so many
GOODBYE_SECONDS = 5.0


def wall_clock_ms() -> int:
    """Unix milliseconds."""
    return time.time_ns() // 1_000_000


async def run(
    *,
    kafka: Brokers,
    room: str,
    rate: float,
    minutes: float,
    seed: int,
    history_minutes: float = 0,
    on_sent: Callable[[int], None] | None = None,
    clock: Callable[[], int] = wall_clock_ms,
) -> int:
    """Sends a broadcast: `history_minutes` that lie in the past at once, then `minutes` at the pace of their `at`. The topics must exist.

    `on_sent` is told how many events Kafka has acknowledged so far; the final number is returned. `clock` gives Unix ms.
    On SIGINT, SIGTERM, SIGHUP or cancellation the broadcast is closed where it is; a second signal gives up waiting for Kafka.
    Raises aiokafka's `KafkaError` when Kafka does not take the events, ValueError for a rate or length ≤ 0.
    """
    start = clock() - int(history_minutes * MINUTE_MS)
    records = broadcast(room, rate, minutes + history_minutes, seed, start)
    stopping = Stopping(cancel_this())
    async with kafka_sender.connect(kafka, INPUTS) as to_kafka:
        sending = Sending(to_kafka, room, clock, on_sent or _nobody)
        stop = asyncio.create_task(stopping.wait(), name="wish to stop")
        try:
            await sending.send(records, stop)
        except asyncio.CancelledError:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await sending.close()
            raise
        finally:
            stop.cancel()
        return to_kafka.acknowledged


class Sending:
    """One broadcast on its way to Kafka."""

    def __init__(self, to_kafka: kafka_sender.Sender, room: str, clock: Callable[[], int], on_sent: Callable[[int], None]) -> None:
        self._sender = to_kafka
        self._room = room
        self._clock = clock
        self._on_sent = on_sent
        self._key = room.encode()
        self._last_at = 0
        self._flushed = 0
        self._closed = False

    async def send(self, records: Iterator[Record], stop: asyncio.Task[None]) -> None:
        """Sends each record when its time has come; when `stop` is done, closes the broadcast instead of sending the rest."""
        now = self._clock()
        for number, record in enumerate(records):
            if record.at > now:
                now = await self._wait_for(record.at, stop)
            elif number % BUSY_RECORDS == 0:
                now = await self._look_up()
            if stop.done():
                await self.close()
                return
            await self._add(record)
        await self._flush()

    async def close(self) -> None:
        """Sends `closed` once, now or after the last event, whichever is later; returns when Kafka has everything."""
        if self._closed:
            return
        self._closed = True
        await self._add(closing(self._room, max(self._clock(), self._last_at)))
        await self._flush()

    async def _add(self, record: Record) -> None:
        self._last_at = record.at
        await self._sender.add(record.topic, self._key, record.value)

    async def _wait_for(self, at: int, stop: asyncio.Task[None]) -> int:
        """Flushes, and waits until the clock has reached `at` or a stop is wanted. Returns the time in ms."""
        await self._flush()
        while (now := self._clock()) < at and not stop.done():
            await asyncio.wait((stop,), timeout=max(at - now, BATCH_MS) / 1_000)
        return now

    async def _look_up(self) -> int:
        """Gives the event loop a turn, and flushes if the last time is long ago. Returns the time in ms."""
        await asyncio.sleep(0)
        now = self._clock()
        if now - self._flushed >= 4 * BATCH_MS:
            await self._flush()
        return now

    async def _flush(self) -> None:
        await self._sender.flush()
        self._flushed = self._clock()
        self._on_sent(self._sender.acknowledged)


def _nobody(_: int) -> None:
    """Nobody wants to know."""
