"""A board's products: badges (contract, section 3)."""

import pytest

from streams import events as ev
from streams.board_rules import BoardRules
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.drive import Room


async def badges(room: Room, product: str = "p", below: int = 10, now_ms: int = NOW) -> list[str]:
    board = await room.board(now_ms, BoardRules(stock_urgent_below=below))
    return next(row["badges"] for row in board["products"] if row["product"] == product)


@pytest.mark.parametrize(("stock", "campaign_stock", "urgent"), [(10, 0, False), (9, 0, True), (5, 5, False), (5, 4, True), (0, 0, True)])
async def test_stock_is_urgent_below_ten_both_together(room: Room, stock: int, campaign_stock: int, urgent: bool) -> None:
    await room.send(event(ev.Listed, stock=stock, campaign_stock=campaign_stock))
    assert ("stock_urgent" in await badges(room)) == urgent


async def test_the_operator_sets_when_stock_is_urgent(room: Room) -> None:
    await room.send(event(ev.Listed, stock=10))
    assert await badges(room, below=11) == ["stock_urgent"]


async def test_an_unknown_stock_is_not_urgent(room: Room) -> None:
    await room.send(event(ev.Clicked))
    assert await badges(room) == []


async def test_orders_are_pending_until_paid_or_cancelled(room: Room) -> None:
    await room.send(event(ev.Listed, stock=99), event(ev.Created, order="1"), event(ev.Created, order="2"))
    assert await badges(room) == ["pending_orders"]
    await room.send(event(ev.Paid, order="1"))
    assert await badges(room) == ["pending_orders"]
    await room.send(event(ev.Cancelled, order="2"))
    assert await badges(room) == []


async def selling(room: Room, product: str, shown: int, sold: int, clicks: int = 0) -> None:
    """A product with a plenty of stock that was explained, shown to so many people, and bought by so many of them."""
    await room.send(event(ev.Listed, product=product, stock=99))
    await room.send(*(event(ev.ProductExposed, product=product, user=f"u{n}") for n in range(shown)))
    await room.send(*(event(ev.Paid, product=product, user=f"u{n}", order=f"{product}{n}") for n in range(sold)))
    await room.send(*(event(ev.Clicked, product=product) for _ in range(clicks)))


async def explained(room: Room, product: str = "p", end: bool = True) -> None:
    await room.send(event(ev.ExplainStarted, product=product))
    if end:
        await room.send(event(ev.ExplainEnded, product=product, at=NOW + 1))


async def test_encore_for_what_sells_at_least_as_well_as_the_median(room: Room) -> None:
    for product, sold in (("low", 1), ("mid", 2), ("high", 3)):
        await selling(room, product, shown=4, sold=sold)
        await explained(room, product)
    assert {product: await badges(room, product) for product in ("low", "mid", "high")} == {
        "low": [],
        "mid": ["encore"],
        "high": ["encore"],
    }


async def test_no_encore_unless_explained_before_and_not_now(room: Room) -> None:
    await selling(room, "p", shown=2, sold=1)
    assert await badges(room) == []
    await explained(room, end=False)
    assert await badges(room) == []
    await room.send(event(ev.ExplainEnded, at=NOW + 1))
    assert await badges(room) == ["encore"]


async def test_no_encore_while_stock_is_urgent(room: Room) -> None:
    await selling(room, "p", shown=2, sold=1)
    await explained(room)
    assert await badges(room, below=100) == ["stock_urgent"]


async def test_no_encore_without_anybody_it_was_shown_to(room: Room) -> None:
    await selling(room, "p", shown=0, sold=1)
    await explained(room)
    assert await badges(room) == []


async def test_no_encore_when_clicks_fall(room: Room) -> None:
    await selling(room, "p", shown=2, sold=1, clicks=3)
    await explained(room)
    assert await badges(room) == ["encore"]
    assert await badges(room, now_ms=NOW + 5 * MINUTE) == []
    await room.send(*(event(ev.Clicked, at=NOW + 5 * MINUTE) for _ in range(3)))
    assert await badges(room, now_ms=NOW + 5 * MINUTE) == ["encore"]


async def test_ratios_of_a_product(room: Room) -> None:
    await room.send(*(event(ev.ProductExposed, user=user) for user in "abcdd"), *(event(ev.Clicked, user=user) for user in "ab"))
    await room.send(event(ev.Created, order="1"), event(ev.Created, order="2"), event(ev.Paid, order="1", user="a", amount=300))
    total = (await room.product())["total"]
    names = ("click_rate", "exposure_pay_rate", "click_pay_rate", "gpm", "payment_rate", "order_value", "orders_unpaid")
    assert {name: total[name] for name in names} == {
        "click_rate": 0.5, "exposure_pay_rate": 0.25, "click_pay_rate": 0.5, "gpm": 60_000, "payment_rate": 0.5, "order_value": 300,
        "orders_unpaid": 1,
    }  # fmt: skip
