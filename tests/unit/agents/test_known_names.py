"""Which rooms' names a worker remembers, and for how long."""

from agents.chunk import Chunk
from agents.known_names import IDLE_MS, KnownNames
from streams.topics import VIEWS, Partition

CHUNK = Chunk("log", Partition(VIEWS, 0), [])
FIELDS = {"product\x1fp": "0", "source\x1fs": "0"}


def _learn(names: KnownNames, *rooms: str) -> None:
    names.learn(names.rooms(CHUNK), dict.fromkeys(rooms, FIELDS))


def test_rooms_of_which_nothing_comes_are_forgotten() -> None:
    names, now_ms = KnownNames(), 1_000_000_000
    for evening in range(50):
        for step in range(4):
            room = f"room-{evening}"
            if room not in names.rooms(CHUNK):
                _learn(names, room)
            names.shrink([room, "always"] if step else [room], now_ms)
            if evening == 0 and step == 0:
                _learn(names, "always")
            now_ms += IDLE_MS // 2
        assert {"always", room} <= names.rooms(CHUNK).keys() and len(names.rooms(CHUNK)) <= 4
    assert names._count == len(names.rooms(CHUNK)) * len(FIELDS)


def test_a_clock_that_is_set_back_forgets_no_room_that_is_met() -> None:
    names = KnownNames()
    _learn(names, "room")
    for now_ms in (2 * IDLE_MS, 0, IDLE_MS, 5):
        names.shrink(["room"], now_ms)
        assert "room" in names.rooms(CHUNK)


def test_a_refused_room_is_forgotten_also_where_idle_ones_were_forgotten_meanwhile() -> None:
    names = KnownNames()
    in_hand = names.rooms(CHUNK)
    _learn(names, "room", "idle")
    names.shrink(["room"], IDLE_MS)
    assert in_hand.keys() == {"room", "idle"}
    names.refused(CHUNK, "room")
    assert not names.rooms(CHUNK)


def test_all_are_forgotten_where_they_are_too_many() -> None:
    names = KnownNames(most_names=5)
    _learn(names, "a", "b", "c")
    names.shrink(["a"], 0)
    assert not names.rooms(CHUNK)
