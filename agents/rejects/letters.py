"""Dead letters as they are written (contract, section 1): one for a record, or one for many of a chunk."""

import base64
from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson

from agents.chunk import Bad
from streams.topics import MAX_RECORD_BYTES, Partition

#: The reason of a letter that stands for many records.
SUMMARY = "summary"
#: So many of a summary's rooms are named, those with the most records first.
_MOST_ROOMS = 20
#: So many stretches of offsets are told; of more, those nearest to each other are told as one.
_MOST_RANGES = 100

Ranges = list[list[int]]


def letter(partition: Partition, bad: Bad, now_ms: int, keep_bytes: int | None = None) -> bytes:
    """One dead letter. `keep_bytes` cuts the raw record, for a broker that takes no larger one; `bytes` is its length in the log."""
    raw = bad.record.value or b""
    fields: dict[str, Any] = {
        "reason": bad.why.reason,
        "detail": bad.why.detail,
        "topic": partition.topic,
        "partition": partition.number,
        "offset": bad.record.offset,
        "bytes": len(raw),
        "raw": base64.b64encode(raw[:keep_bytes]).decode(),
        "at": now_ms,
    }
    if bad.last != bad.record.offset:  # a batch that cannot be read: nobody knows how many records it holds
        fields["last_offset"] = bad.last
    return orjson.dumps(fields)


def summary(partition: Partition, bads: Sequence[tuple[str, Bad]], now_ms: int) -> bytes:
    """One letter for many records, (room, record) in the order of the log; `raw` is the first of them.

    `offsets`: where they stand, [first, last] each; `widened` where these stretches hold other records too.
    """
    first = bads[0][1]
    reasons = Counter(bad.why.reason for _, bad in bads)
    rooms = Counter(room for room, _ in bads)
    ranges = offsets(bad for _, bad in bads)
    told = shorten(ranges)
    raw = first.record.value or b""
    detail = f"{len(bads)} more records were rejected, beyond what is kept of each; the first: {first.why.reason}: {first.why.detail}"
    return orjson.dumps(
        {
            "reason": SUMMARY,
            "detail": detail,
            "topic": partition.topic,
            "partition": partition.number,
            "offset": first.record.offset,
            "last_offset": bads[-1][1].last,
            "count": len(bads),
            "reasons": dict(reasons),
            "rooms": dict(rooms.most_common(_MOST_ROOMS)),
            "other_rooms": max(0, len(rooms) - _MOST_ROOMS),
            "offsets": told,
            "widened": len(told) < len(ranges),
            "bytes": len(raw),
            "raw": base64.b64encode(raw[:MAX_RECORD_BYTES]).decode(),
            "at": now_ms,
        }
    )


def offsets(bads: Any) -> Ranges:
    """The stretches of offsets that the records fill."""
    found: Ranges = []
    for bad in bads:
        if found and bad.record.offset == found[-1][1] + 1:
            found[-1][1] = bad.last
        else:
            found.append([bad.record.offset, bad.last])
    return found


def shorten(ranges: Ranges, most: int = _MOST_RANGES) -> Ranges:
    """At most `most` stretches that hold all of these: the smallest gaps are closed."""
    if len(ranges) <= most:
        return ranges
    gaps = sorted(range(1, len(ranges)), key=lambda number: ranges[number][0] - ranges[number - 1][1], reverse=True)
    starts = [0, *sorted(gaps[: most - 1])]
    ends = [*starts[1:], len(ranges)]
    return [[ranges[start][0], ranges[end - 1][1]] for start, end in zip(starts, ends, strict=True)]
