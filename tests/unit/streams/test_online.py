"""The online figures of a board (contract, section 3): by 5-s steps and minutes that have begun."""

from streams import events as ev
from tests.rooms.build import MINUTE, NOW, SECOND, event
from tests.rooms.drive import Room

STEP = 5 * SECOND


async def stay(room: Room, user: str, start: int, stop: int) -> None:
    """Somebody is there from one step after NOW until another, at most 12 later."""
    await room.send(event(ev.Entered, at=NOW + start * STEP, user=user), event(ev.Left, at=NOW + stop * STEP, user=user))


async def figures(room: Room, now_ms: int) -> tuple[int, int, float | None]:
    total = (await room.board(now_ms))["total"]
    return total["online"], total["online_peak"], total["online_average"]


async def test_peak_and_average_go_by_steps_and_minutes(room: Room) -> None:
    # steps 0 … 11: a and b in the first six · 12 … 23: nobody · 24 … 35: a in all
    await stay(room, "a", 0, 6)
    await stay(room, "b", 0, 6)
    await stay(room, "a", 24, 36)
    assert await figures(room, NOW + 3 * MINUTE) == (0, 2, 2 / 3)
    assert [row["online"] for row in (await room.minutes()).values()] == [1.0, 1.0, 0.0]


async def test_a_room_that_nobody_entered_has_no_average(room: Room) -> None:
    await room.send(event(ev.RoomExposed))
    assert await figures(room, NOW) == (0, 0, None)


async def test_steps_to_come_do_not_count_yet(room: Room) -> None:
    await stay(room, "a", 0, 12)
    await stay(room, "b", 6, 12)
    assert await figures(room, NOW) == (1, 1, 1.0)
    assert await figures(room, NOW + 6 * STEP) == (2, 2, 8 / 7)
    assert await figures(room, NOW + MINUTE) == (0, 2, 1.5)


async def test_a_minute_that_was_reckoned_is_reckoned_again_when_it_changes(room: Room) -> None:
    await stay(room, "a", 0, 12)
    assert await figures(room, NOW + 2 * MINUTE) == (0, 1, 1.0)
    await stay(room, "late", 0, 12)
    assert await figures(room, NOW + 2 * MINUTE) == (0, 2, 2.0)
    assert (await room.minutes())[NOW]["online"] == 2.0
