"""Buckets and windows, half-open (contract, section 3)."""

import pytest

from streams import windows
from tests.rooms.build import MINUTE, NOW, SECOND

K = NOW // (5 * SECOND)


@pytest.mark.parametrize(("after_ms", "bucket"), [(-1, K - 1), (0, K), (4_999, K), (5_000, K + 1)])
def test_a_bucket_is_half_open(after_ms: int, bucket: int) -> None:
    assert windows.bucket_of(NOW + after_ms) == bucket


def test_a_minute_is_twelve_buckets() -> None:
    minute = NOW // MINUTE
    assert [windows.minute_of(bucket) for bucket in (K - 1, K, K + 11, K + 12)] == [minute - 1, minute, minute, minute + 1]


@pytest.mark.parametrize("after_ms", [0, 1, 4_999])
def test_windows_end_with_the_bucket_that_holds_now(after_ms: int) -> None:
    # … | previous_5m: K-119 … K-60 | last_5m: K-59 … K |
    assert windows.last_5m(NOW + after_ms) == range(K - 59, K + 1)
    assert windows.previous_5m(NOW + after_ms) == range(K - 119, K - 59)


def test_buckets_are_kept_for_longer_than_a_window_needs_them() -> None:
    assert windows.oldest_recent(NOW) < windows.previous_5m(NOW - MINUTE).start
    kept_ms = windows.KEEP_BUCKET_SECONDS * SECOND
    assert kept_ms >= MINUTE + 10 * MINUTE  # written up to a minute early, read until it leaves previous_5m


@pytest.mark.parametrize(
    ("buckets", "minutes", "edges"),
    [
        (range(K, K + 12), [K // 12], []),
        (range(K, K + 11), [], [*range(K, K + 11)]),
        (range(K - 1, K + 13), [K // 12], [K - 1, K + 12]),
        (range(K + 1, K + 23), [], [*range(K + 1, K + 23)]),
        (range(K + 1, K + 25), [K // 12 + 1], [*range(K + 1, K + 12), K + 24]),
        (range(K, K), [], []),
    ],
)
def test_cover(buckets: range, minutes: list[int], edges: list[int]) -> None:
    assert windows.cover(buckets) == (minutes, edges)
