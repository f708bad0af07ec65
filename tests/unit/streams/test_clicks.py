"""live.clicks: figures of the room and its products."""

import pytest

from streams import events as ev
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.drive import Room


@pytest.mark.parametrize(
    ("sort", "counter", "people"),
    [
        (ev.ProductExposed, "product_impressions", "product_exposed_users"),
        (ev.Clicked, "product_clicks", "product_click_users"),
        (ev.Carted, "carts", None),
    ],
)
async def test_each_kind_counts_for_the_room_and_the_product(room: Room, sort: type[ev.Event], counter: str, people: str | None) -> None:
    await room.send(event(sort, user="a"), event(sort, user="a"), event(sort, user="b"), event(sort, user="b", product="q"))
    board, p, q = await room.board(), await room.product("p"), await room.product("q")
    scopes = [
        (board["total"], 4, 2),
        (board["last_5m"], 4, 2),
        (p["total"], 3, 2),
        (p["last_5m"], 3, 2),
        (q["total"], 1, 1),
        (q["last_5m"], 1, 1),
    ]
    for figures, events, users in scopes:
        assert figures[counter] == events
        assert {figures[name] for name in ("product_exposed_users", "product_click_users") if name != people} <= {0}
        assert people is None or figures[people] == users


async def test_a_products_window_moves_while_its_total_stays(room: Room) -> None:
    await room.send(event(ev.Clicked))
    row = await room.product(now_ms=NOW + 5 * MINUTE)
    assert (row["total"]["product_clicks"], row["total"]["product_click_users"]) == (1, 1)
    assert (row["last_5m"]["product_clicks"], row["last_5m"]["product_click_users"]) == (0, 0)


async def test_a_source_of_a_click_counts_for_no_source(room: Room) -> None:
    await room.send(event(ev.Clicked, source="video"))
    assert (await room.board())["sources"] == {}
