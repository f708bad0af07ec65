"""A board is one state: whatever is written while it is read, the room is the sum of its products."""

from typing import Any

from streams import board as boards
from streams import events as ev
from streams.board_rules import BoardRules
from streams.store.view import RoomView
from tests.rooms.build import NOW, event
from tests.rooms.drive import Room


class Busy:
    """A store in which an order is paid before each call of a reader."""

    def __init__(self, room: Room) -> None:
        self._room, self._store, self.calls = room, room.store, 0

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._store, name)

        async def meanwhile(*given: Any) -> Any:
            self.calls += 1
            await self._room.send(event(ev.Created, order=f"c{self.calls}", product=f"p{self.calls % 3}"))
            await self._room.send(event(ev.Paid, order=f"o{self.calls}", product=f"p{self.calls % 3}"))
            return await call(*given)

        return meanwhile


async def test_the_room_is_the_sum_of_its_products(room: Room) -> None:
    busy = Busy(room)
    view = RoomView(busy, "room")  # type: ignore[arg-type]
    for look in range(8):
        await view.refresh(NOW)
        board = boards.build(view.material, NOW, BoardRules())
        for metric in ("gmv", "orders_paid", "orders_created", "orders_unpaid"):
            assert board["total"][metric] == sum(row["total"][metric] for row in board["products"]), (look, metric)
        assert board["last_5m"]["gmv"] == sum(row["last_5m"]["gmv"] for row in board["products"])
        assert board["total"]["gmv"] == board["last_5m"]["gmv"] == sum(row["gmv"] for row in board["sources"].values())
    assert busy.calls > 16
