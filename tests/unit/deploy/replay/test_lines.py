import json
from pathlib import Path

import pytest

from deploy.replay import lines
from deploy.replay.lines import MAX_LINE_BYTES, parse, read_all, read_lines, topic_of, with_time
from streams.events import Rejected

GOOD = b'{"topic":"live.views","id":"1","room":"r","at":1700000000000,"kind":"liked","user":"u"}'


def one(raw, default=None):
    return parse(raw, default, "f", 1, len(raw))


def test_topic_room_and_time_of_a_line():
    line = one(GOOD)
    assert (line.topic, line.room, line.at, line.raw) == ("live.views", b"r", 1700000000000, GOOD)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x00\xff random", "not-json"),
        (GOOD[:-9], "not-json"),
        (b'{"a":' + b"[" * 5_000, "not-json"),
        (b"[1]", "wrong-type"),
        (b"7", "wrong-type"),
        (b'{"id":"1"}', "missing-field"),
        (b'{"topic":7}', "wrong-type"),
        (b'{"topic":"live.alerts"}', "wrong-value"),
        (b'{"topic":"live.dead-letters"}', "wrong-value"),
    ],
)
def test_a_line_without_a_topic_says_why(raw, reason):
    topic = one(raw).topic
    assert isinstance(topic, Rejected) and topic.reason == reason
    assert one(raw, "live.views").topic == "live.views", "in a file of one topic it is for the agents to judge"


@pytest.mark.parametrize(
    "raw", [b'{"topic":"live.views","room":7,"at":"x"}', b'{"topic":"live.views","room":"","at":true}', b'{"topic":"live.views","at":1.5}']
)
def test_a_line_with_a_topic_is_sent_whatever_else_is_wrong(raw):
    line = one(raw)
    assert (line.topic, line.room, line.at) == ("live.views", None, None)


def test_the_topic_of_a_line_goes_before_that_of_its_file():
    assert one(GOOD, "live.orders").topic == "live.views"


def test_files_named_after_a_topic():
    assert topic_of(Path("/x/live.views.ndjson")) == "live.views"
    assert topic_of(Path("live.orders.2.ndjson")) == "live.orders"
    assert topic_of(Path("live.clicks")) == topic_of(Path("clicks.json")) == "live.clicks"
    assert topic_of(Path("live.dead-letters.ndjson")) is None
    assert topic_of(Path("viewers.ndjson")) is None
    assert topic_of(Path("live.viewsx.ndjson")) is None
    assert topic_of(Path("events.ndjson")) is None


def test_lines_are_split_at_line_feeds_and_kept_to_the_byte(tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n" + GOOD + b" \r\n\x00\xfe\x85\r1\n  \n" + GOOD)
    read = list(read_lines(path))
    assert [(line.number, line.raw) for line in read] == [(2, GOOD + b" \r"), (3, b"\x00\xfe\x85\r1"), (5, GOOD)]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD + b"\n\xef\xbb\xbf" + GOOD)
    first, second = read_lines(path)
    assert (first.topic, first.raw) == ("live.views", GOOD)
    assert isinstance(second.topic, Rejected)


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_line_beyond_all_bounds_is_refused_and_not_kept_whole(tmp_path, end):
    path = tmp_path / "live.views.ndjson"
    size = 2 * MAX_LINE_BYTES + 5
    path.write_bytes(b"x" * size + b"\n" + GOOD + b"\n" + b"y" * size + end)
    huge, good, last = read_lines(path)
    for line in (huge, last):
        assert isinstance(line.topic, Rejected) and line.topic.reason == "too-large"
        assert line.length_bytes == size and len(line.raw) <= MAX_LINE_BYTES + 1
    assert (good.raw, good.number, last.number) == (GOOD, 2, 3)


@pytest.mark.parametrize("over", [0, 1, 2])
def test_lines_about_as_long_as_the_bound(tmp_path, over):
    path = tmp_path / "live.views.ndjson"
    path.write_bytes(b"x" * (MAX_LINE_BYTES + over) + b"\n" + GOOD)
    first, second = read_lines(path)
    assert first.length_bytes == MAX_LINE_BYTES + over
    assert isinstance(first.topic, Rejected) == (over > 0)
    assert second.raw == GOOD


def test_several_files_are_one_sequence_in_time(tmp_path):
    def write(name, *times):
        path = tmp_path / name
        path.write_bytes(b"".join(b"broken\n" if at is None else json.dumps({"at": at}).encode() + b"\n" for at in times))
        return path

    paths = [write("live.views.ndjson", 1, 5, 4, 9), write("live.orders.ndjson", 2, None, 8, None)]
    assert [(line.topic, line.at) for line in read_all(paths)] == [
        ("live.views", 1),
        ("live.orders", 2),
        ("live.orders", None),
        ("live.views", 5),
        ("live.views", 4),
        ("live.orders", 8),
        ("live.orders", None),
        ("live.views", 9),
    ]


def test_another_time_leaves_all_other_values_as_they_were():
    raw = '{"at" : 1, "text":"\\u6d59 浙\\n","amount":1.50,"person":{"at":1}, "big":123456789012345678901234567890}'.encode()
    changed = with_time(raw, 1_700_000_000_000)
    assert json.loads(changed) == {**json.loads(raw), "at": 1_700_000_000_000}
    assert '"\\u6d59 浙\\n"'.encode() in changed and b"1.50" in changed and b"123456789012345678901234567890" in changed


def test_the_bound_leaves_room_for_the_record_around_the_line():
    assert lines.MAX_MESSAGE_BYTES - MAX_LINE_BYTES >= 1024


def test_half_an_emoji_costs_a_line_neither_topic_nor_key_nor_time():
    line = one(GOOD.replace(b'"u"', b'"u\\ud83d"'))
    assert (line.topic, line.room, line.at) == ("live.views", b"r", 1700000000000)
    assert json.loads(with_time(line.raw, 7))["at"] == 7
