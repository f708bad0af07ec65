"""A room of thousands of products: pages of the board, and what a frame carries."""

import pytest

from streams import events as ev
from streams import frames, paging
from tests.rooms.build import event
from tests.rooms.drive import Room


@pytest.fixture
async def crowded(room: Room) -> Room:
    await room.send(
        *(event(ev.Listed, product=f"p{n}", title="t", price=1, stock=1, at=event(ev.Liked).at - 9_000 + n) for n in range(700))
    )
    await room.send(*(event(ev.Paid, order=f"o{n}", product=f"p{n}", amount=n) for n in range(600, 700)))
    await room.send(event(ev.ExplainStarted, product="p599"))
    return room


async def test_pages_hold_every_product_once_the_most_first(crowded: Room) -> None:
    board = await crowded.board()
    pages = [paging.page(board, "gmv", offset) for offset in (0, 500, 1_000)]
    assert [len(each["products"]) for each in pages] == [500, 200, 0]
    assert [each["products_total"] for each in pages] == [700] * 3
    found = [row["product"] for each in pages for row in each["products"]]
    assert found[:100] == [f"p{n}" for n in reversed(range(600, 700))]
    assert sorted(found) == sorted(row["product"] for row in board["products"])
    assert len(board["products"]) == 700, "rules judge all of them"


async def test_by_another_metric_and_with_the_ledgers_of_the_page_only(crowded: Room) -> None:
    await crowded.send(*(event(ev.Created, order=f"c{n}", product="p3") for n in range(2)))
    board = await crowded.board()
    assert paging.page(board, "orders_unpaid", 0)["products"][0]["product"] == "p3"
    assert "p3" in paging.page(board, "orders_unpaid", 0)["ledgers"]
    assert "p3" not in paging.page(board, "orders_unpaid", 500)["ledgers"]


async def test_a_frame_carries_what_is_explained_and_what_sold_in_the_order_of_the_shelf(crowded: Room) -> None:
    board = await crowded.board()
    tables = frames.tables(board, [])
    shown = list(tables["products"])
    assert len(shown) == 500 and {"p599", *(f"p{n}" for n in range(601, 700))} <= set(shown)
    assert shown == [row["product"] for row in board["products"] if row["product"] in set(shown)]
    assert tables["room"]["facts"]["products_total"] == 700
