"""Records as aiokafka's C parser has them.

aiokafka wraps each record in a `ConsumerRecord` of eleven fields, which costs more than parsing it; a chunk needs three of them
(`agents.chunk.Record`), and the parser's own object has those.

And it says nothing of offsets that are no records: the marks in the log that end a transaction, and what one took back. Whoever waits for
the record before such an end would wait for ever, so here each fetch says where it ended.
"""

from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from aiokafka.consumer.fetcher import FetchResult, PartitionRecords

from agents import batches
from agents.chunk import Undecodable


class Passed(NamedTuple):
    """Stands behind the last record of a fetch: `offset` is the last one that it passed, a record's or not."""

    offset: int


class Unwrapped(PartitionRecords):  # type: ignore[misc]  # aiokafka has no types
    """What one fetch brought of a partition, without the wrapping; see `agents.batches` for what can't be read."""

    def __iter__(self) -> Iterator[Any]:
        return chain(self._records_iterator, self._end())

    def _end(self) -> Iterator[Passed]:
        yield Passed(self.next_fetch_offset - 1)


class Fetched(OrderedDict[Any, Any]):
    """What a fetcher has fetched and nobody has taken yet, partition → result; takes the place of the fetcher's own dictionary."""

    def __init__(self, *others: Any) -> None:
        self.failures = batches.Failures()
        super().__init__(*others)

    def __setitem__(self, tp: Any, result: Any) -> None:
        if type(result) is FetchResult and type(result._partition_records) is PartitionRecords:
            bare = result._partition_records
            bare.__class__ = Unwrapped
            bare._records_iterator = batches.unpack(bare, self.failures)  # instead of aiokafka's own, which has not begun
        super().__setitem__(tp, result)


def unwrap(fetcher: Any) -> None:
    """Has the fetcher hand out bare records from now on; to be called in its own loop."""
    if type(fetcher._records) is not Fetched:
        fetcher._records = Fetched(fetcher._records)


def upto(fetched: list[Any]) -> int:
    """The offset behind all that was fetched; leaves the records alone."""
    last = fetched.pop() if type(fetched[-1]) is Passed else fetched[-1]
    return int(last.last if type(last) is Undecodable else last.offset) + 1
