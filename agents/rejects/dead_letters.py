"""Rejected records go to `live.dead-letters`, where a person can read why and send them again.

What one room sends beyond its quota is told in one letter a chunk: how many, why, whose, and at which offsets, so that nothing is hidden.
No room waits for another's rejects, and nothing that a sender does ends a worker.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from aiokafka.errors import MessageSizeTooLargeError

from agents.chunk import Bad, Chunk
from agents.rejects.letters import letter, summary
from agents.rejects.quota import Quota, room_of
from streams.topics import MAX_RECORD_BYTES, Partition

log = logging.getLogger(__name__)

#: Hands key and value to Kafka; what it returns is done when Kafka has acknowledged them.
Send = Callable[[bytes, bytes], Awaitable[Awaitable[object]]]

_LOG_EVERY_MS = 60_000


class DeadLetters:
    """Sends dead letters, each record's own within its room's quota. `clock_ms`: Unix ms."""

    def __init__(self, send: Send, quota: Quota, clock_ms: Callable[[], int]) -> None:
        self._send = send
        self._quota = quota
        self._clock_ms = clock_ms
        self._logged_ms = -_LOG_EVERY_MS

    async def send(self, chunk: Chunk, bad: Sequence[Bad]) -> int:
        """Returns when Kafka has acknowledged letters for all of them, how many have none of their own."""
        if not bad:
            return 0
        now_ms = self._clock_ms()
        own: list[Bad] = []
        rest: list[tuple[str, Bad]] = []
        for each in bad:
            raw = each.record.value or b""
            room = room_of(raw)
            if self._quota.take(room, len(raw), now_ms):
                own.append(each)
            else:
                rest.append((room, each))
        await self._send_each(chunk.partition, own, now_ms)
        if rest:
            await self._send_summary(chunk.partition, rest, now_ms)
        return len(rest)

    async def _send_each(self, partition: Partition, bad: Sequence[Bad], now_ms: int) -> None:
        sent = [await self._post(partition, each, now_ms) for each in bad]
        for each, acknowledged in zip(bad, await asyncio.gather(*sent, return_exceptions=True), strict=True):
            if isinstance(acknowledged, MessageSizeTooLargeError):
                await (await self._post(partition, each, now_ms, keep_bytes=MAX_RECORD_BYTES))
            elif isinstance(acknowledged, BaseException):
                raise acknowledged

    async def _send_summary(self, partition: Partition, rest: Sequence[tuple[str, Bad]], now_ms: int) -> None:
        (room, first), last = rest[0], rest[-1][1].last
        await (await self._send(f"{partition}:{first.record.offset}-{last}".encode(), summary(partition, rest, now_ms)))
        if now_ms - self._logged_ms >= _LOG_EVERY_MS:
            self._logged_ms = now_ms
            line = f"{partition}: so many records are rejected that some are only counted, {len(rest)} of this chunk"
            log.warning("%s; the first is of room %s (%s). See `livescreen dead-letters`", line, room, first.why.reason)

    async def _post(self, partition: Partition, bad: Bad, now_ms: int, keep_bytes: int | None = None) -> Awaitable[object]:
        key = f"{partition}:{bad.record.offset}".encode()
        try:
            return await self._send(key, letter(partition, bad, now_ms, keep_bytes))
        except MessageSizeTooLargeError:
            if keep_bytes is not None:
                raise
            return await self._post(partition, bad, now_ms, keep_bytes=MAX_RECORD_BYTES)
