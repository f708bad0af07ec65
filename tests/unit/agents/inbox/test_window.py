"""The offset passes nothing that is not done."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inbox.window import Window


@settings(deadline=None)
@given(st.permutations(range(20)))
def test_records_are_done_in_order_whatever_order_they_end_in(order: list[int]):
    records, done = [f"record {number}" for number in range(20)], []
    window = Window(done.append)
    for record in records:
        window.begin(record)
    ended: set[int] = set()
    for number in order:
        window.end(records[number])
        ended.add(number)
        first_open = next((each for each in range(20) if each not in ended), 20)
        assert done == records[:first_open]
    assert len(window) == 0
