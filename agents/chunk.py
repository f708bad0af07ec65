"""A chunk: the records that one fetch brought for one partition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from streams.events import EARLIEST_MS, FUTURE_MS, UNREADABLE, Event, Rejected, decode, parser
from streams.topics import MAX_RECORD_BYTES, Partition

#: Kafka's mark of a record that the broker stamped, not its producer.
APPEND_TIME = 1


class Record(Protocol):
    """What is needed of one of aiokafka's records. `timestamp`: Unix ms, negative or None where the broker has none."""

    @property
    def offset(self) -> int: ...  # noqa: D102
    @property
    def timestamp(self) -> int | None: ...  # noqa: D102
    @property
    def value(self) -> bytes | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records of one partition in offset order.

    log       the log they come from, see `agents.topic_log`
    taken_up  what the store's progress was when this worker took the partition up
    upto      the offset behind all that was fetched: there may be more than records (`agents.lean`); None: behind the last record
    """

    log: str
    partition: Partition
    records: Sequence[Record]
    taken_up: int = 0
    upto: int | None = None

    def arrived_ms(self, now_ms: int) -> int:
        """When its newest record came into the log, Unix ms: by the broker where it stamps the records, else it is coming in now.

        What a producer stamps says nothing of that: a log that is replayed has the times of its events.
        """
        newest = self.records[-1] if self.records else None
        written = None if newest is None or getattr(newest, "timestamp_type", None) != APPEND_TIME else newest.timestamp
        return now_ms if written is None or not 0 <= written <= now_ms else written

    @property
    def next(self) -> int:
        """The offset to go on from."""
        return self.records[-1].offset + 1 if self.upto is None else self.upto


class Undecodable(NamedTuple):
    """Stands for a batch of the log that can't be read: all of its offsets, `offset` … `last`. `why`: in one line."""

    offset: int
    last: int
    why: str
    timestamp: int | None = None
    value: bytes | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """A rejected record, or a batch of them, and why."""

    record: Record
    why: Rejected

    @property
    def last(self) -> int:
        """The last offset that it stands for."""
        return self.record.last if isinstance(self.record, Undecodable) else self.record.offset


#: Events with their offsets, in offset order.
Events = list[tuple[int, Event]]


class Decoded(NamedTuple):
    """The events of a chunk by room, what was rejected, and how many events had half an emoji replaced (`streams.events.surrogates`)."""

    rooms: dict[str, Events]
    bad: list[Bad]
    mended: int


def decode_all(chunk: Chunk, now_ms: int) -> Decoded:
    """Decodes the chunk's records.

    Whether `at` lies in the future is measured from when the record was written to the log, not from when it is read: so a second reading
    of the log, years later, decides the same. A producer's clock may run ahead, hence never later than `now_ms`.
    """
    topic = chunk.partition.topic
    parse = parser(topic)
    rooms: dict[str, Events] = {}
    bad: list[Bad] = []
    mended = 0
    for record in chunk.records:
        raw = record.value or b""
        event: Event | None
        try:
            event = parse(raw)
        except UNREADABLE:
            event = None  # said again below, with the reason
        written = record.timestamp
        # Nearly all are like this; a room that has events already has been looked at. The rest is for `decode` to judge.
        if (
            event is not None
            and written is not None
            and 0 <= written <= now_ms
            and EARLIEST_MS <= event.at <= written + FUTURE_MS
            and len(raw) <= MAX_RECORD_BYTES
            and (events := rooms.get(event.room)) is not None
        ):
            events.append((record.offset, event))
            continue
        if type(record) is Undecodable:
            bad.append(Bad(record, Rejected("undecodable", record.why)))
            continue
        limit = now_ms if written is None or written < 0 or written > now_ms else written
        judged = decode(topic, raw, limit + FUTURE_MS)
        if isinstance(judged, Rejected):
            bad.append(Bad(record, judged))
        else:
            mended += event is None
            rooms.setdefault(judged.room, []).append((record.offset, judged))
    return Decoded(rooms, bad, mended)
