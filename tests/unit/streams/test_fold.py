"""What a chunk wants to know, and what its change depends on."""

import pytest

from streams import events as ev
from streams import fold, keys, topics
from streams.change import Change, Position
from streams.store.port import State
from streams.topics import Partition
from tests.rooms.build import NOW, event
from tests.rooms.drive import Room


def folded(*events: ev.Event, state: State | None = None) -> Change:
    topic = events[0].topic
    batch = list(enumerate(events))
    return fold.fold(topic, "room", batch, state or State(), Position("log", Partition(topic, 0), 0, len(events) - 1), NOW)


@pytest.mark.parametrize(
    ("sent", "guards", "bumps"),
    [
        (ev.Liked, {"presence"}, {"presence"}),
        (ev.Clicked, set(), set()),
        (ev.Created, {"orders", "shelf"}, {"orders"}),
        (ev.Commented, set(), set()),
        (ev.Listed, {"shelf", "orders"}, {"shelf"}),
        (ev.Stocked, {"shelf", "orders"}, {"shelf"}),
        (ev.Delisted, {"shelf"}, {"shelf"}),
        (ev.Noted, {"shelf"}, {"shelf"}),
    ],
)
def test_a_change_is_guarded_by_what_it_read(sent: type[ev.Event], guards: set[str], bumps: set[str]) -> None:
    change = folded(event(sent), state=State(guards={"presence": 3, "orders": 4, "shelf": 5}))
    assert change.guards == {name: version for name, version in {"presence": 3, "orders": 4, "shelf": 5}.items() if name in guards}
    assert change.bumps == bumps
    assert guards <= set(fold.GUARDS[sent.topic])


@pytest.mark.parametrize("topic", [topics.CLICKS, topics.COMMENTS])
def test_topics_that_depend_on_nothing_want_nothing(topic: str) -> None:
    sort = ev.Clicked if topic == topics.CLICKS else ev.Commented
    assert fold.wants(topic, {"room": [(0, event(sort))]}) == {}


def test_orders_want_their_steps_their_buyers_visits_and_the_shelf() -> None:
    batch = list(enumerate([event(ev.Created, order="1"), event(ev.Paid, order="1", user="v"), event(ev.Refunded, order="2", id="r")]))
    wanted = fold.wants(topics.ORDERS, {"room": batch})["room"]
    assert {key: len(fields or ()) for key, fields in wanted.items()} == {keys.ORDERS: 3, keys.BUYERS: 3, keys.SHELF: 1}


def test_a_stock_wants_all_that_was_sold_and_anything_else_does_not() -> None:
    assert fold.wants(topics.SCENES, {"room": [(0, event(ev.Stocked))]})["room"][keys.sold("p")] is None
    assert keys.sold("p") not in fold.wants(topics.SCENES, {"room": [(0, event(ev.Delisted))]})["room"]


def test_the_same_events_on_the_same_state_give_the_same_change() -> None:
    events = [event(ev.Entered, user=f"u{n}") for n in range(9)]
    assert folded(*events) == folded(*events)


async def test_what_a_worker_read_before_another_changed_it_is_refused_and_read_again(room: Room) -> None:
    orders, scenes = Partition(topics.ORDERS, 0), Partition(topics.SCENES, 0)

    async def stock() -> None:
        await room.worker.deliver(scenes, [(0, event(ev.Listed, stock=5, at=NOW - 1))])

    await room.worker.deliver(orders, [(0, event(ev.Created))], meanwhile=stock)
    assert room.worker.refusals == {"Moved": 1}
    assert (await room.product())["stock"] == 4


async def test_a_zombies_chunk_counts_once(room: Room) -> None:
    views = Partition(topics.VIEWS, 0)
    chunk = list(enumerate(event(ev.Liked, user=f"u{n}") for n in range(6)))

    async def another_worker() -> None:
        await room.worker.deliver(views, chunk[:4])

    await room.worker.deliver(views, chunk, meanwhile=another_worker)
    await room.worker.deliver(views, chunk)
    assert room.worker.refusals == {"Fenced": 2}
    assert (await room.board())["total"]["likes"] == 6
