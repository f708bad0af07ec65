from dataclasses import replace

from agents.remembered import Remembered
from streams import events as ev
from streams import keys
from streams.change import Change, Position
from streams.places import AS_OF, Places
from streams.store.port import State
from streams.topics import VIEWS, Partition
from tests.rooms.build import NOW, event

FIRST = Position("log", Partition(VIEWS, 0), 0, 9)
NEXT = replace(FIRST, first=10, last=19, after=9)
EVENTS = {"room": [(10, event(ev.Liked, at=NOW))]}


def applied(remembered: Remembered, room: str = "room", users: int = 1) -> None:
    change = Change(room, FIRST, raised={keys.FACTS: {AS_OF: NOW}}, guards={"presence": 3})
    change.moved = {f"{room}{number}": (NOW // 5_000, True, "p") for number in range(users)}
    remembered.applied(change, State(guards={"presence": 3}, places=Places({}, {})))


def test_a_room_is_remembered_as_of_the_version_its_change_made() -> None:
    remembered = Remembered()
    applied(remembered)
    memory = remembered.of({"room": NEXT}, EVENTS)["room"]
    assert (memory.version, set(memory.places.known)) == (4, {"room0"})


def test_it_serves_only_the_next_change_from_the_same_partition_at_the_same_fence() -> None:
    for other in (replace(NEXT, after=8), replace(NEXT, partition=Partition(VIEWS, 1)), replace(NEXT, log="other")):
        remembered = Remembered()
        applied(remembered)
        assert remembered.of({"room": other}, EVENTS) == {}


def test_a_refused_room_is_forgotten_and_one_that_others_change_is_not_remembered_again() -> None:
    remembered = Remembered()
    for moved in (False, True):
        applied(remembered)
        assert remembered.of({"room": NEXT}, EVENTS)
        remembered.refused("room", moved)
        assert remembered.of({"room": NEXT}, EVENTS) == {}
    applied(remembered)
    assert remembered.of({"room": NEXT}, EVENTS) == {}


def test_rooms_written_longest_ago_go_first_when_users_are_too_many() -> None:
    remembered = Remembered(most_users=5)
    for room in ("a", "b", "a", "c"):
        applied(remembered, room, users=2)
    batches = dict.fromkeys("abc", EVENTS["room"])
    assert set(remembered.of(dict.fromkeys("abc", NEXT), batches)) == {"a", "c"}
    applied(remembered, "d", users=6)
    assert remembered.of(dict.fromkeys("abcd", NEXT), batches | {"d": EVENTS["room"]}) == {}
