import pytest

from streams.change import Change, Position
from streams.store.memory import MemoryStore
from streams.topics import Partition


def change(offset: int) -> Change:
    return Change("room", Position("log", Partition("live.views", 0), offset, offset))


async def test_one_key_of_two_kinds_is_a_bug():
    store = MemoryStore()
    first, second = change(0), change(1)
    first.count("total", "likes")
    second.meet(("total",), ["user"])
    await store.apply([first])
    with pytest.raises(TypeError, match="total"):
        await store.apply([second])


async def test_adding_to_text_is_a_bug():
    store = MemoryStore()
    one = change(0)
    one.set("facts", "title", "早安")
    one.count("facts", "title")
    with pytest.raises(ValueError, match="早安"):
        await store.apply([one])


async def test_a_hash_that_was_emptied_loses_its_expiry():
    now_ms = [0]
    store = MemoryStore(lambda: now_ms[0])
    first, second, third = change(0), change(1), change(2)
    first.set("facts", "title", "x")
    first.expire = {"facts": 1}
    second.remove = {"facts": ["title"]}
    third.set("facts", "title", "y")
    for one in (first, second, third):
        await store.apply([one])
    now_ms[0] = 5_000
    assert await store.hashes("room", ["facts"]) == [{"title": "y"}]


async def test_what_was_read_does_not_change_under_the_reader():
    store = MemoryStore()
    first, second = change(0), change(1)
    first.count("total", "likes")
    second.count("total", "likes")
    await store.apply([first])
    state = (await store.read({"room": {"total": None}}, []))["room"]
    (whole,) = await store.hashes("room", ["total"])
    await store.apply([second])
    assert state.hashes["total"] == whole == {"likes": "1"}
