"""Rooms that open and close all evening, and what their events add up to, counted while they are made."""

import json
from collections.abc import Iterator

from streams.topics import ORDERS, SCENES
from tests.load import Evening, Sums, Tally

#: Topic, room, record.
Sent = tuple[str, str, bytes]

#: So many orders paid let the soak's own alert fire, once a room (`rules.yaml`).
ALERT_AT_ORDERS = 5
#: A room that closes sooner after them may be gone before the evaluator looks at it.
LOOKED_AT_MS = 15_000
#: Its alert says that all parts are at work.
WARM = "soak-warm"


class Season:
    """So many rooms at a time, each on air for `span_ms` and then followed by another; they don't change all at once."""

    def __init__(self, seed: int, rooms: int, span_ms: int) -> None:
        self._span_ms = span_ms
        self._evening = Evening(seed, [f"soak-{seed}-{number}-0" for number in range(rooms)])
        self._ends_ms: dict[str, int] = {}
        self._tallies: dict[str, Tally] = {}
        self._alerts_ms: dict[str, int] = {}
        #: What each room that is over came to, and those of them whose alert must have fired.
        self.over: dict[str, Sums] = {}
        self.alerted: set[str] = set()
        self.sent = self.rejected = 0

    def open(self, now_ms: int) -> Iterator[Sent]:
        """The first rooms begin; those of a higher number end later."""
        for number, room in enumerate(self._evening.rooms):
            yield self._open(room, now_ms, now_ms + self._span_ms * (number + 1) // len(self._evening.rooms))

    def make(self, count: int, now_ms: int) -> Iterator[Sent]:
        """So many events, after the rooms whose time is over have been followed by others."""
        for room in [room for room, end in self._ends_ms.items() if end <= now_ms]:
            stem, _, number = room.rpartition("-")
            following = f"{stem}-{int(number) + 1}"
            self._evening.follow(room, following)
            yield self._close(room, now_ms)
            yield self._open(following, now_ms, now_ms + self._span_ms)
        for _ in range(count):
            self.sent += 1
            record = self._evening.record(self.sent, now_ms)
            self.rejected += record.event is None
            tally = self._tallies[record.room]
            tally.add(record)
            if record.room not in self._alerts_ms and tally.sums().total["orders_paid"] >= ALERT_AT_ORDERS:
                self._alerts_ms[record.room] = now_ms
            yield record.topic, record.room, record.value

    def close(self, now_ms: int) -> Iterator[Sent]:
        """All rooms end."""
        for room in list(self._ends_ms):
            yield self._close(room, now_ms)

    def _open(self, room: str, now_ms: int, end_ms: int) -> Sent:
        self._ends_ms[room] = end_ms
        self._tallies[room] = Tally()
        return _scene(room, "opened", now_ms, title=f"Soak {room}", starts=now_ms)

    def _close(self, room: str, now_ms: int) -> Sent:
        del self._ends_ms[room]
        self.over[room] = self._tallies.pop(room).sums()
        if now_ms - self._alerts_ms.pop(room, now_ms) >= LOOKED_AT_MS:
            self.alerted.add(room)
        return _scene(room, "closed", now_ms)


def warm(now_ms: int) -> Iterator[Sent]:
    """A room of its own, with what lets its alert fire; `warmed` ends it."""
    yield _scene(WARM, "opened", now_ms, title="Warm", starts=now_ms)
    for number in range(ALERT_AT_ORDERS):
        line = {"order": f"w{number}", "product": "p", "quantity": 1, "amount": 1, "user": "u"}
        yield ORDERS, WARM, json.dumps({"id": f"w{number}", "room": WARM, "at": now_ms, "kind": "paid", **line}).encode()


def warmed(now_ms: int) -> Iterator[Sent]:
    """Nobody is to watch it any longer."""
    yield _scene(WARM, "closed", now_ms)


def _scene(room: str, kind: str, at: int, **more: object) -> Sent:
    event = {"id": f"{kind}-{room}", "room": room, "at": at, "kind": kind, **more}
    return SCENES, room, json.dumps(event).encode()
