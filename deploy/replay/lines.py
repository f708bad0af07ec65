"""Lines of NDJSON files: which topic, room and time each has. Bytes in, bytes out: what is wrong with a line must arrive as it is."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from streams.events import Rejected, surrogates
from streams.topics import INPUTS, MAX_MESSAGE_BYTES

MAX_ROOM_CHARACTERS = 64
#: A longer line cannot go to Kafka as it is, since a record has more to it than its value.
MAX_LINE_BYTES = MAX_MESSAGE_BYTES - 64 * 1024


class _Head(msgspec.Struct, gc=False):
    """What replay needs of a line. Of any type: judging the rest is the agents' work."""

    topic: Any = None
    room: Any = None
    at: Any = None


_decode = msgspec.json.Decoder(_Head).decode
_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


@dataclass(slots=True)
class Line:
    """One line that is not blank. `number` counts from 1. `length_bytes` is its length in the file, `raw` is cut at `MAX_LINE_BYTES`.

    `topic` is an input topic, or the reason why none could be found. `room` is the record's key, None where there is none.
    `at`: event time in Unix ms, None where it cannot be read.
    """

    file: str
    number: int
    length_bytes: int
    raw: bytes
    topic: str | Rejected
    room: bytes | None
    at: int | None


def topic_of(path: Path) -> str | None:
    """The topic that a file is named after: "live.views.ndjson", "live.views.3.ndjson", "views.ndjson", "live.views"."""
    name = f"{path.name}."
    return next((topic for topic in INPUTS if name.startswith((f"{topic}.", f"{topic.removeprefix('live.')}."))), None)


def read_lines(path: Path) -> Iterator[Line]:
    """All lines of a file that are not blank."""
    topic = topic_of(path)
    with path.open("rb") as file:
        for number, (length, raw) in enumerate(_split(file), 1):
            if number == 1:
                raw = raw.removeprefix(BOM_UTF8)  # noqa: PLW2901 (some editors begin a file with it; it is not the line's)
            if raw and not raw.isspace():
                yield parse(raw, topic, path.name, number, length)


def read_all(paths: list[Path]) -> Iterator[Line]:
    """The lines of several files as one sequence, by time where each file is; lines without a time stay behind the one before them."""
    if len(paths) == 1:
        yield from read_lines(paths[0])
        return
    for _, line in merge(*(_timed(read_lines(path)) for path in paths), key=lambda timed: timed[0]):
        yield line


def parse(raw: bytes, default_topic: str | None, file: str, number: int, length: int) -> Line:
    """Finds out what replay needs to know of a line."""
    if length > MAX_LINE_BYTES:
        return Line(file, number, length, raw, Rejected("too-large", f"{length} bytes, Kafka takes {MAX_LINE_BYTES}"), None, None)
    try:
        head = surrogates.parse(_decode, raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = "wrong-type" if isinstance(error, msgspec.ValidationError) else "not-json"
        return Line(file, number, length, raw, default_topic or Rejected(reason, "a line must be a JSON object"), None, None)
    room = head.room
    key = room.encode("utf-8", "replace") if isinstance(room, str) and 0 < len(room) <= MAX_ROOM_CHARACTERS else None
    return Line(file, number, length, raw, _topic(head.topic, default_topic), key, head.at if type(head.at) is int else None)


def with_time(raw: bytes, at: int) -> bytes:
    """The same JSON object with another `at`; all other values keep their bytes."""
    fields = surrogates.parse(_decode_fields, raw)
    fields["at"] = msgspec.Raw(str(at).encode())
    return msgspec.json.encode(fields)


def _topic(named: object, default: str | None) -> str | Rejected:
    if named is None:
        return default or Rejected("missing-field", "no `topic`, and the file is not named after one (live.views.ndjson)")
    if not isinstance(named, str):
        return default or Rejected("wrong-type", "`topic` must be text")
    if named not in INPUTS:
        return default or Rejected("wrong-value", f"`topic` must be one of {', '.join(INPUTS)}")
    return named


def _split(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line's length and bytes without the line break; of a line that is too long only the beginning is kept."""
    while raw := file.readline(MAX_LINE_BYTES + 1):
        length = len(raw)
        if raw.endswith(b"\n"):
            yield length - 1, raw[:-1]
            continue
        while (rest := file.readline(MAX_LINE_BYTES)) and length > MAX_LINE_BYTES:
            length += len(rest)
            if rest.endswith(b"\n"):
                length -= 1
                break
        yield length, raw


def _timed(lines: Iterator[Line]) -> Iterator[tuple[int, Line]]:
    """Each line with the latest time so far: in each file time only goes on, as merging needs it."""
    latest = 0
    for line in lines:
        latest = max(latest, line.at or 0)
        yield latest, line
