"""Notices for those who want them, over the store in memory."""

import msgspec
import pytest
from msgspec.structs import replace

from agents.notify.post import Post, Subscribers
from streams.alerts import Transition
from streams.notices.selection import _TRIAL
from streams.notices.subscription import Subscription, text
from streams.store.memory import MemoryStore


def told(number: int, room: str = "room") -> str:
    transition: Transition = replace(_TRIAL, id=f"{room}/{number}", room=room, at=1, severity="critical")
    return msgspec.json.encode(transition).decode()


async def waiting(store: MemoryStore, name: str) -> list[str]:
    desk = (await store.notices.desks([name], 99))[name]
    return [msgspec.json.decode(notice.text)["id"] for notice in desk.waiting]


@pytest.fixture
async def store() -> MemoryStore:
    store = MemoryStore()
    for name, rooms in (("all", ("*",)), ("a", ("a",))):
        await store.notices.subscribe(name, text(Subscription(name, "json://x", rooms=rooms)))
    return store


async def test_each_that_wants_it_gets_a_notice_once_and_in_order(store: MemoryStore) -> None:
    rung: list[int] = []
    post = Post(store, Subscribers(store), rung.append)
    await post([told(1, "a"), told(2, "b")])
    await post([told(1, "a"), told(2, "b"), told(3, "a")])  # as after a crash
    assert await waiting(store, "all") == ["a/1", "b/2", "a/3"]
    assert await waiting(store, "a") == ["a/1", "a/3"]
    assert rung == [3, 5], "those posted before among them"


async def test_subscriptions_are_those_of_now_and_a_broken_one_is_said_once(store: MemoryStore, caplog: pytest.LogCaptureFixture) -> None:
    subscribers = Subscribers(store)
    await store.notices.subscribe("broken", "{")
    first = await subscribers.read()
    assert [each.id for each in first] == ["all", "a"]
    await store.notices.unsubscribe("a")
    await store.notices.subscribe("b", text(Subscription("b", "json://x")))
    again = await subscribers.read()
    assert [each.id for each in again] == ["all", "b"] and again[0] is first[0]
    assert caplog.text.count("subscription broken is broken") == 1


async def test_what_is_no_transition_stops_nothing(store: MemoryStore, caplog: pytest.LogCaptureFixture) -> None:
    await Post(store, Subscribers(store), lambda _: None)(["{}", told(1)])
    assert await waiting(store, "all") == ["room/1"]
    assert "is none" in caplog.text
