"""Rejected records go to `live.dead-letters`, where a person can read why and send them again."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Sequence

import orjson
from aiokafka.errors import MessageSizeTooLargeError

from agents.budget import Budget
from agents.chunk import Bad, Chunk
from streams.topics import MAX_RECORD_BYTES, Partition

#: Hands key and value to Kafka; what it returns is done when Kafka has acknowledged them.
Send = Callable[[bytes, bytes], Awaitable[Awaitable[object]]]


class TooMany(Exception):
    """The budget for rejected records is spent; nothing of the chunk was sent."""


class DeadLetters:
    """Sends dead letters, within a budget. `clock_ms`: Unix ms."""

    def __init__(self, send: Send, budget: Budget, clock_ms: Callable[[], int]) -> None:
        self._send = send
        self._budget = budget
        self._clock_ms = clock_ms

    async def send(self, chunk: Chunk, bad: Sequence[Bad]) -> None:
        """Returns when Kafka has acknowledged a letter for each record; `TooMany` sends none of them."""
        if not bad:
            return
        now_ms = self._clock_ms()
        limit = self._budget.take(len(bad), now_ms / 1000)
        if limit is not None:
            first = bad[0]
            raise TooMany(f"{limit}; the next is {chunk.partition}:{first.record.offset} ({first.why.reason}: {first.why.detail})")
        sent = [await self._post(chunk.partition, each, now_ms) for each in bad]
        for each, acknowledged in zip(bad, await asyncio.gather(*sent, return_exceptions=True), strict=True):
            if isinstance(acknowledged, MessageSizeTooLargeError):
                await (await self._post(chunk.partition, each, now_ms, keep_bytes=MAX_RECORD_BYTES))
            elif isinstance(acknowledged, BaseException):
                raise acknowledged

    async def _post(self, partition: Partition, bad: Bad, now_ms: int, keep_bytes: int | None = None) -> Awaitable[object]:
        key = f"{partition}:{bad.record.offset}".encode()
        try:
            return await self._send(key, letter(partition, bad, now_ms, keep_bytes))
        except MessageSizeTooLargeError:
            if keep_bytes is not None:
                raise
            return await self._post(partition, bad, now_ms, keep_bytes=MAX_RECORD_BYTES)


def letter(partition: Partition, bad: Bad, now_ms: int, keep_bytes: int | None = None) -> bytes:
    """One dead letter. `keep_bytes` cuts the raw record, for a broker that takes no larger one; `bytes` is its length in the log."""
    raw = bad.record.value or b""
    return orjson.dumps(
        {
            "reason": bad.why.reason,
            "detail": bad.why.detail,
            "topic": partition.topic,
            "partition": partition.number,
            "offset": bad.record.offset,
            "bytes": len(raw),
            "raw": base64.b64encode(raw[:keep_bytes]).decode(),
            "at": now_ms,
        }
    )
