"""Event time cut into buckets and minutes: integer milliseconds, half-open (contract, section 3).

    bucket k      [5 s × k, 5 s × (k + 1))
    last_5m at t  the 60 buckets that end with the one holding t;  previous_5m  the 60 before

A bucket or minute is named by its number since the epoch; a minute is exactly 12 buckets.
"""

BUCKET_MS = 5_000
MINUTE_MS = 60_000
BUCKETS_PER_MINUTE = MINUTE_MS // BUCKET_MS
WINDOW_BUCKETS = 60
#: A user counts as online for so many buckets, the one they were heard in included (60 s).
ONLINE_BUCKETS = 12

#: How old a bucket may be, by the clock of whoever folds it, to be kept as one: both windows (10 min), and room for clocks that differ.
RECENT_MS = 900_000
#: Seconds that a bucket's keys live after the last change to them. Longer than it can still be in a window.
KEEP_BUCKET_SECONDS = 1_200


def bucket_of(at_ms: int) -> int:
    """The number of the bucket that holds `at_ms`."""
    return at_ms // BUCKET_MS


def minute_of(bucket: int) -> int:
    """The number of the minute that a bucket lies in."""
    return bucket // BUCKETS_PER_MINUTE


def last_5m(now_ms: int) -> range:
    """The buckets of `last_5m` at `now_ms`."""
    end = bucket_of(now_ms) + 1
    return range(end - WINDOW_BUCKETS, end)


def previous_5m(now_ms: int) -> range:
    """The buckets of `previous_5m` at `now_ms`."""
    start = last_5m(now_ms).start
    return range(start - WINDOW_BUCKETS, start)


def oldest_recent(now_ms: int) -> int:
    """The oldest bucket that is kept as a bucket at `now_ms`; older events count in their minute and in the total only."""
    return bucket_of(now_ms - RECENT_MS)


def cover(buckets: range) -> tuple[list[int], list[int]]:
    """The same time as whole minutes and the buckets at both ends: (minutes, buckets). Fewer parts to unite than 60."""
    first = -(-buckets.start // BUCKETS_PER_MINUTE)
    last = buckets.stop // BUCKETS_PER_MINUTE
    if first >= last:
        return [], list(buckets)
    edges = [*range(buckets.start, first * BUCKETS_PER_MINUTE), *range(last * BUCKETS_PER_MINUTE, buckets.stop)]
    return list(range(first, last)), edges
