"""Any sequence of changes gives the same outcomes and the same room in the fake and in a real server."""

import asyncio
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.change import Change, Position
from streams.store.memory import MemoryStore
from streams.store.port import Store
from streams.store.redis import RedisStore
from streams.topics import Partition

PARTITIONS = [Partition("live.views", 0), Partition("live.orders", 3)]
# Every kind of value has its own keys, as in `streams.keys`: one key of two kinds is a bug.
COUNTERS, WIDE, TEXTS, PEOPLE, LISTS, SETS = ["n1", "n2"], ["w"], ["t1", "t2"], ["p1", "p2", "p3"], ["l"], ["z"]
GUARDS = ["shelf", "orders"]

names = st.one_of(st.sampled_from(["a", "b", "rev"]), st.text(st.characters(exclude_categories=["Cs"]), max_size=3))
small = st.integers(-(10**12), 10**12)
int64 = st.integers(-(2**63), 2**63 - 1)
fields = st.dictionaries(names, small, max_size=4)


def by_key(keys: list[str], values: st.SearchStrategy) -> st.SearchStrategy:
    return st.dictionaries(st.sampled_from(keys), values, max_size=len(keys))


@st.composite
def changes(draw: st.DrawFn) -> Change:
    first = draw(st.integers(0, 12))
    change = Change("room", Position("log", draw(st.sampled_from(PARTITIONS)), first, first + draw(st.integers(0, 3))))
    change.add = {**draw(by_key(COUNTERS, fields)), **draw(by_key(WIDE, st.dictionaries(names, int64, max_size=3)))}
    change.put = draw(by_key(TEXTS, st.dictionaries(names, st.text(st.characters(exclude_categories=["Cs"])), max_size=4)))
    change.remove = draw(by_key(COUNTERS + TEXTS, st.lists(names, max_size=3)))
    change.raised = draw(by_key(COUNTERS, fields))
    change.best = draw(st.sets(st.tuples(st.sampled_from(COUNTERS), names, st.sampled_from(COUNTERS), names), max_size=1))
    groups = st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1).map(tuple)
    change.people = draw(st.dictionaries(groups, st.sets(names, max_size=4), max_size=2))
    change.push = draw(by_key(LISTS, st.tuples(st.lists(names, max_size=4), st.integers(1, 5))))
    change.score = draw(by_key(SETS, fields))
    change.most = draw(by_key(SETS, st.integers(1, 3)))
    change.expire = draw(by_key(COUNTERS + PEOPLE + LISTS + SETS, st.sampled_from([0, 1000])))
    change.touched = draw(st.sets(st.sampled_from([*COUNTERS, *TEXTS, "other"])))
    change.guards = draw(by_key(GUARDS, st.integers(0, 1)))
    change.bumps = draw(st.sets(st.sampled_from(GUARDS), max_size=1))
    return change


async def touched_since(store: Store, since: int) -> tuple[int, object]:
    """The room's revision, by the store's own clock, and what may be compared of it."""
    rev, touched = await store.touched("room", since)
    return rev, (rev > since, sorted(touched))


async def everything(store: Store) -> object:
    return (
        sorted((await store.touched("room", 0))[1]),
        await store.hashes("room", COUNTERS + WIDE + TEXTS),
        await store.heads("room", dict.fromkeys(LISTS, 3)),
        await store.tops("room", dict.fromkeys(SETS, 5)),
        await store.read({"room": {"n1": ["a", "rev"], "t1": None}}, GUARDS),
        await store.counts("room", [[key] for key in PEOPLE] + [PEOPLE]),
        await store.rooms(),
    )


async def compare(redis_url: str, sequence: list[Change]) -> None:
    fake, real = MemoryStore(), RedisStore.connect(redis_url, prefix=uuid4().hex)
    try:
        fake_rev = real_rev = 0
        for change in sequence:
            assert await fake.apply([change]) == await real.apply([change])
            fake_rev, fakes = await touched_since(fake, fake_rev)
            real_rev, reals = await touched_since(real, real_rev)
            assert fakes == reals
            assert await everything(fake) == await everything(real)
    finally:
        await real.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sequence=st.lists(changes(), min_size=1, max_size=8))
def test_the_fake_and_the_server_agree(redis_url: str, sequence: list[Change]) -> None:
    asyncio.run(compare(redis_url, sequence))
