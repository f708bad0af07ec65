"""Whether a room is on air, and when it was (contract, section 2, On air)."""

import pytest

from streams import board as boards
from streams import events as ev
from streams import fold
from streams.board_rules import BoardRules
from streams.change import Position
from streams.store.port import State
from streams.topics import COMMENTS, SCENES, Partition
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.drive import Room

HOUR = 60 * MINUTE


async def seen(room: Room, now_ms: int = NOW, rules: BoardRules | None = None) -> tuple[str, float, int | None]:
    """Status, minutes on air, when it was closed."""
    board = await room.board(now_ms, rules)
    return board["status"], round(board["minutes_on_air"], 2), board["closed_at"]


async def test_a_room_that_opens_again_is_live_and_its_minutes_are_those_between(room: Room) -> None:
    room.worker.arrived_ms = NOW
    await room.send(event(ev.Opened, at=NOW), event(ev.Closed, at=NOW + MINUTE), event(ev.Opened, at=NOW + 2 * MINUTE))
    assert await seen(room, NOW + 4 * MINUTE) == ("live", 3.0, None)
    await room.send(event(ev.Closed, at=NOW + 5 * MINUTE))
    assert await seen(room, NOW + 9 * MINUTE) == ("ended", 4.0, NOW + 5 * MINUTE)


async def test_an_open_span_whose_events_are_old_ends_at_the_newest_of_them(room: Room) -> None:
    room.worker.arrived_ms = NOW + 300 * HOUR  # replayed long after
    await room.send(event(ev.Opened, at=NOW), event(ev.Closed, at=NOW + MINUTE), event(ev.Opened, at=NOW + 2 * MINUTE))
    await room.send(*(event(ev.Commented, at=NOW + 3 * MINUTE) for _ in range(10)))
    board = await room.board(NOW + 300 * HOUR)
    assert (board["status"], board["minutes_on_air"], board["total"]["comments_per_minute"]) == ("live", 2.0, 5.0)


@pytest.mark.parametrize(
    ("silence", "status"),
    [
        (0, "live"),
        (30 * MINUTE - 1, "live"),
        (30 * MINUTE, "silent"),
        (6 * HOUR - 1, "silent"),
        (6 * HOUR, "closed"),
        (99 * HOUR, "closed"),
    ],
)
async def test_silence_counts_from_arrival(room: Room, silence: int, status: str) -> None:
    room.worker.arrived_ms = NOW + 1_000
    await room.send(event(ev.Opened, at=NOW - HOUR), event(ev.Commented, at=NOW))
    found = await room.board(NOW + 1_000 + silence)
    assert (found["status"], found["closed_at"]) == (status, NOW if status == "closed" else None)
    assert boards.headline(room.view.material, room.clock, BoardRules())["status"] == status


async def test_the_hours_of_silence_are_a_setting(room: Room) -> None:
    room.worker.arrived_ms = NOW
    await room.send(event(ev.Opened, at=NOW))
    assert (await seen(room, NOW + 2 * HOUR, BoardRules(silent_hours=2)))[0] == "closed"


async def test_any_event_opens_again_what_the_system_closed_and_the_silence_is_no_time_on_air(room: Room) -> None:
    room.worker.arrived_ms = NOW
    await room.send(event(ev.Opened, at=NOW), event(ev.Commented, at=NOW + 90_000))
    assert await seen(room, NOW + 10 * HOUR) == ("closed", 1.5, NOW + 90_000)
    room.worker.arrived_ms = NOW + 10 * HOUR
    await room.send(event(ev.Commented, at=NOW + 10 * HOUR))
    assert await seen(room, NOW + 10 * HOUR + MINUTE) == ("live", 3.0, None)


async def test_nothing_but_opening_opens_what_somebody_closed(room: Room) -> None:
    room.worker.arrived_ms = NOW
    await room.send(event(ev.Opened, at=NOW - MINUTE), event(ev.Closed, at=NOW), event(ev.Liked, at=NOW + MINUTE))
    assert await seen(room, NOW + MINUTE) == ("ended", 1.0, NOW)


async def test_a_room_that_nobody_opened_is_not_live_whatever_happens_in_it(room: Room) -> None:
    await room.send(event(ev.Liked))
    assert (await seen(room, NOW + MINUTE))[0] == "unopened"
    await room.send(event(ev.Closed, at=NOW + MINUTE))
    assert await seen(room, NOW + 2 * MINUTE) == ("ended", 1.0, NOW + MINUTE)


async def test_opening_twice_resets_nothing_and_starts_may_lie_before(room: Room) -> None:
    room.worker.arrived_ms = NOW
    await room.send(event(ev.Opened, at=NOW), event(ev.Opened, at=NOW + 2 * MINUTE, starts=NOW - MINUTE))
    board = await room.board(NOW + 3 * MINUTE)
    assert (board["opened_at"], board["minutes_on_air"], board["spans"]) == (NOW - MINUTE, 4.0, [[NOW - MINUTE, None]])


@pytest.mark.parametrize("topic", [SCENES, COMMENTS])
async def test_the_newest_arrival_holds_whatever_comes_later_from_another_partition(room: Room, topic: str) -> None:
    sort = ev.Opened if topic == SCENES else ev.Commented
    change = fold.fold(topic, "room", [(0, event(sort))], State(), Position("log", Partition(topic, 0), 0, 0, arrived_ms=77), NOW)
    assert change.raised["facts"]["arrived_at"] == 77
