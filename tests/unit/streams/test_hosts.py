"""Shifts from scenes, and each host's figures from whole minutes."""

from streams import hosts
from streams.hosts import Shift

MINUTE = 60_000


def scene(kind: str, at: int, host: str) -> dict[str, object]:
    return {"kind": kind, "at": at, "host": host}


def test_shifts_pair_and_what_was_never_ended_ends_with_the_broadcast():
    scenes = [
        scene("host_off", 1, "Nobody"),
        scene("host_on", 10, "A"),
        scene("host_on", 15, "A"),
        scene("host_on", 20, "B"),
        scene("host_off", 30, "A"),
        scene("host_on", 40, "A"),
        {"kind": "noted", "at": 41},
    ]

    assert hosts.shifts(reversed(scenes), 50) == [Shift("A", 10, 30), Shift("B", 20, 50), Shift("A", 40, 50)]


def test_who_opened_the_broadcast_and_goes_off_was_on_from_its_beginning():
    opened = {"kind": "opened", "at": 10, "host": "A"}
    handed_over = [scene("host_off", 30, "A"), scene("host_on", 30, "B"), scene("host_off", 31, "A")]

    assert hosts.shifts([opened, *handed_over], 50) == [Shift("A", 10, 30), Shift("B", 30, 50)]
    assert hosts.shifts([opened | {"starts": 5}, *handed_over], 50)[0] == Shift("A", 5, 30)
    assert hosts.shifts([opened, scene("host_on", 12, "A"), *handed_over], 50)[0] == Shift("A", 12, 30)


def test_no_shift_is_longer_than_the_broadcast():
    late = [scene("host_on", 10, "A"), scene("host_off", 90, "A"), scene("host_on", 60, "B"), scene("host_off", 80, "B")]

    assert hosts.shifts(late, 50) == [Shift("A", 10, 50)]


def test_a_minute_is_theirs_who_are_on_at_its_middle():
    minutes = {
        0: {"entries": 10, "gmv": 500, "orders_paid": 1, "watched_ms": 40_000, "new_fans": 2},
        1: {"entries": 30, "gmv": 700, "orders_paid": 3, "watched_ms": 80_000},
        2: {"entries": 1000},
    }
    a, b = Shift("A", 0, MINUTE + 31_000), Shift("B", MINUTE + 29_000, 2 * MINUTE)

    first, second = hosts.figures([a, b], minutes)

    assert (first["host"], first["entries"], first["gmv"], first["orders_paid"], first["new_fans"]) == ("A", 40, 1200, 4, 2)
    assert (second["host"], second["entries"], second["gmv"]) == ("B", 30, 700)
    assert first["conversion"] == 0.1
    assert first["average_watch_seconds"] == 3.0
    assert abs(first["hours"] - 91 / 3600) < 1e-9
    assert abs(first["gmv_per_hour"] - 1200 * 3600 / 91) < 1e-6


def test_no_minutes_no_ratio():
    (row,) = hosts.figures([Shift("A", 0, 1000)], {})

    assert (row["entries"], row["conversion"], row["average_watch_seconds"], row["gmv_per_hour"]) == (0, None, None, 0)
