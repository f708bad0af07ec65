from typing import Any

from aiokafka.consumer.fetcher import READ_UNCOMMITTED, FetchResult, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import TopicPartition

from agents import lean

TP = TopicPartition("t", 0)


class Assignment:
    """One that always has the partition, and notes how far it was consumed."""

    position = 5

    def state_value(self, tp: TopicPartition) -> Any:
        return self

    active = has_valid_position = True
    paused = False

    def consumed_to(self, position: int) -> None:
        self.position = position


def fetched(count: int, first: int, corrupt: bool = False) -> FetchResult:
    """What a fetch brought: a batch of records from offset 0 on, of which `first` is the first asked for."""
    builder = DefaultRecordBatchBuilder(2, 0, False, -1, -1, 0, 1 << 20)
    for offset in range(count):
        builder.append(offset, timestamp=1_000 + offset, key=b"room", value=b"%d" % offset, headers=[])
    raw = bytearray(builder.build())
    if corrupt:
        raw[-1] ^= 1
    records = PartitionRecords(TP, MemoryRecords(bytes(raw)), [], first, None, None, True, READ_UNCOMMITTED)
    return FetchResult(TP, partition_records=records, assignment=Assignment(), backoff=0)


def test_records_are_the_parsers_own_with_the_same_offset_time_and_value() -> None:
    results = lean.Fetched()
    results[TP] = fetched(20, 5)
    plain = fetched(20, 5).getall()
    bare = results[TP].getall()
    assert lean.upto(bare) == 20
    assert [(each.offset, each.timestamp, each.value) for each in bare] == [(each.offset, each.timestamp, each.value) for each in plain]
    assert type(bare[0]) is not type(plain[0])
    assert not results[TP].has_more()
    assert results[TP]._assignment.position == 20


def test_a_fetch_is_taken_in_parts() -> None:
    results = lean.Fetched({TP: fetched(20, 0)})
    results[TP] = fetched(20, 5)
    parts, ends = [], []
    while results[TP].has_more():
        part = results[TP].getall(7)
        ends.append(lean.upto(part))
        parts.append([each.offset for each in part])
    assert [offset for part in parts for offset in part] == list(range(5, 20))
    assert ([len(part) for part in parts], ends) == ([7, 7, 1], [12, 19, 20])


def test_a_fetch_without_records_says_where_it_ended() -> None:
    results = lean.Fetched({})
    results[TP] = fetched(20, 20)
    results[TP]._assignment.position = 20
    empty = results[TP].getall()
    assert (lean.upto(empty), empty) == (20, [])


def test_a_fetcher_is_changed_once() -> None:
    class Fetcher:
        def __init__(self) -> None:
            self._records = {TP: "an error"}

    fetcher: Any = Fetcher()
    lean.unwrap(fetcher)
    kept = fetcher._records
    lean.unwrap(fetcher)
    assert fetcher._records is kept == {TP: "an error"}
