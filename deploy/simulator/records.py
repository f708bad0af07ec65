"""The records of a broadcast, as they go to Kafka."""

from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from streams import topics


class Record(NamedTuple):
    """One event: its time in Unix ms, its topic, and the JSON of it."""

    at: int
    topic: str
    value: bytes


class Scribe:
    """Writes the events of one room down, with ids that no other room or broadcast uses."""

    def __init__(self, room: str, seed: int, start_ms: int) -> None:
        self.records: list[Record] = []
        self._room = room
        # Ids are unique per topic, not per room; the digest keeps two simulated rooms on one topic apart.
        self._tag = blake2b(f"{room}/{seed}/{start_ms}".encode(), digest_size=5).hexdigest()
        self._count = 0

    def write(self, topic: str, kind: str, at: int, /, **fields: Any) -> None:
        """Adds one event with the common fields and `fields`."""
        self._count += 1
        event = {"id": f"{self._tag}-{self._count:x}", "room": self._room, "at": at, "kind": kind, **fields}
        self.records.append(Record(at, topic, orjson.dumps(event)))

    def name(self, letter: str, number: int) -> str:
        """A name for an order, a note or a bag, unique like an event's id."""
        return f"{letter}{self._tag}{number:05d}"

    def take(self) -> list[Record]:
        """The records since the last call."""
        taken, self.records = self.records, []
        return taken


def closing(room: str, at: int) -> Record:
    """The `closed` of a broadcast that was stopped before its end."""
    event = {"id": f"closed-{blake2b(room.encode(), digest_size=8).hexdigest()}-{at}", "room": room, "at": at, "kind": "closed"}
    return Record(at, topics.SCENES, orjson.dumps(event))
