"""What every store refuses: what its fence covers, what was folded against a state that moved on, and what could fail half-way."""

import asyncio
from dataclasses import replace

import pytest

from streams.change import Change, Position
from streams.store.keys import MOST_CLAIMS
from streams.store.port import Applied, Fenced, Lost, Moved, Store
from streams.topics import Partition

VIEWS_0, VIEWS_1, CLICKS_0 = Partition("live.views", 0), Partition("live.views", 1), Partition("live.clicks", 0)


def full_change(first: int, last: int, *, room: str = "room-1", log: str = "log", partition: Partition = VIEWS_0) -> Change:
    """A change with one operation of every kind."""
    change = Change(room, Position(log, partition, first, last))
    change.count("total", "likes")
    change.set("facts", f"title-{first}", "x")
    change.meet(("viewers",), [f"user-{first}"])
    change.remove = {"facts": [f"title-{first - 1}"]}
    change.raised = {"as_of": {"views": last}}
    change.best = {("total", "likes", "records", "likes")}
    change.push = {"comments": ([f"comment-{first}"], 100)}
    change.score = {"words": {"x": 1}}
    change.expire = {"viewers": 1000}
    change.bumps = {"shelf", "orders"}
    return change


async def everything(store: Store, room: str = "room-1") -> object:
    return (
        await store.touched(room, 0),
        await store.hashes(room, ["total", "facts", "as_of", "records"]),
        await store.counts(room, [["viewers"]]),
        await store.heads(room, {"comments": 100}),
        await store.tops(room, {"words": 100}),
        await store.read({room: {}}, ["shelf", "orders", "other"]),
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (10, 19),  # the same again
        (0, 5),  # before it
        (5, 10),  # reaches into it
        (19, 19),  # its last record
        (12, 15),  # inside
        (19, 40),  # begins inside, ends behind
        (0, 40),  # around it
    ],
)
async def test_what_overlaps_the_fence_is_refused_without_a_trace(store: Store, first: int, last: int) -> None:
    assert await store.apply([full_change(10, 19)]) == [Applied()]
    before = await everything(store)
    assert await store.apply([full_change(first, last)]) == [Fenced(19)]
    assert await everything(store) == before
    assert await store.apply([full_change(20, 40)]) == [Applied()]
    assert await store.apply([full_change(40, 41)]) == [Fenced(40)]


async def test_offsets_may_have_holes(store: Store) -> None:
    assert await store.apply([full_change(10, 19)]) == [Applied()]
    assert await store.apply([full_change(1_000, 1_000)]) == [Applied()]
    assert await store.apply([full_change(2**52, 2**52 + 7)]) == [Applied()]
    assert await store.apply([full_change(2**52 + 7, 2**52 + 8)]) == [Fenced(2**52 + 7)]


async def test_each_room_log_topic_and_partition_has_its_own_fence(store: Store) -> None:
    assert await store.apply([full_change(0, 9)]) == [Applied()]
    assert await store.apply([full_change(0, 9, room="room-2")]) == [Applied()]
    assert await store.apply([full_change(0, 9, partition=VIEWS_1)]) == [Applied()]
    assert await store.apply([full_change(0, 9, partition=CLICKS_0)]) == [Applied()]
    assert await store.apply([full_change(0, 9, log="other")]) == [Applied()]
    assert await store.apply([full_change(0, 9, log="other")]) == [Fenced(9)]


async def test_outcomes_come_in_the_order_of_the_changes(store: Store) -> None:
    await store.apply([full_change(0, 9, room="b")])
    moved = full_change(0, 9, room="c")
    moved.guards = {"shelf": 3}
    changes = [full_change(0, 9, room="d"), full_change(0, 9, room="b"), moved, full_change(0, 9, room="a")]
    assert await store.apply(changes) == [Applied(), Fenced(9), Moved(), Applied()]
    assert await store.apply([]) == []


async def test_moved_guards_refuse_without_a_trace(store: Store) -> None:
    fresh = full_change(0, 0)
    fresh.guards = {"shelf": 0, "other": 0}
    assert await store.apply([fresh]) == [Applied()]
    before = await everything(store)
    for guards in ({"shelf": 0}, {"shelf": 2}, {"shelf": 1, "other": 1}, {"orders": 0, "shelf": 1}):
        late = full_change(1, 1)
        late.guards = guards
        assert await store.apply([late]) == [Moved()]
    assert await everything(store) == before
    state = (await store.read({"room-1": {}}, ["shelf", "orders"]))["room-1"]
    assert state.guards == {"shelf": 1, "orders": 1}
    right = full_change(1, 1)
    right.guards = state.guards
    assert await store.apply([right]) == [Applied()]


async def test_the_fence_is_asked_before_the_guards(store: Store) -> None:
    await store.apply([full_change(0, 9)])
    both = full_change(5, 12)
    both.guards = {"shelf": 77}
    assert await store.apply([both]) == [Fenced(9)]


async def test_of_many_that_race_for_one_fence_exactly_one_wins(store: Store) -> None:
    outcomes = await asyncio.gather(*(store.apply([full_change(0, 9)]) for _ in range(30)))
    flat = [outcome for (outcome,) in outcomes]
    assert sorted(map(str, flat)) == sorted(map(str, [Applied(), *[Fenced(9)] * 29]))
    assert await store.hashes("room-1", ["total"]) == [{"likes": "1"}]


async def test_of_many_that_race_for_one_guard_each_wins_once(store: Store) -> None:
    async def work(partition: int) -> int:
        tries = 0
        while True:
            tries += 1
            state = (await store.read({"room-1": {"counter": None}}, ["counter"]))["room-1"]
            change = Change("room-1", Position("log", Partition("live.orders", partition), 0, 0), guards=state.guards, bumps={"counter"})
            change.put = {"counter": {"n": str(int(state.hashes["counter"].get("n", 0)) + 1)}}
            if await store.apply([change]) != [Moved()]:
                return tries

    await asyncio.gather(*(work(partition) for partition in range(12)))
    assert await store.hashes("room-1", ["counter"]) == [{"n": "12"}]


async def test_progress_is_only_raised(store: Store) -> None:
    partitions = [VIEWS_0, VIEWS_1, CLICKS_0]
    assert await store.progress("log", partitions) == {}
    assert await store.progress("log", []) == {}
    await store.raise_progress("log", VIEWS_0, 0)
    await store.raise_progress("log", VIEWS_1, 9)
    assert await store.progress("log", partitions) == {VIEWS_0: 0, VIEWS_1: 9}
    for offset in (100, 99, 10, 0):  # as numbers, not as texts
        await store.raise_progress("log", VIEWS_1, offset)
    await store.raise_progress("other", VIEWS_1, 5)
    assert await store.progress("log", partitions) == {VIEWS_0: 0, VIEWS_1: 100}
    assert await store.progress("other", partitions) == {VIEWS_1: 5}
    await asyncio.gather(*(store.raise_progress("log", CLICKS_0, offset) for offset in range(50, 0, -1)))
    assert await store.progress("log", [CLICKS_0]) == {CLICKS_0: 50}


async def test_progress_is_raised_only_from_where_it_is_expected(store: Store) -> None:
    assert not await store.raise_progress("log", VIEWS_0, 20, expected=10)
    assert await store.progress("log", [VIEWS_0]) == {}
    assert await store.raise_progress("log", VIEWS_0, 10)
    assert await store.raise_progress("log", VIEWS_0, 20, expected=10)
    assert not await store.raise_progress("log", VIEWS_0, 30, expected=21)
    assert await store.raise_progress("log", VIEWS_0, 15, expected=12)
    assert await store.progress("log", [VIEWS_0]) == {VIEWS_0: 20}


async def test_progress_is_turned_back_and_never_forth(store: Store) -> None:
    await store.turn_back("log", VIEWS_0, 5)
    assert await store.progress("log", [VIEWS_0]) == {}
    await store.raise_progress("log", VIEWS_0, 100)
    await store.turn_back("log", VIEWS_0, 101)
    await store.turn_back("other", VIEWS_0, 1)
    assert await store.progress("log", [VIEWS_0]) == {VIEWS_0: 100}
    await store.turn_back("log", VIEWS_0, 9)
    assert await store.progress("log", [VIEWS_0]) == {VIEWS_0: 9}


async def test_fences_of_rooms(store: Store) -> None:
    await store.apply([full_change(0, 4), full_change(2, 9, room="room-2")])
    rooms = ["room-1", "room-2", "unknown"]
    assert await store.fences("log", VIEWS_0, rooms) == {"room-1": 4, "room-2": 9}
    assert await store.fences("log", VIEWS_1, rooms) == {}
    assert await store.fences("other", VIEWS_0, rooms) == {}
    assert await store.fences("log", VIEWS_0, []) == {}


async def test_a_change_after_events_that_the_room_has_not_is_refused_as_a_whole(store: Store) -> None:
    late = full_change(5, 9)
    late.position = replace(late.position, after=4)
    assert await store.apply([late]) == [Lost(-1)]
    assert await store.hashes("room-1", list(late.add)) == [{}] * len(late.add)
    assert await store.fences("log", VIEWS_0, ["room-1"]) == {}
    assert await store.apply([full_change(0, 3)]) == [Applied()]
    assert await store.apply([late]) == [Lost(3)]
    late.position = replace(late.position, after=3)
    assert await store.apply([late]) == [Applied()]
    late.position = replace(late.position, after=20)
    assert await store.apply([late]) == [Fenced(9)], "what it has already comes first"


def broken(**parts: object) -> Change:
    change = full_change(0, 0)
    for name, value in parts.items():
        setattr(change, name, value)
    return change


@pytest.mark.parametrize(
    "change",
    [
        broken(room=""),
        broken(room="a}b"),
        broken(room="a/b"),
        broken(room="a\n"),
        broken(room="x" * 65),
        broken(position=Position("log", VIEWS_0, 5, 4)),
        broken(position=Position("log", VIEWS_0, -1, 4)),
        broken(add={"total": {"x": 2**63}}),
        broken(add={"total": {"x": -(2**63) - 1}}),
        broken(raised={"total": {"x": 2**53 + 1}}),
        broken(score={"words": {"x": 2**53 + 1}}),
        broken(push={"comments": (["x"], 0)}),
        broken(most={"words": 0}),
        broken(expire={"total": -1}),
        broken(expire={"total": 2**31}),
        broken(guards={"shelf": -1}),
    ],
)
async def test_what_could_fail_half_way_is_never_sent(store: Store, change: Change) -> None:
    with pytest.raises(ValueError):
        await store.apply([full_change(0, 0, room="good"), change])
    assert await store.rooms() == []
    assert await store.touched("good", 0) == (0, [])


async def test_one_call_takes_one_change_of_a_room(store: Store) -> None:
    with pytest.raises(ValueError, match="one change of each room"):
        await store.apply([full_change(0, 4), full_change(5, 9)])
    assert await store.touched("room-1", 0) == (0, [])


async def test_claims_are_made_with_the_progress_and_only_with_it(store: Store) -> None:
    assert await store.claims("log", VIEWS_0) == {}
    await store.raise_progress("log", VIEWS_0, 10, claims={"a": 9, "b": 4})
    await store.raise_progress("log", VIEWS_0, 20, expected=10, claims={"b": 19, "c": 12})
    assert await store.claims("log", VIEWS_0) == {"a": 9, "b": 19, "c": 12}
    await store.raise_progress("log", VIEWS_0, 15, claims={"a": 14})  # of one who is behind
    await store.raise_progress("log", VIEWS_0, 40, expected=30, claims={"a": 39})  # refused
    assert await store.claims("log", VIEWS_0) == {"a": 9, "b": 19, "c": 12}
    assert await store.claims("log", VIEWS_1) == await store.claims("other", VIEWS_0) == {}
    await store.turn_back("log", VIEWS_0, 13, ["c", "unknown"])
    assert await store.claims("log", VIEWS_0) == {"a": 9, "b": 19}
    assert await store.progress("log", [VIEWS_0]) == {VIEWS_0: 13}


async def test_many_claims_are_made_at_once_and_begin_anew_when_they_are_too_many(store: Store) -> None:
    many = {f"room-{number}": number for number in range(MOST_CLAIMS)}
    await store.raise_progress("log", VIEWS_0, MOST_CLAIMS, claims=many)
    assert await store.claims("log", VIEWS_0) == many
    await store.raise_progress("log", VIEWS_0, MOST_CLAIMS + 1)
    assert await store.claims("log", VIEWS_0) == many
    await store.raise_progress("log", VIEWS_0, MOST_CLAIMS + 2, claims={"another": MOST_CLAIMS + 1})
    assert await store.claims("log", VIEWS_0) == {"another": MOST_CLAIMS + 1}
    await store.turn_back("log", VIEWS_0, 0, list(many))
