"""`livescreen map --check FILE SAMPLE…`: the events that a mapping makes of samples, and what is wrong, by line.

A sample is a JSON file: the payload itself, or {"payload", "detail"?, "headers"?, "source"?, "push"?} where there is more than that. A CSV
or XLSX file is one payload a row.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import orjson

from deploy.mappings import tables
from deploy.mappings.reading import mapping
from deploy.problem import Problem
from streams.events import FUTURE_MS
from streams.mapping import Draft, Failed, Mapping, Source, apply
from streams.mapping.judging import records

_MAX_SAMPLE_BYTES = 8 * 1024 * 1024
#: Stands for a room that is not known before the event comes.
_ANY_ROOM = "some-room"


class _Sample(msgspec.Struct):
    payload: Any
    detail: Any = None
    headers: dict[str, str] = {}
    source: Source = Source("map")
    push: dict[str, Any] = {}


def run(file: str, samples: list[Path], room: str) -> None:
    """Prints each event as a line of JSON; exits with 1 when anything is wrong."""
    found = mapping(file)
    wrong = 0
    for path in samples:
        for place, sample in _samples(path, room):
            wrong += _show(found, file, place, sample)
    if not samples:
        print(f"{file}: {len(found.rules)} rules", file=sys.stderr)
    if wrong:
        raise SystemExit(1)


def _show(found: Mapping, file: str, place: str, sample: _Sample) -> int:
    try:
        drafts = apply(found, sample.payload, sample.detail, sample.headers, sample.source, sample.push)
    except Failed as error:
        print(f"{file}:{error.line}: {error.reason} ({place})", file=sys.stderr)
        return 1
    if not drafts:
        print(f"{place}: no event comes of it", file=sys.stderr)
    return sum(_show_one(draft, file, place) for draft in drafts)


def _show_one(draft: Draft, file: str, place: str) -> int:
    event = draft.event(draft.room or _ANY_ROOM)
    if draft.room is None:
        event["room"] = None
        event["bound"] = {"account": draft.account, "at": draft.bound_at}
    print(orjson.dumps({"topic": draft.topic, **event}).decode())
    now_ms = time.time_ns() // 1_000_000
    whys = [made.why for made in records(draft, draft.room or _ANY_ROOM, now_ms + FUTURE_MS) if made.why]
    for why in whys:
        print(f"{file}:{draft.line}: this would be refused: {why.reason}: {why.detail} ({place})", file=sys.stderr)
    return len(whys)


def _samples(path: Path, room: str) -> Iterator[tuple[str, _Sample]]:
    if tables.is_table(path):
        for number, row in tables.rows(path):
            yield f"{path.name}:{number}", _Sample(row, source=Source("map", room=room))
        return
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_SAMPLE_BYTES)
        value = msgspec.json.decode(raw)
        of_parts = isinstance(value, dict) and "payload" in value and value.keys() <= set(_Sample.__struct_fields__)
        sample = msgspec.convert(value, _Sample) if of_parts else _Sample(value)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Problem(f"{path}: no sample: {getattr(error, 'strerror', None) or error}") from None
    if room:
        sample.source = replace(sample.source, room=room)
    yield path.name, sample
