"""live.orders: each stated rule."""

from typing import Any

import pytest

from streams import events as ev
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.drive import Room

FIGURES = ("orders_created", "orders_paid", "orders_cancelled", "orders_unpaid", "gmv", "items_sold", "buyers", "refunds", "refund_amount")


async def figures(room: Room) -> dict[str, int]:
    """What is not 0, and the same for the room and its only product."""
    board = await room.board()
    total = {name: board["total"][name] for name in FIGURES if board["total"][name]}
    assert {name: board["products"][0]["total"][name] for name in FIGURES if board["products"][0]["total"][name]} == total
    return total


def step(sort: type[ev.Event], **fields: Any) -> ev.Event:
    return event(sort, **{"amount": 500, "quantity": 2, **fields})


CREATED, PAID, CANCELLED, REFUNDED = ev.Created, ev.Paid, ev.Cancelled, ev.Refunded
SOLD = {"orders_paid": 1, "gmv": 500, "items_sold": 2, "buyers": 1}


@pytest.mark.parametrize("one_chunk", [True, False])
@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([CREATED], {"orders_created": 1, "orders_unpaid": 1}),
        ([CREATED, PAID], {"orders_created": 1, **SOLD}),
        ([CREATED, CANCELLED], {"orders_created": 1, "orders_cancelled": 1}),
        ([PAID], SOLD),
        ([PAID, CREATED], {"orders_created": 1, **SOLD}),
        ([CANCELLED, CREATED], {"orders_created": 1, "orders_cancelled": 1}),
        ([CREATED, PAID, CANCELLED], {"orders_created": 1, "orders_cancelled": 1, **SOLD}),
        ([CREATED, CANCELLED, PAID], {"orders_created": 1, "orders_cancelled": 1, **SOLD}),
        ([CREATED, CREATED, PAID, PAID, CREATED], {"orders_created": 1, **SOLD}),
        ([CANCELLED, CANCELLED], {"orders_cancelled": 1}),
        ([CREATED, PAID, REFUNDED], {"orders_created": 1, "refunds": 1, "refund_amount": 500, **SOLD}),
        ([PAID, REFUNDED, REFUNDED], {"refunds": 2, "refund_amount": 1_000, **SOLD}),
        ([REFUNDED], {"refunds": 1, "refund_amount": 500}),
        ([REFUNDED, PAID], {"refunds": 1, "refund_amount": 500, **SOLD}),
    ],
    ids=lambda value: "-".join(sort.__name__.lower() for sort in value) if isinstance(value, list) else "",
)
async def test_the_steps_of_one_order(room: Room, steps: list[type[ev.Event]], expected: dict[str, int], one_chunk: bool) -> None:
    await (room.send if one_chunk else room.send_each)(*(step(sort) for sort in steps))
    assert await figures(room) == expected


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_a_refund_counts_once_an_event_id_and_may_exceed_what_was_paid(room: Room, one_chunk: bool) -> None:
    refunds = [step(REFUNDED, id="r1", amount=800), step(REFUNDED, id="r1", amount=800), step(REFUNDED, id="r2", amount=1)]
    await (room.send if one_chunk else room.send_each)(step(PAID), *refunds)
    board = await room.board()
    assert (board["total"]["refunds"], board["total"]["refund_amount"], board["total"]["gmv"]) == (2, 801, 500)
    assert board["total"]["refund_rate"] == 801 / 500


async def test_the_same_event_id_may_refund_two_orders(room: Room) -> None:
    await room.send(step(REFUNDED, id="r", order="a"), step(REFUNDED, id="r", order="b"))
    assert (await room.board())["total"]["refunds"] == 2


async def test_a_repeated_step_does_not_count_in_another_minute_either(room: Room) -> None:
    await room.send(step(PAID), step(PAID, at=NOW + MINUTE))
    assert [row["gmv"] for row in (await room.minutes(NOW + MINUTE)).values()] == [500]


async def test_names_of_orders_and_refunds_never_meet(room: Room) -> None:
    await room.send(step(CREATED, order="x"), step(PAID, order="ox"), step(REFUNDED, order="x", id="o"), step(REFUNDED, order="ox", id="1"))
    total = (await room.board())["total"]
    assert (total["orders_created"], total["orders_paid"], total["refunds"], total["orders_unpaid"]) == (1, 1, 2, 1)


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_buyers_are_exact_in_every_scope(room: Room, one_chunk: bool) -> None:
    sales = [("a", "p", 0), ("a", "q", 0), ("b", "p", 0), ("a", "p", 1), ("c", "q", 1), ("c", "q", 6)]
    paid = [
        step(PAID, user=user, product=product, at=NOW + minute * MINUTE, order=f"o{n}") for n, (user, product, minute) in enumerate(sales)
    ]
    await (room.send if one_chunk else room.send_each)(*paid)
    board = await room.board(NOW + 6 * MINUTE)
    assert board["total"]["buyers"] == 3
    assert [row["buyers"] for row in (await room.minutes()).values()] == [2, 2, 1]
    assert {row["product"]: row["total"]["buyers"] for row in board["products"]} == {"p": 2, "q": 2}
    assert {row["product"]: row["last_5m"]["buyers"] for row in board["products"]} == {"p": 0, "q": 1}
    assert (board["last_5m"]["buyers"], board["previous_5m"]["buyers"]) == (1, 3)


async def test_hostile_buyers_and_products_stay_apart(room: Room) -> None:
    names = ["\x1f", "a\x1fb", "1 a", "😀", "x" * 256]
    await room.send(*(step(PAID, user=user, product=product, order=user + product[:9]) for user in names for product in names))
    board = await room.board()
    assert (board["total"]["buyers"], board["last_5m"]["buyers"]) == (5, 5)
    assert {row["product"]: (row["total"]["buyers"], row["last_5m"]["buyers"]) for row in board["products"]} == dict.fromkeys(names, (5, 5))


async def test_a_buyers_profile_counts_once_in_the_audience(room: Room) -> None:
    first, other = ev.Person(gender="f"), ev.Person(gender="m")
    await room.send(step(PAID, order="1", person=first), step(PAID, order="2", person=other), step(PAID, order="3", user="v", person=other))
    assert (await room.board())["audience"]["buyers"]["gender"] == {"f": 1, "m": 1}


async def test_the_best_minute_of_a_product(room: Room) -> None:
    amounts = [(0, 300), (1, 200), (1, 150), (2, 100), (0, 40)]
    await room.send_each(
        *(step(PAID, order=f"o{n}", at=NOW + minute * MINUTE, amount=amount) for n, (minute, amount) in enumerate(amounts))
    )
    assert (await room.product(now_ms=NOW + 3 * MINUTE))["total"]["best_minute_gmv"] == 350


async def test_shares_are_of_the_room_and_what_names_no_source_is_unknown(room: Room) -> None:
    await room.send(
        step(PAID, order="1", source="search", amount=100), step(PAID, order="2", amount=900), event(ev.Entered, source="search")
    )
    sources = (await room.board())["sources"]
    found = {name: (row["orders_paid"], row["gmv"], row["gmv_share"], row["entries_share"]) for name, row in sources.items()}
    assert found == {"search": (1, 100, 0.1, 1.0), "unknown": (1, 900, 0.9, 0.0)}


async def test_an_order_event_older_than_the_windows_still_counts(room: Room) -> None:
    await room.send(step(PAID, at=NOW - 60 * MINUTE))
    board = await room.board()
    assert (board["total"]["gmv"], board["last_5m"]["gmv"], board["last_5m"]["buyers"]) == (500, 0, 0)
