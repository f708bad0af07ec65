"""The stock arithmetic against a shop that counts unit by unit; orders and settings may arrive in any order."""

import asyncio
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from streams import events as ev
from streams import shelf
from tests.rooms.build import NOW, event
from tests.rooms.drive import Room
from tests.rooms.stock import simulate

times = st.integers(0, 12)
settings_of_stock = st.builds(
    lambda at, listed, stock, campaign: event(
        ev.Listed if listed else ev.Stocked, at=NOW + at, stock=stock, **({"campaign_stock": campaign} if campaign is not None else {})
    ),
    times,
    st.booleans(),
    st.integers(0, 30),
    st.one_of(st.none(), st.integers(0, 12)),
)
orders = st.lists(st.tuples(times, st.integers(1, 6), st.one_of(st.none(), times)), max_size=8)


def steps(rows: list[tuple[int, int, int | None]]) -> list[ev.Created | ev.Cancelled]:
    """Orders that are created, and maybe cancelled at some time, also before."""
    found: list[ev.Created | ev.Cancelled] = []
    for number, (at, quantity, cancelled) in enumerate(rows):
        order = {"order": f"o{number}", "quantity": quantity}
        found.append(event(ev.Created, at=NOW + at, **order))
        if cancelled is not None:
            found.append(event(ev.Cancelled, at=NOW + cancelled, **order))
    return found


async def shown(events: list[ev.Event], chunks: bool) -> tuple[int | None, int | None]:
    room = Room()
    await (room.send if chunks else room.send_each)(*events)
    row = await room.product()
    return row["stock"], row["campaign_stock"]


@given(st.lists(settings_of_stock, min_size=1, max_size=4), orders, st.integers(0, 2**32), st.booleans())
def test_stock_goes_by_event_time_whatever_comes_first(
    settings: list[ev.Listed | ev.Stocked], rows: list[tuple[int, int, int | None]], seed: int, chunks: bool
) -> None:
    settings = list({setting.at: setting for setting in settings}.values())
    orders = steps(rows)
    arriving: list[ev.Event] = [*settings, *orders]
    Random(seed).shuffle(arriving)
    assert asyncio.run(shown(arriving, chunks)) == simulate(settings, orders)


@given(st.integers(0, 50), st.integers(0, 20), st.integers(-30, 60), st.integers(-30, 60))
def test_no_unit_is_lost_between_both_stocks(stock: int, campaign: int, before: int, taken: int) -> None:
    row = shelf.Row(stock=stock, campaign_stock=campaign, set_at=2, campaign_at=1)
    left, campaign_left = shelf.left(row, taken, before)
    _, campaign_before = shelf.left(row, 0, before)
    assert left is not None
    assert campaign_left is not None
    assert campaign_before is not None
    assert 0 <= campaign_left <= campaign
    assert left == 0 or left + campaign_left == stock + campaign_before - taken
