"""Who ordered, paid, followed and joined, as readers see it."""

from streams import events as ev
from streams import feed
from tests.rooms.build import NOW, SECOND, event
from tests.rooms.drive import Room


async def test_orders_and_followers_are_shown_newest_first_with_users_masked():
    room = Room()
    await room.send(event(ev.Followed, user="alice"), event(ev.Liked, user="bob"), event(ev.JoinedClub, at=NOW + 2 * SECOND, user="carol"))
    await room.send(event(ev.Created, at=NOW + SECOND, user="dave", order="o1", sku="red"))

    shown = (await room.board())["feed"]

    assert [(row["kind"], row["user"]) for row in shown] == [("joined_club", "c***l"), ("created", "d***e"), ("followed", "a***e")]
    assert (shown[1]["order"], shown[1]["product"], shown[1]["amount"], shown[1]["sku"]) == ("o1", "p", 100, "red")


async def test_an_event_that_stands_twice_in_the_log_is_shown_once():
    room, paid = Room(), event(ev.Paid)
    await room.send_each(paid, paid)

    assert [row["id"] for row in (await room.board())["feed"]] == [paid.id]


async def test_the_feed_keeps_the_newest():
    room = Room()
    await room.send(*(event(ev.Followed, at=NOW - number, user=f"u{number}") for number in range(feed.NEWEST + 50, 0, -1)))

    shown = (await room.board())["feed"]

    assert len(shown) == 100 and shown[0]["at"] == NOW - 1


async def test_orders_that_wait_for_payment_are_found_oldest_first_behind_the_newest_hundred_events():
    room = Room()
    made = [event(ev.Created, at=NOW - SECOND * (90 - n), user="dave", order=f"o{n}") for n in range(4)]
    await room.send(*made, event(ev.Cancelled, order="o1"), event(ev.Paid, order="o3"), event(ev.Refunded, order="o2"))
    await room.send(*(event(ev.Paid, at=NOW - number, order=f"other{number}") for number in range(120)))

    board = await room.board()

    assert [(row["order"], row["user"]) for row in board["unpaid"]] == [("o0", "d***e"), ("o2", "d***e")]
    assert not [row for row in board["feed"] if row["kind"] == "created"]


def test_a_short_id_shows_nothing_of_itself():
    assert feed.mask("ab") == feed.mask("a") == "***"
