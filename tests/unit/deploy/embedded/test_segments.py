import os

from deploy.embedded import segments
from deploy.embedded.segments import Segment
from streams.topics import ORDERS, VIEWS, Partition


def write(log, name, first, size, at_s):
    file = log / name / f"{first:020}.log"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"x" * size)
    os.utime(file, (at_s, at_s))


def test_each_segment_ends_where_the_next_begins(tmp_path):
    write(tmp_path, f"{VIEWS}-3", 100, 7, 20)
    write(tmp_path, f"{VIEWS}-3", 0, 5, 10)
    (tmp_path / f"{VIEWS}-3" / "00000000000000000000.index").write_bytes(b"12345678")
    assert segments.read(tmp_path, {VIEWS: VIEWS}) == [
        Segment(Partition(VIEWS, 3), 0, 100, 5, 10_000),
        Segment(Partition(VIEWS, 3), 100, None, 7, 20_000),
    ]


def test_a_partition_that_is_just_being_made(tmp_path):
    (tmp_path / f"{VIEWS}-0").mkdir()
    assert segments.read(tmp_path, {VIEWS: VIEWS}) == []


def test_only_the_topics_that_are_meant(tmp_path):
    for name in (f"{ORDERS}-0", f"{VIEWS}.copy-0", "__consumer_offsets-0", f"{VIEWS}-0.4f-delete"):
        write(tmp_path, name, 0, 1, 10)
    (tmp_path / "meta.properties").touch()
    assert segments.read(tmp_path, {VIEWS: VIEWS}) == []
