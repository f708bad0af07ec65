"""Records as aiokafka's C parser has them.

aiokafka wraps each record in a `ConsumerRecord` of eleven fields, which costs more than parsing it; a chunk needs three of them
(`agents.chunk.Record`), and the parser's own object has those.
"""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from aiokafka.consumer.fetcher import FetchResult, PartitionRecords


class Unwrapped(PartitionRecords):  # type: ignore[misc]  # aiokafka has no types
    """What one fetch brought of a partition, without the wrapping. Offsets, checksums and control records stay aiokafka's business."""

    def __iter__(self) -> Iterator[Any]:
        iterator: Iterator[Any] = self._records_iterator
        return iterator

    def _consumer_record(self, tp: Any, record: Any) -> Any:
        return record


class Fetched(OrderedDict[Any, Any]):
    """What a fetcher has fetched and nobody has taken yet, partition → result; takes the place of the fetcher's own dictionary."""

    def __setitem__(self, tp: Any, result: Any) -> None:
        if type(result) is FetchResult and type(result._partition_records) is PartitionRecords:
            result._partition_records.__class__ = Unwrapped
        super().__setitem__(tp, result)


def unwrap(fetcher: Any) -> None:
    """Has the fetcher hand out bare records from now on; to be called in its own loop."""
    if type(fetcher._records) is not Fetched:
        fetcher._records = Fetched(fetcher._records)
