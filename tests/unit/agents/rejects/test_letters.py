from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agents.rejects.letters import shorten

gaps = st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9)), min_size=1, max_size=30)


@given(gaps, st.integers(1, 30))
def test_shortened_ranges_hold_every_offset_in_order_and_are_few(pieces: list[tuple[int, int]], most: int) -> None:
    ranges, at = [], 0
    for gap, length in pieces:
        ranges.append([at + gap + 1, at + gap + 1 + length])
        at = ranges[-1][1]
    told = shorten(ranges, most)
    assert len(told) == min(most, len(ranges))
    assert all(first <= last for first, last in told)
    assert all(one[1] < other[0] for one, other in pairwise(told))
    assert all(any(first <= low and high <= last for first, last in told) for low, high in ranges)
    assert (told[0][0], told[-1][1]) == (ranges[0][0], ranges[-1][1])


def test_the_widest_gaps_stay() -> None:
    assert shorten([[0, 1], [3, 4], [90, 91], [93, 93]], 2) == [[0, 4], [90, 93]]
