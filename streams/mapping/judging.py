"""Drafts as records: what would be written to the log, and what the agents would refuse."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from streams.events import Rejected, decode
from streams.mapping.apply import Draft
from streams.mapping.lines import per_line


@dataclass(frozen=True, slots=True)
class Made:
    """One record that comes of a draft; `why` it would be a dead letter, if so."""

    topic: str
    room: str
    id: str
    raw: bytes
    why: Rejected | None = None


def records(draft: Draft, room: str, limit_ms: int) -> Iterator[Made]:
    """The records of a draft. `limit_ms` as of `events.decode`."""
    for event in per_line(draft.topic, draft.event(room)):
        raw = msgspec.json.encode(event)
        judged = decode(draft.topic, raw, limit_ms)
        yield Made(draft.topic, room, str(event["id"]), raw, judged if isinstance(judged, Rejected) else None)
