"""A product's stock, its pace and when it will be gone, against a count of a random stream of orders."""

import asyncio
from math import inf
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from streams import events as ev
from streams import windows
from streams.alerts import REACH_MS
from streams.alerts.facts import Facts
from streams.board import minutes
from tests.rooms.build import NOW, event
from tests.rooms.drive import Room

AGO = 12 * windows.MINUTE_MS
orders = st.lists(st.tuples(st.integers(0, AGO), st.integers(1, 9), st.one_of(st.none(), st.integers(0, AGO)), st.booleans()), max_size=30)


async def fact(events: list[ev.Event]) -> dict[str, float | None]:
    room = Room()
    await room.send(*events)
    board = await room.board(NOW)
    rows = minutes(room.view.material, NOW - REACH_MS, NOW + 1, NOW)
    return dict(Facts(board, rows, NOW).subjects("product"))["p"]


@given(orders, st.integers(0, 60), st.integers(0, 20), st.integers(0, AGO), st.integers(0, 2**32))
def test_the_estimate_is_what_a_count_gives(
    rows: list[tuple[int, int, int | None, bool]], stock: int, campaign: int, listed: int, seed: int
) -> None:
    listed_at = NOW - AGO - 60_000 if seed % 2 else NOW - listed
    arriving: list[ev.Event] = [event(ev.Listed, at=listed_at, stock=stock, campaign_stock=campaign)]
    moved: list[tuple[int, int]] = []
    unpaid = young = 0
    for number, (ago, quantity, cancelled, paid) in enumerate(rows):
        order = {"order": f"o{number}", "quantity": quantity}
        at = NOW - ago
        arriving.append(event(ev.Created, at=at, **order))
        moved.append((at, quantity))
        if cancelled is not None:
            arriving.append(event(ev.Cancelled, at=NOW - cancelled, **order))
            moved.append((NOW - cancelled, -quantity))
        elif paid:
            arriving.append(event(ev.Paid, at=at, **order))
        else:
            unpaid += 1
            young += ago < 290_000
    Random(seed).shuffle(arriving)
    shown = asyncio.run(fact(arriving))

    taken = sum(units for at, units in moved if at >= listed_at)
    # What is given back beyond what was there fills the stock, not the campaign's.
    left = max(0, stock + campaign - taken)
    first = windows.last_5m(NOW).start * windows.BUCKET_MS
    pace = sum(units for at, units in moved if at >= first) / min(5, max(1, (NOW - listed_at) / 60_000))
    assert shown["units_per_minute"] == pace
    assert shown["minutes_left"] == (0 if shown["left"] == 0 else shown["left"] / pace if pace > 0 else inf)
    if taken <= stock + campaign:
        assert shown["left"] == left
    assert shown["unpaid"] == unpaid
    assert shown["unpaid_older_than_5m"] <= unpaid - young
