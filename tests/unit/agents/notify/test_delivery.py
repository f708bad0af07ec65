"""Delivery over the store in memory, to receivers that are lists."""

import asyncio

import msgspec
import pytest

from agents.notify.delivery import Delivery
from agents.notify.post import Subscribers
from streams.notices.plan import Message, Result
from streams.notices.subscription import Quiet, Subscription, text
from streams.store.memory import MemoryStore
from tests.unit.streams.notices.test_plan import NOON, transition


class Targets:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.results: list[Result] = []
        self.came = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, subscription: Subscription, message: Message) -> Result:
        self.sent.append((subscription.id, message.id))
        self.came.set()
        await self.gate.wait()
        return self.results.pop(0) if self.results else Result("delivered", "taken", "ok", 1)


class World:
    def __init__(self) -> None:
        self.now_ms = NOON
        self.store = MemoryStore(lambda: self.now_ms)
        self.targets = Targets()
        self.attempts: list[str] = []

    def worker(self, owner: str) -> Delivery:
        return Delivery(self.store, owner, Subscribers(self.store), self.targets, self.attempts.append, lambda: self.now_ms)

    async def post(self, subscription: str, *alerts: str) -> None:
        await self.store.notices.subscribe(subscription, text(Subscription(subscription, "json://x")))
        texts = [msgspec.json.encode(transition(alert)).decode() for alert in alerts]
        await self.store.notices.post([(subscription, alert, each) for alert, each in zip(alerts, texts, strict=True)])

    async def run(self, *workers: Delivery, seconds: float = 0.5) -> None:
        tasks = [asyncio.create_task(worker.run()) for worker in workers]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_each_subscriptions_messages_go_in_order_and_once_whoever_works() -> None:
    world = World()
    await world.post("a", "1:x:1", "2:x:1", "3:x:1")
    await world.post("b", "1:x:1")
    await world.run(world.worker("one"), world.worker("two"))
    ids = [f"room/{number}:x:1/firing" for number in (1, 2, 3)]
    assert [message for name, message in world.targets.sent if name == "a"] == ids
    assert [message for name, message in world.targets.sent if name == "b"] == ids[:1]
    assert (await world.store.notices.desks(["a"], 9))["a"].waiting == []
    assert len(await world.store.notices.log("a", 9)) == 3
    assert world.attempts == ["delivered"] * 4


async def test_a_slow_receiver_holds_up_only_itself() -> None:
    world = World()
    world.targets.gate.clear()
    await world.post("a", "1:x:1", "2:x:1")
    await world.post("b", "1:x:1")
    await world.run(world.worker("one"))
    assert sorted(world.targets.sent) == [("a", "room/1:x:1/firing"), ("b", "room/1:x:1/firing")]


async def test_what_goes_through_at_night_waits_behind_nothing_however_much_is_held_back() -> None:
    world = World()
    await world.store.notices.subscribe("a", text(Subscription("a", "json://x", quiet=Quiet("11:00", "13:00"))))
    held = [transition(f"{number}:x:1") for number in range(600)]
    posted = [*held, transition("grave:x:1", severity="critical")]
    await world.store.notices.post([("a", each.id, msgspec.json.encode(each).decode()) for each in posted])
    task = asyncio.create_task(world.worker("one").run())
    await asyncio.wait_for(world.targets.came.wait(), 20)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert world.targets.sent == [("a", "room/grave:x:1/firing")]


async def test_what_a_dead_worker_had_begun_is_sent_again_by_another_under_the_same_id() -> None:
    world = World()
    await world.post("a", "1:x:1", "2:x:1")
    world.targets.gate.clear()
    await world.run(world.worker("one"))
    world.targets.gate.set()
    world.now_ms += 3_000
    await world.run(world.worker("two"))
    assert [message for _, message in world.targets.sent] == ["room/1:x:1/firing", "room/1:x:1/firing", "room/2:x:1/firing"]


async def test_one_that_lost_its_lease_while_sending_writes_nothing() -> None:
    world = World()
    await world.post("a", "1:x:1")
    world.targets.gate.clear()
    task = asyncio.create_task(world.worker("one").run())
    await asyncio.sleep(0.1)
    world.now_ms += 3_000
    await world.store.leases.take(["~a"], "two", 60_000)
    world.targets.gate.set()
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    desk = (await world.store.notices.desks(["a"], 9))["a"]
    assert len(desk.waiting) == 1 and await world.store.notices.log("a", 1) == []


async def test_a_broken_or_disabled_subscription_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    await world.post("a", "1:x:1")
    await world.store.notices.subscribe("broken", '{"id": "broken", "target": "secret://x", "what": 1}')
    await world.post("off", "1:x:1")
    await world.store.notices.subscribe("off", text(Subscription("off", "json://x", enabled=False)))
    await world.run(world.worker("one"))
    assert [name for name, _ in world.targets.sent] == ["a"]
    assert "subscription broken is broken" in caplog.text and "secret://" not in caplog.text
