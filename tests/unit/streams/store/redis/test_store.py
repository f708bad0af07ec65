"""What is special to the real server; what both stores do is in tests/contracts."""

import logging
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from streams.change import Change, Position
from streams.store.port import Applied, Fenced, StoreAway
from streams.store.redis import RedisStore
from streams.topics import Partition

VIEWS_0 = Partition("live.views", 0)


@pytest.fixture
async def server(redis_url: str) -> AsyncIterator[Redis]:
    connection = Redis.from_url(redis_url, decode_responses=True)
    yield connection
    await connection.aclose()


@pytest.fixture
def prefix() -> str:
    return uuid4().hex


@pytest.fixture
async def store(redis_url: str, prefix: str) -> AsyncIterator[RedisStore]:
    store = RedisStore.connect(redis_url, prefix=prefix)
    yield store
    await store.close()


def change(offset: int, room: str = "room") -> Change:
    one = Change(room, Position("log", VIEWS_0, offset, offset))
    one.count("total", "likes")
    one.meet(("viewers",), ["user"])
    return one


async def test_a_server_that_forgot_the_scripts_is_told_them_again(store, server):
    await store.apply([change(0)])
    await server.script_flush()
    assert await store.apply([change(1), change(0, room="other")]) == [Applied(), Applied()]
    await server.script_flush()
    await store.raise_progress("log", VIEWS_0, 7)
    assert await store.progress("log", [VIEWS_0]) == {VIEWS_0: 7}


async def test_every_key_written_is_in_the_tag_of_its_room(store, server, prefix):
    await store.apply([change(0)])
    found = {key async for key in server.scan_iter(match=f"{prefix}*", count=1000)}
    assert found == {f"{prefix}:2:{name}" for name in ("{rooms}", "{room}#fence", "{room}#touched", "{room}:total", "{room}:viewers")}


async def test_after_lost_writes_no_revision_that_was_read_is_given_out_again(store, server, prefix):
    await store.apply([change(0)])
    names = [f"{prefix}:2:{{room}}{rest}" for rest in ("#fence", "#touched", ":total", ":viewers")]
    kept = {name: await server.execute_command("DUMP", name, NEVER_DECODE=True) for name in names}
    for offset in range(1, 4):
        await store.apply([change(offset)])
    read, _ = await store.touched("room", 0)
    for name in names:
        await server.restore(name, 0, kept[name], replace=True)
    one = change(1)
    one.touched = {"total"}
    await store.apply([one])
    rev, touched = await store.touched("room", read)
    assert (rev > read, touched) == (True, ["total"])


async def test_a_server_without_memory_refuses_a_change_as_a_whole(store, server, prefix):
    await store.apply([change(0)])
    before = await server.hgetall(f"{prefix}:2:{{room}}#fence")
    late = change(1)
    late.remove = {"total": ["likes"]}  # Redis allows it without memory: it must not come first
    await server.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreAway, match="memory"):
            await store.apply([late])
    finally:
        await server.config_set("maxmemory", 0)
    assert await server.hgetall(f"{prefix}:2:{{room}}#fence") == before
    assert await store.hashes("room", ["total"]) == [{"likes": "1"}]
    assert await store.apply([late]) == [Applied()]


async def test_adding_to_text_is_logged_and_applies_the_rest_once(store, caplog):
    wrong = change(0)
    wrong.set("facts", "title", "early")
    wrong.count("facts", "title")
    with caplog.at_level(logging.ERROR):
        assert await store.apply([wrong]) == [Applied()]
    assert "1 counters" in caplog.text
    assert await store.apply([wrong]) == [Fenced(0)]
    assert await store.hashes("room", ["facts", "total"]) == [{"title": "early"}, {"likes": "1"}]


async def test_a_change_asked_for_twice_after_a_lost_answer_counts_once(store, server, prefix):
    await store.apply([change(0)])
    await server.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    try:
        outcomes = await store.apply([change(1)])
    except StoreAway:
        outcomes = await store.apply([change(1)])
    assert outcomes in ([Applied()], [Fenced(1)])
    assert await store.hashes("room", ["total"]) == [{"likes": "2"}]


async def test_the_list_of_rooms_is_sent_once_and_again_after_the_store_was_away(store, server, prefix):
    await store.apply([change(0)])
    await server.delete(f"{prefix}:2:{{rooms}}")
    await store.apply([change(1)])
    assert await store.rooms() == []
    await server.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreAway):
            await store.apply([change(2)])
    finally:
        await server.config_set("maxmemory", 0)
    await store.apply([change(2)])
    assert await store.rooms() == ["room"]
