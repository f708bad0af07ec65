from hypothesis import given
from hypothesis import strategies as st

from agents.rejects.quota import UNKNOWN, Quota, room_of
from streams.topics import MAX_RECORD_BYTES


def test_a_room_has_so_many_a_minute_whatever_others_have() -> None:
    quota = Quota(3)
    assert [quota.take("a", 10, 1_000) for _ in range(5)] == [True] * 3 + [False] * 2
    assert quota.take("b", 10, 59_999)
    assert quota.take("a", 10, 60_000), "a new minute"


def test_large_records_count_for_more() -> None:
    quota = Quota(10)
    assert not quota.take("a", 10 * MAX_RECORD_BYTES, 0)
    assert quota.take("a", 9 * MAX_RECORD_BYTES, 0)
    assert not quota.take("a", 1, 0)


def test_made_up_rooms_have_a_bound_together_and_take_no_memory() -> None:
    quota = Quota(100)
    assert sum(quota.take(f"r{number}", 1, 0) for number in range(5_000)) <= 1_000
    assert len(quota._rooms) <= 1_001
    assert sum(quota.take(f"r{number % 50}", 1, 60_000) for number in range(50_000)) == 1_000


def test_the_room_is_read_where_it_can_be() -> None:
    assert room_of(b'{"id": 5, "room": "a-1"}') == "a-1"
    for raw in (b"", b"{", b"[]", b"null", b'{"room": 5}', b'{"room": "a\\nb"}', b'{"room": "' + b"x" * 65 + b'"}', b"[" * 100_000):
        assert room_of(raw) == UNKNOWN


@given(st.binary(max_size=200))
def test_random_bytes_name_no_room_that_could_forge_a_line(raw: bytes) -> None:
    assert room_of(raw).isprintable()
