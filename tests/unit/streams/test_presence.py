"""Who is online, and who was heard of in the last 5 minutes.

A letter is an event in the 5-s step above it: e entered, s stayed, l left. Under it is how many are online in that step.
"""

import pytest

from streams import events as ev
from streams import keys
from streams.presence import EPOCH_BUCKETS, epoch_of
from tests.rooms.build import MINUTE, NOW, SECOND, event
from tests.rooms.drive import Room

STEP = 5 * SECOND
SORTS = {"e": ev.Entered, "s": ev.Stayed, "l": ev.Left, "k": ev.Liked, "x": ev.RoomExposed}
FEMALE = ev.Person(gender="f")


def heard(diagram: str, user: str = "u") -> list[ev.Event]:
    """The events of a diagram, the first step at NOW."""
    return [event(SORTS[sort], at=NOW + step * STEP, user=user) for step, sort in enumerate(diagram) if sort != " "]


async def online(room: Room, steps: int) -> str:
    """How many are online in each step from NOW on."""
    found = ""
    for step in range(steps):
        minute, slot = divmod(NOW // STEP + step, 12)
        found += (await room.kept(keys.minute(minute))).get(f"o{slot}", "0")
    return found


DIAGRAMS = [
    # entered, and not heard of again: 12 steps
    ("e             ",
     "11111111111100"),
    # heard of again while online: 12 steps from then on
    ("e    s             ",
     "1111111111111111100"),
    # heard of again after a gap
    ("e             s             ",
     "1111111111110011111111111100"),
    # left: the rest is taken back, the step of leaving included
    ("e  l          ",
     "11100000000000"),
    # left after one was not heard of any more: nothing to take back
    ("e             l  ",
     "11111111111100000"),
    # left and entered again, later and in the same step
    ("e  l  e             ",
     "11100011111111111100"),
    # left twice
    ("e  l l        ",
     "11100000000000"),
    # left without having been there
    ("l             ",
     "00000000000000"),
    # any sign of life shows somebody who was not seen entering
    ("k             ",
     "11111111111100"),
    # being shown the room is none
    ("x             ",
     "00000000000000"),
]  # fmt: skip


@pytest.mark.parametrize("one_chunk", [True, False])
@pytest.mark.parametrize(("diagram", "expected"), DIAGRAMS)
async def test_one_user(room: Room, diagram: str, expected: str, one_chunk: bool) -> None:
    await (room.send if one_chunk else room.send_each)(*heard(diagram))
    assert await online(room, len(expected)) == expected


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_several_users_add_up(room: Room, one_chunk: bool) -> None:
    # a  e             s
    # b     e   l
    # c            e
    await (room.send if one_chunk else room.send_each)(
        *heard("e             s", "a"), *heard("   e   l", "b"), *heard("            e", "c")
    )
    assert await online(room, 28) == "1112222" + "11111" + "11" + "2222222222" + "11" + "00"


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_a_late_sign_of_life_takes_its_place_by_event_time(room: Room, one_chunk: bool) -> None:
    # in the log: a entered, left, and then stayed, which came late; b entered, stayed, and then left, which came late
    a, b = ("e", "      l", "   s"), ("e", "      s", "   l")
    send = room.send if one_chunk else room.send_each
    await send(*(one for diagram in a for one in heard(diagram, "a")))
    assert await online(room, 14) == "11111100000000"
    await send(*(one for diagram in b for one in heard(diagram, "b")))
    assert await online(room, 20) == "22211111111111111100"


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_what_comes_more_than_an_epoch_late_is_left_out(room: Room, one_chunk: bool) -> None:
    start = epoch_of(NOW // STEP) * EPOCH_BUCKETS * STEP
    epoch = EPOCH_BUCKETS * STEP
    newest, kept, late = (
        event(ev.Entered, at=at, user=user) for at, user in ((start, "a"), (start - epoch, "b"), (start - epoch - 1, "c"))
    )
    await (room.send if one_chunk else room.send_each)(newest, kept, late)
    minutes = await room.minutes()
    assert minutes[(start - epoch) // MINUTE * MINUTE]["online"] == 1
    assert minutes[(start - epoch - 1) // MINUTE * MINUTE]["online"] == 0
    assert minutes[(start - epoch - 1) // MINUTE * MINUTE]["entries"] == 1


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_old_epochs_are_let_go(room: Room, one_chunk: bool) -> None:
    first = epoch_of(NOW // STEP)
    await (room.send if one_chunk else room.send_each)(
        *(event(ev.Entered, at=NOW + step * EPOCH_BUCKETS * STEP, user=f"u{step}") for step in range(6))
    )
    kept = [epoch for epoch in range(first, first + 6) if await room.kept(keys.presence(epoch))]
    assert kept == [first + 3, first + 4, first + 5]


async def watching(room: Room, now_ms: int) -> dict[str, int]:
    gender = (await room.board(now_ms))["audience"]["last_5m"]["watching"]["gender"]
    return {value: people for value, people in gender.items() if people}


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_watching_counts_each_user_once_where_last_heard(room: Room, one_chunk: bool) -> None:
    events = [event(ev.Entered, user="a", person=FEMALE), event(ev.Liked, user="b"), event(ev.Stayed, user="a", at=NOW + 4 * MINUTE)]
    await (room.send if one_chunk else room.send_each)(*events)
    assert await watching(room, NOW + 4 * MINUTE) == {"f": 1, "unknown": 1}
    assert await watching(room, NOW + 5 * MINUTE) == {"f": 1}
    assert await watching(room, NOW + 9 * MINUTE) == {}


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_watching_takes_the_profile_of_the_last_entering(room: Room, one_chunk: bool) -> None:
    events = [event(ev.Liked), event(ev.Entered, person=FEMALE), event(ev.Left), event(ev.Liked, at=NOW + STEP)]
    await (room.send if one_chunk else room.send_each)(*events)
    assert await watching(room, NOW + STEP) == {"f": 1}


@pytest.mark.parametrize("one_chunk", [True, False])
@pytest.mark.parametrize(
    ("log", "expected"),
    [
        # the gap between two signs of life is filled by one that comes late, in its minute
        (("e", "                   s", "              s"), "1111111111110011111111111111111" + "000"),
        # as far as nothing covers it: up to the next sign of life, and behind what the sign before covers
        (("e", "                s", "      s"), "1111111111111111111111111111" + "00"),
        # a leaving that comes late ends what the sign before it began, until the next
        (("e", "          s", "   l"), "1110000000" + "111111111111" + "00"),
        (("e", "          s", "   l", " l"), "1000000000" + "111111111111" + "00"),
        # a leaving where nobody was online uncovers nothing
        (("e", "                s", "             l"), "1111111111110000" + "111111111111" + "00"),
        # a sign of life before a leaving that is known
        (("l", "          s", "  s"), "00" + "11111111" + "111111111111" + "00"),
        (("e", "    l", "          s", "  s"), "1111000000" + "111111111111" + "00"),
        # twice the same
        (("e", "          s", "  s", "  s"), "1111111111" + "111111111111" + "00"),
        # two users of one name do not exist: the first sign of life comes last
        (("            s", "e"), "111111111111" + "111111111111" + "00"),
    ],
)
async def test_what_comes_late_is_put_in_where_it_belongs(room: Room, log: tuple[str, ...], expected: str, one_chunk: bool) -> None:
    await (room.send if one_chunk else room.send_each)(*(one for diagram in log for one in heard(diagram)))
    assert await online(room, len(expected)) == expected


@pytest.mark.parametrize("one_chunk", [True, False])
@pytest.mark.parametrize(("sorts", "inside"), [("sl", False), ("ls", True), ("es", True), ("el", False)])
async def test_within_a_bucket_at_decides_and_then_the_log(room: Room, sorts: str, inside: bool, one_chunk: bool) -> None:
    first, second = (event(SORTS[sort], at=NOW + n, user="u") for n, sort in enumerate(sorts))
    send = room.send if one_chunk else room.send_each
    await send(second, first)  # in the log the other way round
    assert await online(room, 1) == str(int(inside))
    again = Room()
    at_once = [event(SORTS[sort], at=NOW, user="u") for sort in sorts]
    await (again.send if one_chunk else again.send_each)(*at_once)
    assert await online(again, 1) == str(int(inside))


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_the_newest_known_profile_holds_whatever_the_order_of_arrival(room: Room, one_chunk: bool) -> None:
    send = room.send if one_chunk else room.send_each
    await send(event(ev.Stayed, user="u", at=NOW + 20 * SECOND), event(ev.Entered, user="u", at=NOW, person=FEMALE))
    assert await watching(room, NOW + MINUTE) == {"f": 1}
    await send(
        event(ev.Entered, user="u", at=NOW + 30 * SECOND), event(ev.Entered, user="u", at=NOW - MINUTE, person=ev.Person(gender="m"))
    )
    assert await watching(room, NOW + MINUTE) == {"f": 1}


async def test_a_profile_is_kept_for_as_long_as_the_user_watches(room: Room) -> None:
    stays = [event(ev.Stayed, user="u", at=NOW + minutes * MINUTE) for minutes in range(0, 120, 9)]
    await room.board(NOW + 117 * MINUTE)
    await room.send_each(event(ev.Entered, user="u", person=FEMALE), *stays)
    assert await watching(room, NOW + 117 * MINUTE) == {"f": 1}


async def test_who_was_heard_of_ahead_of_our_clock_is_watching(room: Room) -> None:
    await room.send(event(ev.Entered, user="u", person=FEMALE), event(ev.Stayed, user="u", at=NOW + 45 * SECOND))
    assert await watching(room, NOW + SECOND) == {"f": 1}
    await room.send(event(ev.Paid, user="u", at=NOW + SECOND))
    part = (await room.board(NOW + SECOND))["audience"]["last_5m"]
    assert (part["watching"]["gender"]["f"], part["unpaid"]["gender"]["f"]) == (1, 0)
