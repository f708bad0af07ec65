"""Reads the batches of one fetch, and goes on behind one that can't be read.

aiokafka raises there (a codec it doesn't have, a checksum that is wrong, compressed data that is cut or unpack to too much, see
`agents.unpacking`), and whoever reads the log again from the same place raises again, for ever. Here such a batch is read a few times, for
the fault may have been on the way, and then stands as one `Undecodable` with its offsets: a dead letter.
"""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from aiokafka.consumer.fetcher import READ_COMMITTED
from aiokafka.errors import CorruptRecordException

from agents import unpacking
from agents.chunk import Undecodable

#: How often a batch is fetched before it counts as broken.
TRIES = 3
#: So many places that failed are remembered.
_MOST_PLACES = 1_000
#: More offsets than a batch can have: beyond, its header is broken too.
_LONGEST_BATCH = 10_000_000

#: (topic and partition, offset) → how often it could not be read.
Failures = OrderedDict[tuple[Any, int], int]

unpacking.bound()


def unpack(source: Any, failures: Failures) -> Iterator[Any]:
    """The records of `source` (aiokafka's `PartitionRecords`) as they are parsed; moves its `next_fetch_offset` along.

    Ends before a batch that is to be fetched once more.
    """
    batches = source._records
    while batches.has_next():
        first = source.next_fetch_offset
        batch = None
        try:
            batch = batches.next_batch()
            yield from _records(source, batch)
        except Exception as error:  # noqa: BLE001 - whatever a codec says of data that it can't read
            if 0 <= (last := _last(batch)) < first:
                continue  # it was passed before
            if not _is_broken(source, failures):
                return
            last = max(source.next_fetch_offset, last)
            first = source.next_fetch_offset  # what could be read of it was handed out
            source.next_fetch_offset = last + 1
            yield Undecodable(first, last, _why(error))
        else:
            source.next_fetch_offset = max(source.next_fetch_offset, batch.next_offset)


def _records(source: Any, batch: Any) -> Iterator[Any]:
    """As `PartitionRecords._unpack_records`, for one batch."""
    if source._check_crcs and not batch.validate_crc():
        raise CorruptRecordException("its checksum is wrong")
    if source._isolation_level == READ_COMMITTED and batch.producer_id is not None:
        source._consume_aborted_up_to(batch.base_offset)
        if batch.is_control_batch and source._contains_abort_marker(batch):
            source._aborted_producers.discard(batch.producer_id)
        if batch.is_transactional and batch.producer_id in source._aborted_producers:
            return
    if batch.is_control_batch:
        return
    for record in batch:
        if record.offset >= source.next_fetch_offset:  # a fetch may begin in the middle of a batch
            source.next_fetch_offset = record.offset + 1
            yield record


def _is_broken(source: Any, failures: Failures) -> bool:
    """Whether the place has been tried often enough."""
    place = source._tp, source.next_fetch_offset
    tries = failures.pop(place, 0) + 1
    if tries >= TRIES:
        return True
    failures[place] = tries
    if len(failures) > _MOST_PLACES:
        failures.popitem(last=False)
    return False


def _last(batch: Any) -> int:
    """The last offset of a batch, by its header; -1 where that can't be."""
    if batch is None or not 0 < batch.next_offset - batch.base_offset <= _LONGEST_BATCH:
        return -1
    return int(batch.next_offset) - 1


def _why(error: Exception) -> str:
    text = "".join(c if c.isprintable() else "?" for c in str(error))[:200]
    return f"a batch of the log can't be unpacked: {type(error).__name__}: {text}"
