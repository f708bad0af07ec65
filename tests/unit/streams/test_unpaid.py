"""The ledger of open orders (contract, section 2, Unpaid)."""

from typing import Any

import pytest

from streams import events as ev
from streams import unpaid
from streams.board_rules import BoardRules
from tests.rooms.build import MINUTE, NOW, SECOND, event
from tests.rooms.drive import Room

RULES = BoardRules()


def order(name: str, at: int = NOW, **fields: Any) -> ev.Event:
    return event(ev.Created, at=at, order=name, **fields)


async def counts(room: Room, now_ms: int = NOW, rules: BoardRules | None = None) -> dict[str, tuple[int, int]]:
    """The room (""), and each product → (unpaid, lapsed)."""
    board = await room.board(now_ms, rules)
    rows = {"": board["total"], **{row["product"]: row["total"] for row in board["products"]}}
    return {name: (figures["orders_unpaid"], figures["orders_lapsed"]) for name, figures in rows.items()}


async def test_the_ledger_holds_all_open_orders_behind_however_many_events(room: Room) -> None:
    await room.send(*(order(f"o{n}", NOW - 20 * MINUTE + n, product=f"p{n % 2}") for n in range(149)))
    await room.send(*(event(ev.Paid, order=f"other{n}") for n in range(400)))
    board = await room.board(NOW)
    assert (board["total"]["orders_unpaid"], board["ledger"]["orders"], board["ledger"]["oldest_at"]) == (149, 149, NOW - 20 * MINUTE)
    assert board["ledger"]["older_than_15m"] == 149
    assert len(board["unpaid"]) == unpaid.SHOWN
    assert [row["order"] for row in unpaid.rows(room.view.material, NOW, RULES)] == [f"o{n}" for n in range(149)]
    assert len(unpaid.rows(room.view.material, NOW, RULES, "p1")) == board["ledgers"]["p1"]["orders"] == 74


@pytest.mark.parametrize("lapsed", [False, True])
async def test_the_first_rows_are_the_first_of_all_rows(room: Room, lapsed: bool) -> None:
    await room.send(*(order(f"o{n}", NOW - (20 + n * 7 % 25) * MINUTE, product=f"p{n % 2}") for n in range(60)))
    await room.board(NOW)
    every = unpaid.rows(room.view.material, NOW, RULES, None, lapsed)
    assert len(every) > 20
    assert [row["at"] for row in every] == sorted((row["at"] for row in every), reverse=lapsed)
    for most in (0, 1, 7, 100):
        assert unpaid.rows(room.view.material, NOW, RULES, None, lapsed, most) == every[:most]


async def test_an_order_is_unpaid_under_the_product_it_was_created_with(room: Room) -> None:
    await room.send_each(order("INV1", product="A"), order("INV1", product="B"))
    assert await counts(room) == {"": (1, 0), "A": (1, 0)}
    await room.send_each(event(ev.Paid, order="INV1", product="B"), event(ev.Paid, order="INV1", product="A"))
    assert await counts(room) == {"": (0, 0), "A": (0, 0), "B": (0, 0)}


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_whatever_comes_first_what_was_paid_or_cancelled_is_not_open(room: Room, one_chunk: bool) -> None:
    steps = [event(ev.Paid, order="1"), order("1"), order("2"), event(ev.Cancelled, order="2"), order("3"), order("4"), order("3")]
    await (room.send(*steps) if one_chunk else room.send_each(*steps))
    assert await counts(room) == {"": (2, 0), "p": (2, 0)}
    assert {order for minute in room.view.material.opens.values() for order in minute} == {"3", "4"}


async def test_an_order_lapses_after_the_set_time_and_a_late_payment_ends_that(room: Room) -> None:
    await room.send(order("1"), order("2", NOW + SECOND))
    seen = [await counts(room, NOW + after) for after in (30 * MINUTE - 1, 30 * MINUTE, 30 * MINUTE + SECOND)]
    assert [each[""] for each in seen] == [each["p"] for each in seen] == [(2, 0), (1, 1), (0, 2)]
    assert (await counts(room, NOW + 5 * MINUTE, BoardRules(unpaid_minutes=5)))[""] == (1, 1)
    await room.send(event(ev.Paid, order="1", at=NOW + 40 * MINUTE))
    board = await room.board(NOW + 40 * MINUTE)
    assert (board["total"]["orders_lapsed"], board["total"]["orders_paid"]) == (1, 1)
    assert [row["order"] for row in unpaid.rows(room.view.material, NOW + 40 * MINUTE, RULES, lapsed=True)] == ["2"]


async def test_what_lapses_gives_its_stock_back_and_a_late_payment_takes_it_again(room: Room) -> None:
    await room.send(event(ev.Listed, at=NOW - MINUTE, stock=10, campaign_stock=2))
    await room.send(order("1", quantity=3), order("2", NOW + MINUTE, quantity=4))

    async def left(now_ms: int) -> tuple[int, int]:
        row = await room.product(now_ms=now_ms)
        return row["stock"], row["campaign_stock"]

    assert await left(NOW + 29 * MINUTE) == (5, 0)
    assert await left(NOW + 30 * MINUTE) == (8, 0)
    assert await left(NOW + 31 * MINUTE) == (10, 2)
    await room.send(event(ev.Paid, order="2", at=NOW + 32 * MINUTE, quantity=4))
    assert await left(NOW + 32 * MINUTE) == (8, 0)


async def test_stock_that_is_counted_after_an_order_lapsed_knows_of_it(room: Room) -> None:
    await room.send(event(ev.Listed, stock=10), order("1", NOW + SECOND, quantity=3))
    await room.send(event(ev.Stocked, at=NOW + 31 * MINUTE, stock=20))
    assert (await room.product(now_ms=NOW + 32 * MINUTE))["stock"] == 20


async def test_the_ledger_goes_back_with_a_clock_that_does(room: Room) -> None:
    await room.send(order("1"))
    assert [(await counts(room, NOW + after))[""] for after in (30 * MINUTE, 29 * MINUTE)] == [(0, 1), (1, 0)]


async def test_refunds_count_refunds_and_refunded_orders_orders(room: Room) -> None:
    paid = event(ev.Paid, order="a")
    refunds = [event(ev.Refunded, order="a", refund=name, amount=200) for name in ("R1", "R1", "R2")]
    await room.send(paid, *refunds, event(ev.Refunded, order="b", id="x"), event(ev.Refunded, order="b", id="x"))
    total = (await room.board())["total"]
    assert (total["refunds"], total["refunded_orders"], total["refund_amount"]) == (3, 2, 500)


async def test_a_refund_that_has_a_name_is_not_one_that_has_that_id(room: Room) -> None:
    await room.send_each(event(ev.Refunded, id="x"), event(ev.Refunded, refund="x"), event(ev.Refunded, id="x"))
    assert (await room.board())["total"]["refunds"] == 2
