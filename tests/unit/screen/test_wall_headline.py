"""What the list of rooms reads of a room that nobody watches makes the same headline as all of it."""

import pytest

from screen.wall import _HEADLINE
from streams import board, unpaid
from streams import events as ev
from streams.board_rules import BoardRules
from streams.store.view import RoomView
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.drive import Room


@pytest.mark.parametrize("after", [0, 4 * MINUTE, 9 * MINUTE, 45 * MINUTE])
async def test_a_headline_needs_no_more_than_is_read_for_it(after: int) -> None:
    room, rules = Room(), BoardRules(unpaid_minutes=20)
    await room.send(event(ev.Opened, at=NOW - 30 * MINUTE), event(ev.Listed))
    for number in range(40):
        at, user, order = NOW - number * MINUTE // 2, f"u{number % 9}", f"o{number}"
        await room.send(event(ev.Entered, at=at, user=user), event(ev.Liked, at=at, user=user), event(ev.Commented, at=at, user=user))
        await room.send(event(ev.Created, at=at, user=user, order=order), event(ev.Clicked, at=at, user=user))
        if number % 3:
            await room.send(event(ev.Paid, at=at, user=user, order=order))
    light, whole = RoomView(room.store, room.name, _HEADLINE), RoomView(room.store, room.name)
    await light.refresh(NOW + after)
    await whole.refresh(NOW + after)
    headline = board.headline(whole.material, NOW + after, rules)
    assert board.headline(light.material, NOW + after, rules) == headline
    assert unpaid.lapses(light.material, NOW + after, rules) == unpaid.lapses(whole.material, NOW + after, rules)
    assert headline["total"]["viewers"] == 9 and headline["total"]["gmv"] > 0 and headline["total"]["pay_rate"] is not None
    assert (headline["last_5m"]["viewers"] > 0) == (after < 5 * MINUTE)
