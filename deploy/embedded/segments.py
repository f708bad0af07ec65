"""The files of the embedded Kafka's log."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from streams.topics import Partition

_FILE = re.compile(r"(\d{20})\.log")


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of a partition's log.

    first, until    the offset it begins with, and the one after its last; None: it is still written to
    bytes           its size
    written_ms      when its last record came, Unix ms
    """

    partition: Partition
    first: int
    until: int | None
    bytes: int
    written_ms: int


def read(log: Path, topics: Mapping[str, str]) -> list[Segment]:
    """The segments of these topics, what Kafka calls each → what we do. What Kafka deletes meanwhile may be left out."""
    found: dict[Partition, list[tuple[int, int, int]]] = defaultdict(list)
    for directory in log.iterdir():
        topic, _, number = directory.name.rpartition("-")
        if topic in topics and number.isdecimal():
            found[Partition(topics[topic], int(number))] = _files(directory)
    return [segment for partition, files in found.items() for segment in _segments(partition, files)]


def _files(directory: Path) -> list[tuple[int, int, int]]:
    """The first offset, the size and the last time of each file, in order."""
    files = []
    for path in directory.iterdir():
        if (name := _FILE.fullmatch(path.name)) is None:
            continue
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue  # Kafka has just deleted it
        files.append((int(name[1]), facts.st_size, facts.st_mtime_ns // 1_000_000))
    return sorted(files)


def _segments(partition: Partition, files: list[tuple[int, int, int]]) -> list[Segment]:
    ends = [*(later[0] for _, later in pairwise(files)), None]
    # Of a partition that is just being made there is no file yet.
    return [Segment(partition, first, until, size, ms) for (first, size, ms), until in zip(files, ends, strict=False)]
