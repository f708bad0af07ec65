"""Logs of all five topics, as bad as the world makes them: late and early, repeated, out of order, hostile names."""

from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from streams import events as ev
from streams import topics
from streams.topics import Partition
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.drive import Worker

Logs = dict[Partition, list[Any]]

NAMES = ["a", "b", "1 a", "\x1f", "a\x1fb", "\0{room}*\r\n", "新品😀", "\u202e" + "x" * 250]
PROVINCES = ["unknown", "浙江", "\x1f浙\x1f江", ""]
ROOMS = ["r1", "r2", "R-3._"]
TEXTS = ["口红好看", "口红 面膜", "", "😀", "please ship please", "\x1f\0"]

SORTS: dict[str, list[type[ev.Event]]] = {
    topics.VIEWS: [ev.RoomExposed, ev.Entered, ev.Entered, ev.Stayed, ev.Stayed, ev.Left, ev.Liked, ev.Shared,
        ev.Followed, ev.JoinedClub, ev.Disliked],
    topics.CLICKS: [ev.ProductExposed, ev.Clicked, ev.Carted],
    topics.ORDERS: [ev.Created, ev.Created, ev.Paid, ev.Paid, ev.Cancelled, ev.Refunded],
    topics.COMMENTS: [ev.Commented],
    topics.SCENES: [ev.Listed, ev.Stocked, ev.Stocked, ev.Delisted, ev.ExplainStarted, ev.ExplainEnded, ev.Spent,
        ev.Noted, ev.NoteEdited, ev.NoteDeleted, ev.Opened],
}  # fmt: skip

#: How old an event is, in ms: within the windows, at their edges, early, or hours late.
EDGES = [0, 1, 4_999, 5_000, 60_000, 299_999, 300_000, 300_001, 304_999, 305_000, 599_999, 600_000, 604_999, 605_000, 900_000, 905_000]
ages = st.one_of(st.integers(0, 11 * MINUTE), st.sampled_from(EDGES), st.integers(-MINUTE, 0), st.integers(0, 240 * MINUTE))


def random_age(rng: Random) -> int:
    return rng.choice([rng.randrange(11 * MINUTE), rng.choice(EDGES), -rng.randrange(MINUTE), rng.randrange(240 * MINUTE)])


@cache
def person(number: int) -> ev.Person:
    """One of a few people; who somebody is may change from one entering to the next."""
    genders, customers = ("f", "m", "unknown"), ("new", "old", "unknown")
    return ev.Person(genders[number % 3], "31-40", PROVINCES[number % 4], NAMES[number % 8], number % 2 == 0, customers[number % 3])


def make(sort: type[ev.Event], age: int, room: int, name: int, other: int, size: int) -> ev.Event:
    """An event from a few numbers. An order has one product and one buyer, as orders have; the rest is anybody's."""
    product = NAMES[other % 8]
    fields: dict[str, Any] = {"room": ROOMS[room % 3], "at": NOW - age, "user": NAMES[name % 8], "product": product, "seconds": size / 7}
    fields |= {"source": ["recommend", "ads_feed", NAMES[size % 8]][other % 3], "person": person(size), "text": TEXTS[size % 6]}
    fields |= {"stock": size, "campaign_stock": None if size % 2 else size // 2, "amount": size * 100, "quantity": size % 3 + 1}
    fields |= {"note": NAMES[name % 3], "title": NAMES[size % 8], "price": size}
    if issubclass(sort, ev.OrderEvent):
        fields |= {"order": f"{product}{name % 5}", "user": NAMES[(name + other) % 8], "person": person(name + other)}
        fields |= {"id": f"id{size % 2}", "refund": [None, None, "id0", "R"][size % 4]} if sort is ev.Refunded else {}
        fields |= {"source": None} if size % 5 == 0 else {}
    if sort is ev.Listed and size % 2:
        del fields["campaign_stock"]
    known = {*sort.__struct_fields__}
    return event(sort, **{field: value for field, value in fields.items() if field in known})


def _partition(topic: str, event: ev.Event) -> Partition:
    """Two rooms share a partition."""
    return Partition(topic, int(event.room == ROOMS[2]))


@st.composite
def logs(draw: st.DrawFn, most: int = 25) -> Logs:
    """Each partition's log; a topic has up to `most` events."""
    found: Logs = {}
    small = st.integers(0, 11)
    for topic, sorts in SORTS.items():
        rows = st.lists(st.tuples(st.sampled_from(sorts), ages, small, small, small, small), max_size=most)
        for row in draw(rows):
            made = make(*row)
            found.setdefault(_partition(topic, made), []).append(made)
    return found


def many(seed: int, events: int, live: bool = False) -> Logs:
    """Logs of so many events in each topic. `live`: three hours in which time goes on, records being up to 25 minutes late."""
    rng, found = Random(seed), {}
    for topic, sorts in SORTS.items():
        for number in range(events):
            late = rng.choice([rng.randrange(MINUTE), rng.randrange(25 * MINUTE)])
            age = (events - number) * 180 * MINUTE // events + late if live else random_age(rng)
            made = make(rng.choice(sorts), age, *(rng.randrange(12) for _ in range(4)))
            found.setdefault(_partition(topic, made), []).append(made)
            if rng.random() < 0.1:  # a producer that sends again
                found[_partition(topic, made)].append(made)
    return found


def of_room(logs: Logs, room: str) -> list[list[Any]]:
    """The room's events, each topic's in the order of its log."""
    return [[event for event in log if event.room == room] for log in logs.values()]


async def deliver(worker: Worker, logs: Logs, rng: Random, longest: int = 12, chaos: bool = True) -> None:
    """Delivers all logs at least once, in chunks of up to `longest` records, topics in any order.

    With `chaos` chunks begin before what was applied already, and other workers apply others, or the same, between reading and applying.
    """
    done = dict.fromkeys(logs, 0)

    async def chunk(depth: int = 0) -> None:
        partition = rng.choice([partition for partition in logs if depth or done[partition] < len(logs[partition])])
        first = max(0, done[partition] - rng.choice([0, 0, 1, longest])) if chaos else done[partition]
        some = logs[partition][first : first + rng.randint(1, longest)]

        async def meanwhile() -> None:
            for _ in range(rng.randint(0, 2)):
                await chunk(depth + 1)

        if some:
            await worker.deliver(partition, list(enumerate(some, first)), meanwhile if chaos and depth < 2 else None)
            done[partition] = max(done[partition], first + len(some))

    while any(done[partition] < len(log) for partition, log in logs.items()):
        await chunk()


def rooms_of(logs: Logs) -> list[str]:
    """The rooms that are in the logs."""
    return sorted({event.room for log in logs.values() for event in log})
