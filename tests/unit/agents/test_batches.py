"""Batches that can't be read: each is one `Undecodable` with its offsets, and what is around them is read."""

import struct
from typing import Any

import pytest
from aiokafka.consumer.fetcher import READ_COMMITTED, READ_UNCOMMITTED, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c
from aiokafka.structs import TopicPartition

from agents import batches
from agents.chunk import Undecodable

TP = TopicPartition("t", 0)
CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
CRC_AT, ATTRIBUTES_AT, RECORDS_AT = 17, 21, 61


def batch(first: int, count: int, codec: int = 0) -> bytearray:
    builder = DefaultRecordBatchBuilder(2, codec, False, -1, -1, 0, 1 << 20)
    for number in range(count):
        builder.append(number, timestamp=1_000, key=b"room", value=b"value %d" % number * 20, headers=[])
    raw = bytearray(builder.build())
    struct.pack_into(">q", raw, 0, first)
    return raw


def sealed(raw: bytearray) -> bytearray:
    """With the checksum of what it holds now."""
    struct.pack_into(">I", raw, CRC_AT, calc_crc32c(bytes(raw[ATTRIBUTES_AT:])))
    return raw


def cut(raw: bytearray) -> bytearray:
    raw[RECORDS_AT:] = b"\xff" * (len(raw) - RECORDS_AT)
    return sealed(raw)


def of_no_codec(raw: bytearray) -> bytearray:
    raw[ATTRIBUTES_AT + 1] |= 0x07
    return sealed(raw)


def flipped(raw: bytearray) -> bytearray:
    raw[-1] ^= 1
    return raw


def fetch(log: bytes, first: int, failures: batches.Failures, isolation: int = READ_UNCOMMITTED) -> tuple[list[Any], int]:
    """One fetch of the whole log: what came, and where the next one begins."""
    source = PartitionRecords(TP, MemoryRecords(log), [], first, None, None, True, isolation)
    return list(batches.unpack(source, failures)), source.next_fetch_offset


def read(log: bytes, first: int = 0, fetches: int = 10, isolation: int = READ_UNCOMMITTED) -> tuple[list[Any], int]:
    failures, found = batches.Failures(), []
    for _ in range(fetches):
        more, first = fetch(log, first, failures, isolation)
        found += more
    return found, first


@pytest.mark.parametrize("codec", CODECS)
def test_every_codec_of_kafka_is_read(codec: str) -> None:
    found, end = read(bytes(batch(0, 50, CODECS[codec])), fetches=1)
    assert ([each.offset for each in found], end) == (list(range(50)), 50)
    assert found[7].value == b"value 7" * 20


@pytest.mark.parametrize("isolation", [READ_UNCOMMITTED, READ_COMMITTED])
@pytest.mark.parametrize("broken", [cut, of_no_codec, flipped])
@pytest.mark.parametrize("codec", CODECS)
def test_a_broken_batch_is_one_reject_and_its_neighbours_are_read(codec: str, broken: Any, isolation: int) -> None:
    log = bytes(batch(0, 5) + broken(batch(5, 10, CODECS[codec])) + batch(15, 5))
    found, end = read(log, isolation=isolation)
    assert end == 20
    records = [each.offset for each in found if not isinstance(each, Undecodable)]
    rejects = [each for each in found if isinstance(each, Undecodable)]
    assert [each.last for each in rejects] == [14]
    assert records == [*range(rejects[0].offset), *range(15, 20)] and rejects[0].offset >= 5
    assert rejects[0].why.startswith("a batch of the log can't be unpacked: ") and "\n" not in rejects[0].why


def test_what_may_have_broken_on_the_way_is_fetched_again_first() -> None:
    failures = batches.Failures()
    whole = bytes(batch(0, 5) + batch(5, 10))
    broken = bytes(batch(0, 5) + flipped(batch(5, 10)))
    assert len(fetch(broken, 0, failures)[0]) == 5
    for _ in range(batches.TRIES - 2):
        assert fetch(broken, 5, failures) == ([], 5)
    found, end = fetch(whole, 5, failures)
    assert ([each.offset for each in found], end) == (list(range(5, 15)), 15)


def test_a_header_that_claims_too_much_moves_by_one_offset() -> None:
    raw = batch(0, 5)
    struct.pack_into(">i", raw, ATTRIBUTES_AT + 2, 2_000_000_000)  # the last offset's distance
    (reject,), end = read(bytes(raw), fetches=3)
    assert (reject.offset, reject.last, end) == (0, 0, 1)


def test_a_fetch_from_the_middle_of_a_broken_batch_tells_of_the_rest() -> None:
    (reject,), end = read(bytes(cut(batch(0, 10, CODECS["zstd"]))), first=4)
    assert (reject.offset, reject.last, end) == (4, 9, 10)
