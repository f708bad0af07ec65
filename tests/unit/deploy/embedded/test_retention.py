from hypothesis import given
from hypothesis import strategies as st

from deploy.embedded.retention import Bounds, cuts, refusal
from deploy.embedded.segments import Segment
from streams.topics import ORDERS, VIEWS, Partition

HOUR = 3_600_000
NOW = 100_000 * HOUR
A, B = Partition(VIEWS, 0), Partition(ORDERS, 1)


def of(partition, hours_ago, bytes=1_000_000):
    """Segments of 10 records each, the last of them still written to."""
    last = len(hours_ago) - 1
    return [Segment(partition, 10 * n, None if n == last else 10 * (n + 1), bytes, NOW - hours * HOUR) for n, hours in enumerate(hours_ago)]


def test_what_is_saved_and_old_goes():
    assert cuts(of(A, [30, 25, 2, 0]), {A: 99}, Bounds(24, 1_000, 1), NOW) == {A: 20}


def test_what_is_not_saved_stays_however_old_it_is():
    assert cuts(of(A, [30, 25, 2, 0]), {A: 15}, Bounds(24, 1_000, 1), NOW) == {A: 10}
    assert cuts(of(A, [30, 25, 2, 0]), {}, Bounds(24, 1_000, 1), NOW) == {}


def test_what_is_beyond_the_size_goes_oldest_first_over_all_partitions():
    found = of(A, [9, 5, 1, 0]) + of(B, [8, 7, 6, 0])
    assert cuts(found, {A: 99, B: 99}, Bounds(-1, 6, 1), NOW) == {A: 10, B: 20}


def test_a_partition_that_is_not_saved_does_not_keep_the_others():
    assert cuts(of(A, [9, 8, 0]) + of(B, [7, 6, 0]), {B: 20}, Bounds(-1, 3, 1), NOW) == {B: 20}


def test_what_is_written_to_stays():
    assert cuts(of(A, [50]), {A: 99}, Bounds(24, 0, 1), NOW) == {}


def test_nothing_goes_for_its_age_where_all_is_kept():
    assert cuts(of(A, [9_000, 8_000, 0]), {A: 99}, Bounds(-1, 1_000, 1), NOW) == {}


partitions = st.sampled_from([A, B])
ages = st.lists(st.integers(0, 90), min_size=1, max_size=6).map(lambda hours: sorted(hours, reverse=True))


@given(ages, ages, st.dictionaries(partitions, st.integers(0, 70)), st.integers(-1, 50), st.integers(0, 12))
def test_never_what_is_not_saved_and_always_from_the_start(ages_a, ages_b, saved, hours, log_mb):
    found = of(A, ages_a) + of(B, ages_b)
    for partition, offset in cuts(found, saved, Bounds(hours, log_mb, 1), NOW).items():
        assert 0 < offset <= saved.get(partition, 0)
        assert offset in {each.until for each in found if each.partition == partition}


def test_room_enough():
    assert refusal(10_000_000, 5_000_000, Bounds(1, 10, 5), refusing=False) is None


def test_a_full_disk_and_a_full_log_are_told_apart():
    disk = refusal(0, 4_999_999, Bounds(1, 10, 5), refusing=False)
    assert disk and "only 4 MB of its disk are free" in disk and "LIVESCREEN_DISK_FREE_MB=5" in disk and "make room" in disk
    log = refusal(11_000_000, 50_000_000, Bounds(1, 10, 5), refusing=False)
    assert log and "the log holds 11 MB" in log and "LIVESCREEN_LOG_MB=10" in log and "not saved yet" in log


def test_it_opens_again_with_some_room_only():
    bounds = Bounds(1, 10, 5)
    assert refusal(9_500_000, 50_000_000, bounds, refusing=True) and refusal(9_500_000, 50_000_000, bounds, refusing=False) is None
    assert refusal(0, 5_400_000, bounds, refusing=True) and refusal(0, 5_400_000, bounds, refusing=False) is None
    assert refusal(8_000_000, 6_000_000, bounds, refusing=True) is None
