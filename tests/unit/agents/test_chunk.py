import orjson
from aiokafka.structs import ConsumerRecord

from agents.chunk import Chunk, Undecodable, decode_all
from streams.events import Rejected
from streams.topics import CLICKS, MAX_RECORD_BYTES, Partition

NOW = 1_760_000_000_000


def record(offset: int, value: bytes | None, timestamp: int | None = NOW) -> ConsumerRecord:
    return ConsumerRecord(CLICKS, 0, offset, timestamp, 0, b"r1", value, None, 2, len(value or b""), ())


def click(room: str = "r1", at: int = NOW) -> bytes:
    return orjson.dumps({"id": "1", "room": room, "at": at, "kind": "clicked", "user": "u", "product": "p"})


def decoded(*records: ConsumerRecord, now_ms: int = NOW) -> tuple[dict[str, list[int]], list[tuple[int, str]]]:
    rooms, bad, _ = decode_all(Chunk("log", Partition(CLICKS, 0), records), now_ms)
    return {room: [offset for offset, _ in events] for room, events in rooms.items()}, [(b.record.offset, b.why.reason) for b in bad]


def test_events_are_grouped_by_room_in_the_order_of_the_log() -> None:
    rooms, bad = decoded(record(7, click("a")), record(8, click("b")), record(9, click("a")))
    assert rooms == {"a": [7, 9], "b": [8]}
    assert not bad


def test_each_bad_record_is_told_with_its_reason_and_the_rest_counts() -> None:
    large = click()[:-1] + b" " * MAX_RECORD_BYTES + b"}"
    records = [record(0, b"\xff\x00"), record(1, click()[:20]), record(2, large), record(3, None), record(4, click())]
    rooms, bad = decoded(*records)
    assert rooms == {"r1": [4]}
    assert bad == [(0, "not-json"), (1, "not-json"), (2, "too-large"), (3, "not-json")]


def test_a_batch_that_cannot_be_read_is_rejected_and_half_an_emoji_is_counted() -> None:
    half = click().replace(b'"user":"u"', rb'"user":"\ud83d"')
    rooms, bad, mended = decode_all(
        Chunk("log", Partition(CLICKS, 0), [record(0, half), Undecodable(1, 9, "cut"), record(10, click())]), NOW
    )
    assert [event.user for _, event in rooms["r1"]] == ["\ufffd", "u"]  # type: ignore[attr-defined]
    assert [(each.record.offset, each.last, each.why) for each in bad] == [(1, 9, Rejected("undecodable", "cut"))]
    assert mended == 1


def test_the_future_begins_a_minute_after_the_record_was_written() -> None:
    at = NOW + 60_000
    assert decoded(record(0, click(at=at), NOW))[1] == []
    assert decoded(record(0, click(at=at + 1), NOW))[1] == [(0, "future")]


def test_a_replay_of_the_log_years_later_decides_the_same() -> None:
    early = record(0, click(at=NOW + 3_600_000), NOW)
    assert decoded(early, now_ms=NOW)[1] == decoded(early, now_ms=NOW + 10**11)[1] == [(0, "future")]


def test_a_producer_whose_clock_runs_ahead_does_not_move_the_future() -> None:
    assert decoded(record(0, click(at=NOW + 3_600_000), NOW + 3_600_000))[1] == [(0, "future")]


def test_a_record_without_a_timestamp_is_measured_by_the_clock() -> None:
    for none in (None, -1):
        assert decoded(record(0, click(at=NOW + 60_000), none))[1] == []
        assert decoded(record(0, click(at=NOW + 60_001), none))[1] == [(0, "future")]


def test_a_record_arrives_when_the_broker_says_and_else_now_whatever_its_producer_says() -> None:
    made, appended = (ConsumerRecord(CLICKS, 0, 7, NOW - 50, sort, b"r1", b"", None, 2, 0, ()) for sort in (0, 1))
    ahead = appended._replace(timestamp=NOW + 1) if hasattr(appended, "_replace") else None
    arrived = [Chunk("log", Partition(CLICKS, 0), [each]).arrived_ms(NOW) for each in (made, appended, ahead or made)]
    assert arrived == [NOW, NOW - 50, NOW]
    assert Chunk("log", Partition(CLICKS, 0), []).arrived_ms(NOW) == NOW
