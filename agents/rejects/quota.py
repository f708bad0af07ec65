"""How much of what is rejected is kept record by record: what one room or producer sends beyond that is counted, and stops nobody."""

from typing import Any

import msgspec

from streams.room_names import is_room
from streams.topics import MAX_RECORD_BYTES

#: All rooms of a worker together may have so many times what one may.
_ROOMS = 10
#: Of so many rooms a minute's letters are counted apart; the rest count as one, so that made-up names take no memory.
_MOST_ROOMS = 1_000
#: What is not the name of a room counts as this one.
UNKNOWN = "?"


class _Roomed(msgspec.Struct):
    room: Any = None


_decode = msgspec.json.Decoder(_Roomed).decode


def room_of(raw: bytes) -> str:
    """The room that a rejected record names, as far as it can be read; `UNKNOWN` where it can't."""
    try:
        room = _decode(raw).room
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return UNKNOWN
    return room if isinstance(room, str) and is_room(room) else UNKNOWN


class Quota:
    """Letters of each room in the running minute. `per_minute`: the most of one room; a record counts once for each 64 KiB of it."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._minute = -1
        self._all = 0
        self._rooms: dict[str, int] = {}

    def take(self, room: str, raw_bytes: int, now_ms: int) -> bool:
        """Whether a record of the room still gets a letter of its own; if so, it is counted."""
        if (minute := now_ms // 60_000) != self._minute:
            self._minute, self._all = minute, 0
            self._rooms.clear()
        if room not in self._rooms and len(self._rooms) >= _MOST_ROOMS:
            room = UNKNOWN
        cost = 1 + raw_bytes // MAX_RECORD_BYTES
        taken = self._rooms.get(room, 0)
        if taken + cost > self._per_minute or self._all + cost > self._per_minute * _ROOMS:
            return False
        self._rooms[room] = taken + cost
        self._all += cost
        return True
