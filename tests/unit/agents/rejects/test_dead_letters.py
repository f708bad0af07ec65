import asyncio
import base64
from collections.abc import Awaitable

import orjson
import pytest
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError
from aiokafka.structs import ConsumerRecord

from agents.chunk import Bad, Chunk, Undecodable
from agents.rejects.dead_letters import DeadLetters
from agents.rejects.quota import Quota
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
    return DeadLetters(kafka.send, Quota(per_minute), lambda: 1_234)


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


def future(offset: int, room: str) -> Bad:
    raw = orjson.dumps({"room": room, "at": 10**13})
    return Bad(bad(offset, raw).record, Rejected("future", "at=10000000000000 is ahead"))


async def test_beyond_a_rooms_quota_one_letter_tells_of_all_the_others_and_other_rooms_keep_theirs() -> None:
    kafka = Kafka()
    rejects = [*(future(n, "skew") for n in range(10)), future(12, "calm"), *(future(n, "skew") for n in range(15, 20)), bad(30)]
    told = await letters(kafka, per_minute=4).send(chunk(*rejects), rejects)
    assert told == 11
    assert list(kafka.taken) == [b"live.clicks:3:%d" % n for n in (0, 1, 2, 3, 12, 30)] + [b"live.clicks:3:4-19"]
    summary = orjson.loads(kafka.taken[b"live.clicks:3:4-19"])
    assert base64.b64decode(summary.pop("raw")) == rejects[4].record.value
    assert summary == {
        "reason": "summary", "topic": "live.clicks", "partition": 3, "offset": 4, "last_offset": 19, "count": 11,
        "detail": "11 more records were rejected, beyond what is kept of each; the first: future: at=10000000000000 is ahead",
        "reasons": {"future": 11}, "rooms": {"skew": 11}, "other_rooms": 0, "offsets": [[4, 9], [15, 19]], "widened": False,
        "bytes": len(rejects[4].record.value or b""), "at": 1_234,
    }  # fmt: skip


async def test_a_summary_is_waited_for_and_its_error_not_swallowed() -> None:
    kafka = Kafka(error=KafkaTimeoutError())
    with pytest.raises(KafkaTimeoutError):
        await letters(kafka, per_minute=1).send(chunk(future(1, "a")), [Bad(bad(1, b"x" * MAX_RECORD_BYTES).record, Rejected("no", ""))])


async def test_a_batch_that_nobody_can_read_is_one_letter_with_its_offsets() -> None:
    kafka = Kafka()
    broken = Bad(Undecodable(7, 900, "no such codec"), Rejected("undecodable", "no such codec"))
    await letters(kafka).send(Chunk("log", PARTITION, [broken.record]), [broken])
    letter = orjson.loads(kafka.taken[b"live.clicks:3:7"])
    assert (letter["reason"], letter["offset"], letter["last_offset"], letter["raw"]) == ("undecodable", 7, 900, "")


async def test_a_record_too_large_for_the_broker_is_cut() -> None:
    kafka = Kafka(largest=200_000)
    raw = b"x" * 300_000
    await letters(kafka).send(chunk(bad(1, raw)), [bad(1, raw)])
    letter = orjson.loads(kafka.taken[b"live.clicks:3:1"])
    assert letter["bytes"] == 300_000
    assert base64.b64decode(letter["raw"]) == raw[:MAX_RECORD_BYTES]
