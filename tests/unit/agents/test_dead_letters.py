import asyncio
import base64
from collections.abc import Awaitable

import orjson
import pytest
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError
from aiokafka.structs import ConsumerRecord

from agents.budget import Budget
from agents.chunk import Bad, Chunk
from agents.dead_letters import DeadLetters, TooMany
from streams.events import Rejected
from streams.topics import CLICKS, MAX_RECORD_BYTES, Partition

PARTITION = Partition(CLICKS, 3)


class Kafka:
    """Takes letters up to a size; acknowledges when `acknowledged` is set."""

    def __init__(self, largest: int = 10**9, error: Exception | None = None) -> None:
        self.taken: dict[bytes, bytes] = {}
        self.largest = largest
        self.error = error
        self.acknowledged = asyncio.Event()
        self.acknowledged.set()

    async def send(self, key: bytes, value: bytes) -> Awaitable[object]:
        if len(value) > self.largest:
            raise MessageSizeTooLargeError
        self.taken[key] = value
        return asyncio.ensure_future(self._acknowledge())

    async def _acknowledge(self) -> None:
        await self.acknowledged.wait()
        if self.error:
            raise self.error


def bad(offset: int, raw: bytes = b"\xff\xfe") -> Bad:
    return Bad(ConsumerRecord(CLICKS, 3, offset, 0, 0, None, raw, None, -1, len(raw), ()), Rejected("not-json", "no"))


def letters(kafka: Kafka, per_minute: int = 100) -> DeadLetters:
    return DeadLetters(kafka.send, Budget(per_minute, 1_000), lambda: 1_234)


def chunk(*bads: Bad) -> Chunk:
    return Chunk("log", PARTITION, [b.record for b in bads])


async def test_a_letter_says_where_the_record_stands_and_holds_it() -> None:
    kafka = Kafka()
    await letters(kafka).send(chunk(bad(5)), [bad(5)])
    assert {key: orjson.loads(value) for key, value in kafka.taken.items()} == {
        b"live.clicks:3:5": {
            "reason": "not-json", "detail": "no", "topic": "live.clicks", "partition": 3, "offset": 5, "bytes": 2,
            "raw": base64.b64encode(b"\xff\xfe").decode(), "at": 1_234,
        }
    }  # fmt: skip


async def test_returns_only_when_kafka_has_acknowledged_all() -> None:
    kafka = Kafka()
    kafka.acknowledged.clear()
    sending = asyncio.ensure_future(letters(kafka).send(chunk(bad(1), bad(2)), [bad(1), bad(2)]))
    await asyncio.sleep(0.01)
    assert len(kafka.taken) == 2
    assert not sending.done()
    kafka.acknowledged.set()
    await sending


async def test_an_error_of_kafka_is_not_swallowed() -> None:
    with pytest.raises(KafkaTimeoutError):
        await letters(Kafka(error=KafkaTimeoutError())).send(chunk(bad(1)), [bad(1)])


async def test_past_the_budget_nothing_is_sent() -> None:
    kafka = Kafka()
    with pytest.raises(TooMany, match=r"2 records rejected within a minute, the limit is 1; the next is live.clicks:3:1 \(not-json: no\)"):
        await letters(kafka, per_minute=1).send(chunk(bad(1), bad(2)), [bad(1), bad(2)])
    assert not kafka.taken


async def test_a_record_too_large_for_the_broker_is_cut() -> None:
    kafka = Kafka(largest=200_000)
    raw = b"x" * 300_000
    await letters(kafka).send(chunk(bad(1, raw)), [bad(1, raw)])
    letter = orjson.loads(kafka.taken[b"live.clicks:3:1"])
    assert letter["bytes"] == 300_000
    assert base64.b64decode(letter["raw"]) == raw[:MAX_RECORD_BYTES]
