"""The board as a whole (contract, sections 3 and 4)."""

import orjson
import pytest

from streams import board as boards
from streams import events as ev
from streams.board_rules import BoardRules
from tests.rooms.build import MINUTE, NOW, SECOND, event
from tests.rooms.drive import Room

F, M = ev.Person(gender="f"), ev.Person(gender="m")


async def test_an_empty_board_has_every_part_and_is_json(room: Room) -> None:
    board = await room.board()
    assert set(board) >= {
        "room",
        "title",
        "status",
        "at",
        "as_of",
        "total",
        "last_5m",
        "previous_5m",
        "funnel",
        "sources",
        "products",
        "audience",
    }
    assert set(board) >= {"comments", "words", "alerts", "scenes"}
    assert (board["room"], board["at"]) == ("room", NOW)
    assert {name for name, value in board["total"].items() if value} == set()
    assert orjson.loads(orjson.dumps(board)) == board


async def test_the_funnel_goes_from_people_to_people(room: Room) -> None:
    await room.send(*(event(ev.RoomExposed, user=user) for user in "abcdefgh"), *(event(ev.Entered, user=user) for user in "abcd"))
    await room.send(
        event(ev.ProductExposed, user="a"), event(ev.ProductExposed, user="b"), event(ev.Clicked, user="a"), event(ev.Paid, user="a")
    )
    funnel = (await room.board())["funnel"]
    assert [(row["stage"], row["users"], row["rate"]) for row in funnel] == [
        ("exposed", 8, None), ("entered", 4, 0.5), ("product_exposed", 2, 0.5), ("product_clicked", 1, 0.5), ("paid", 1, 1.0)
    ]  # fmt: skip


async def test_a_rate_after_a_stage_that_nobody_reached_is_null(room: Room) -> None:
    await room.send(event(ev.Entered))
    assert [row["rate"] for row in (await room.board())["funnel"]] == [None, None, 0.0, None, None]


async def test_the_funnels_rates_of_late_stand_beside_those_of_the_hour_before(room: Room) -> None:
    """Ten minutes in which 1 of 2 who were shown the room entered, then a minute in which 1 of 4 did, who is still online."""
    for minute in range(10):
        await room.send(*(event(ev.RoomExposed, user=user, at=NOW + minute * MINUTE) for user in "ab"))
        await room.send(event(ev.Entered, user="a", at=NOW + minute * MINUTE), event(ev.Left, user="a", at=NOW + minute * MINUTE + 1))
    late = NOW + 12 * MINUTE
    await room.send(*(event(ev.RoomExposed, user=user, at=late) for user in "abcd"), event(ev.Entered, user="a", at=late))
    await room.send(event(ev.ProductExposed, user="a", at=late), event(ev.Clicked, user="a", at=late))
    rows = {row["stage"]: row for row in (await room.board(late + MINUTE))["funnel"]}
    assert (rows["entered"]["rate_5m"], rows["entered"]["rate_hour"]) == (3 / 8, None)  # of the hour only eight minutes are known
    rows = {row["stage"]: row for row in (await room.board(late + 3 * MINUTE))["funnel"]}
    assert (rows["entered"]["rate_5m"], rows["entered"]["rate_hour"]) == (1 / 4, 1 / 2)
    assert (rows["product_exposed"]["rate_5m"], rows["product_clicked"]["rate_5m"], rows["paid"]["rate_5m"]) == (1.0, 1.0, 0.0)
    assert (rows["exposed"]["rate_5m"], rows["exposed"]["rate_hour"]) == (None, None)


async def test_windows_move_on_and_their_people_with_them(room: Room) -> None:
    await room.send(event(ev.Liked, user="a"), event(ev.Liked, user="b", at=NOW + 5 * SECOND))
    seen = []
    for after in (5 * SECOND, 5 * MINUTE - 1, 5 * MINUTE, 5 * MINUTE + 5 * SECOND, 10 * MINUTE, 10 * MINUTE + 5 * SECOND):
        board = await room.board(NOW + after)
        last, before = board["last_5m"], board["previous_5m"]
        seen.append((last["likes"], last["interacting_users"], before["likes"], before["interacting_users"]))
    assert seen == [(2, 2, 0, 0), (2, 2, 0, 0), (1, 1, 1, 1), (0, 0, 2, 2), (0, 0, 1, 1), (0, 0, 0, 0)]


async def test_an_early_event_waits_for_its_window(room: Room) -> None:
    await room.send(event(ev.Liked, at=NOW + MINUTE))
    board = await room.board(NOW)
    assert (board["total"]["likes"], board["last_5m"]["likes"]) == (1, 0)
    assert await room.minutes() == {}
    assert (await room.board(NOW + MINUTE))["last_5m"]["likes"] == 1
    assert list(await room.minutes()) == [NOW + MINUTE]


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [(0, 2, [0, 1]), (0, 1, [0]), (1, 1, []), (0.5, 1.5, [1]), (0, 0.001, [0]), (-5, 99, [0, 1, 2])],
)
async def test_minutes_are_those_that_begin_in_a_half_open_span(room: Room, start: float, end: float, found: list[int]) -> None:
    await room.send(*(event(ev.Liked, at=NOW + n * MINUTE + 7) for n in range(3)))
    await room.board(NOW + 5 * MINUTE)
    rows = boards.minutes(room.view.material, NOW + int(start * MINUTE), NOW + int(end * MINUTE), room.clock)
    assert [(row["at"] - NOW) // MINUTE for row in rows] == found


async def test_a_minute_looked_at_while_it_ran_is_whole_when_it_is_over(room: Room) -> None:
    await room.send(event(ev.Entered))  # online for the twelve steps of this minute
    await room.send(event(ev.Entered, user="v", at=NOW + 30 * SECOND))  # and of half of it
    assert (await room.minutes(NOW))[NOW]["online"] == 1
    for _ in range(2):
        assert (await room.minutes(NOW + 9 * MINUTE))[NOW]["online"] == 1.5


async def test_a_late_event_changes_a_minute_that_was_read(room: Room) -> None:
    await room.send(event(ev.Entered))
    assert (await room.minutes(NOW + 9 * MINUTE))[NOW]["viewers"] == 1
    await room.send(event(ev.Entered, user="late", at=NOW + SECOND))
    row = (await room.minutes())[NOW]
    assert (row["viewers"], row["entries"]) == (2, 2)


async def test_sources_have_their_shares_and_ratios(room: Room) -> None:
    await room.send(*(event(ev.Entered, source="video") for _ in range(3)), event(ev.Entered, source="search"))
    await room.send(event(ev.Paid, order="1", source="video", amount=600), event(ev.Paid, order="2", source="mall", amount=200))
    sources = (await room.board())["sources"]
    names = ("entries_share", "orders_paid", "gmv_share", "gpm", "conversion", "order_value", "cost", "roi")
    assert {name: tuple(row[each] for each in names) for name, row in sources.items()} == {
        "mall": (0.0, 1, 0.25, None, None, 200, 0, None),
        "search": (0.25, 0, 0.0, 0.0, 0.0, None, 0, None),
        "video": (0.75, 1, 0.75, 200_000, 1 / 3, 600, 0, None),
    }


async def test_tgi_is_the_share_among_buyers_by_the_share_among_viewers(room: Room) -> None:
    await room.send(*(event(ev.Entered, user=user, person=F if user in "ab" else M) for user in "abcd"))
    await room.send(*(event(ev.Paid, user=user, order=user, person=F if user in "ab" else M) for user in "abc"))
    await room.send(event(ev.Paid, user="x", order="x", person=ev.Person(gender="unknown")))
    assert (await room.board())["audience"]["tgi"]["gender"] == {"f": 100.0, "m": 50.0, "unknown": None}
    await room.send(event(ev.Paid, user="d", order="d", person=M), event(ev.Entered, user="e", person=M))
    assert (await room.board())["audience"]["tgi"]["gender"] == {
        "f": 100 * (2 / 5) / (2 / 5),
        "m": 100 * (2 / 5) / (3 / 5),
        "unknown": None,
    }


async def test_the_last_5_minutes_audience(room: Room) -> None:
    await room.send(*(event(ev.Entered, user=user, person=F if user in "ab" else M, at=NOW - 4 * MINUTE) for user in "abcd"))
    await room.send(event(ev.Paid, user="a", order="1", person=F), event(ev.Paid, user="a", order="2", product="q", person=F))
    await room.send(event(ev.Paid, user="old", order="3", person=M, at=NOW - 6 * MINUTE))
    part = (await room.board())["audience"]["last_5m"]
    assert {name: part[name]["gender"] for name in part} == {"watching": {"f": 2, "m": 2}, "paid": {"f": 1}, "unpaid": {"f": 1, "m": 2}}
    later = (await room.board(NOW + MINUTE))["audience"]["last_5m"]
    assert later["watching"]["gender"] == {}
    assert later["paid"]["gender"] == {"f": 1}


async def test_who_watched_and_has_not_paid_goes_by_people_not_by_what_their_orders_tell(room: Room) -> None:
    await room.send(*(event(ev.Entered, user=user, person=F if user in "ab" else M) for user in "abcd"))
    await room.send(event(ev.Paid, user="a", order="1"), event(ev.Paid, user="gone", order="2", person=M))
    part = (await room.board())["audience"]["last_5m"]
    assert part["paid"]["gender"] == {"unknown": 1, "m": 1}
    assert part["unpaid"]["gender"] == {"f": 1, "m": 2}
    await room.send(event(ev.Liked, user="gone", at=NOW + 1), event(ev.Entered, user="a", person=M, at=NOW + 2))
    part = (await room.board(NOW + 5_000))["audience"]["last_5m"]
    assert part["watching"]["gender"] == {"f": 1, "m": 3, "unknown": 1}
    assert part["unpaid"]["gender"] == {"f": 1, "m": 2, "unknown": 0}


async def test_comments_per_minute_go_by_the_time_on_air(room: Room) -> None:
    await room.send(event(ev.Opened, at=NOW - 4 * MINUTE), *(event(ev.Commented, at=NOW - MINUTE) for _ in range(10)))
    board = await room.board()
    assert (board["total"]["comments_per_minute"], board["last_5m"]["comments_per_minute"]) == (2.5, 2.0)
    assert (await room.minutes())[NOW - MINUTE]["comments_per_minute"] == 10
    await room.send(event(ev.Closed, at=NOW + MINUTE))
    assert (await room.board(NOW + 60 * MINUTE))["total"]["comments_per_minute"] == 2.0


async def test_an_unopened_room_is_on_air_from_its_first_minute(room: Room) -> None:
    await room.send(event(ev.Commented, at=NOW + SECOND))
    assert (await room.board(NOW))["total"]["comments_per_minute"] is None
    assert (await room.board(NOW + 2 * MINUTE))["total"]["comments_per_minute"] == 0.5


async def test_the_headline_is_the_boards(room: Room) -> None:
    await room.send(event(ev.Opened, title="晚场"), event(ev.Entered), event(ev.Paid, amount=700))
    board = await room.board()
    headline = boards.headline(room.view.material, NOW, BoardRules())
    assert {name: headline[name] for name in ("room", "title", "status", "at", "as_of")} == {
        name: board[name] for name in ("room", "title", "status", "at", "as_of")
    }
    assert headline["total"]["gmv"] == 700
    for part in ("total", "last_5m"):
        assert headline[part] == {name: board[part][name] for name in headline[part]}
