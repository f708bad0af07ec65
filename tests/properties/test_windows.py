"""A window covered by whole minutes and the buckets at its ends is the window."""

from hypothesis import given
from hypothesis import strategies as st

from streams import windows

starts = st.integers(10**8, 10**9)


@given(starts, st.integers(0, 300))
def test_cover_is_exact_and_short(start: int, length: int) -> None:
    minutes, buckets = windows.cover(range(start, start + length))
    covered = [bucket for minute in minutes for bucket in range(minute * 12, minute * 12 + 12)] + buckets
    assert sorted(covered) == list(range(start, start + length))
    assert len(buckets) <= 22


@given(st.integers(10**12, 3 * 10**12))
def test_both_windows_meet_and_end_with_now(now_ms: int) -> None:
    last, before = windows.last_5m(now_ms), windows.previous_5m(now_ms)
    assert windows.bucket_of(now_ms) == last[-1]
    assert len(last) == len(before) == 60
    assert before.stop == last.start
    assert windows.oldest_recent(now_ms) < before.start
