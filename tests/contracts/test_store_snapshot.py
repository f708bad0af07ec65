"""What a reader is given at once: all that was touched in a room since a revision, as of one moment."""

import asyncio

from streams.change import Change, Position
from streams.store.port import Store, Wanted
from streams.topics import Partition

ORDERS = Partition("live.orders", 0)
LISTS = {"comments": 2, "feed": 9}


def wanted(first: int = 0, *ignored: str) -> Wanted:
    return Wanted(frozenset({"total", "facts"}), frozenset({"p", "m", "b"}), frozenset({"b"}), first, frozenset(ignored), LISTS)


async def written(store: Store, offset: int = 0) -> None:
    change = Change("room", Position("log", ORDERS, offset, offset))
    for key in ("total", "m:7", "p:1", "b:4", "b:5", "other", "p", "words:m:7"):
        change.count(key, "n", 1)
    change.push = {"comments": (["c3", "c2", "c1"], 9), "list": (["x"], 9)}
    change.touched |= {"comments", "list", "feed", "gone:1"}
    await store.apply([change])


async def test_gives_what_is_wanted_of_what_was_touched(store: Store) -> None:
    assert (await store.snapshot("room", 0, wanted())).rev == 0
    await written(store)
    found = await store.snapshot("room", 0, wanted(5))
    assert found.hashes == {key: {"n": "1"} for key in ("total", "m:7", "p:1", "b:5")}
    assert found.lists == {"comments": ["c3", "c2"], "feed": []}
    assert set(found.touched) >= {"total", "other", "list", "b:4", "gone:1"}
    less = await store.snapshot("room", 0, wanted(0, "p", "total", "comments"))
    assert set(less.hashes) == {"m:7", "b:4", "b:5"}
    assert set(less.lists) == {"feed"}


async def test_gives_nothing_for_the_revision_that_there_is_and_says_it_for_one_that_there_is_not(store: Store) -> None:
    await written(store)
    rev = (await store.snapshot("room", 0, wanted())).rev
    for since in (rev, rev + 5):
        again = await store.snapshot("room", since, wanted())
        assert (again.rev, again.touched, again.hashes, again.lists) == (rev, [], {}, {})


async def test_is_of_one_moment_whoever_writes(store: Store) -> None:
    async def write() -> None:
        for offset in range(300):
            await written(store, offset)

    writing = asyncio.create_task(write())
    seen = []
    while not writing.done():
        found = await store.snapshot("room", 0, wanted())
        counts = {fields["n"] for key, fields in found.hashes.items()}
        seen.append(len(counts))
        await asyncio.sleep(0)
    await writing
    assert set(seen) <= {0, 1}
