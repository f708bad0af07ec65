"""What is told later than it happened has the figures of when it is told."""

import asyncio

import msgspec
import pytest
from msgspec.structs import replace

from agents.notify.delivery import Delivery
from agents.notify.post import Subscribers
from streams.alerts.evaluation import encode
from streams.alerts.life import Said, State, state_key
from streams.notices.plan import Message, Result
from streams.notices.selection import trial
from streams.notices.subscription import Quiet, Subscription, text
from streams.store.desk import AlertStep
from streams.store.memory import MemoryStore
from tests.unit.streams.notices.test_plan import NOON, transition

MINUTE = 60_000
SAID = Said("warning", "trade", "库存紧张", "Low stock", "剩 {product.stock} 件", "{product.stock} left", "product")


class World:
    """A delivery whose receiver keeps what it is sent."""

    def __init__(self, subscription: Subscription) -> None:
        self.now_ms = NOON
        self.store = MemoryStore(lambda: self.now_ms)
        self.subscription = subscription
        self.sent: list[Message] = []
        self.results: list[Result] = []

    async def send(self, subscription: Subscription, message: Message) -> Result:
        self.sent.append(message)
        return self.results.pop(0) if self.results else Result("delivered", "taken", "ok", 1)

    async def write(self, stock: int, **state: object) -> None:
        """What the evaluator wrote down last of the alert."""
        token = (await self.store.leases.take(["room"], "watcher", 10**9))["room"]
        made = State("a", "x", "firing", NOON, fired_ms=NOON, number=1, said=SAID, facts={"product.stock": stock}, facts_ms=self.now_ms)
        kept = await self.store.alerts.read("room")
        put = {state_key("a", "x"): encode(replace(made, **state))}
        await self.store.alerts.save(AlertStep("room", kept.version, token, put, []))

    async def work(self, seconds: float = 0.5) -> None:
        await self.store.notices.subscribe("s", text(self.subscription))
        worker = Delivery(self.store, "one", Subscribers(self.store), self, lambda outcome: None, lambda: self.now_ms)
        task = asyncio.create_task(worker.run())
        await asyncio.sleep(seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await worker.release()

    async def fire(self) -> None:
        fired = transition(
            f"{state_key('a', 'x')}:1", title_zh="库存紧张", title_en="Low stock", message_zh="剩 127 件", message_en="127 left"
        )
        await self.store.notices.subscribe("s", text(self.subscription))
        await self.store.notices.post([("s", fired.id, msgspec.json.encode(fired).decode())])

    def told(self) -> list[tuple[str, str]]:
        return [(each.transitions[0].message_zh, each.transitions[0].message_en) for each in self.sent]


async def test_a_reminder_tells_the_figures_of_now_and_the_same_at_its_next_attempt() -> None:
    world = World(Subscription("s", "json://x", repeat_minutes=10))
    await world.write(127)
    await world.fire()
    await world.work()
    await world.write(45)
    world.now_ms += 10 * MINUTE
    world.results = [Result("failed", "status", "status 503", 5)]
    await world.work()
    await world.write(44)
    world.now_ms += 2_000
    await world.work()
    assert world.told() == [("剩 127 件", "127 left"), ("剩 45 件", "45 left"), ("剩 45 件", "45 left")]
    assert [message.reminder for message in world.sent] == [False, True, True]


@pytest.mark.parametrize("over", [{"status": "resolved"}, {"number": 2}, {"status": "acknowledged"}])
async def test_an_alert_that_is_over_by_then_is_told_as_it_was(over: dict[str, object]) -> None:
    world = World(Subscription("s", "json://x", quiet=Quiet("11:00", "12:30")))
    await world.fire()
    await world.write(45, **over)
    world.now_ms += 40 * MINUTE
    await world.work()
    assert world.told() == [("剩 127 件", "127 left")]


async def test_what_quiet_hours_held_back_tells_the_figures_of_when_they_end() -> None:
    world = World(Subscription("s", "json://x", quiet=Quiet("11:00", "12:30")))
    await world.fire()
    await world.work()
    await world.write(45)
    world.now_ms += 40 * MINUTE
    await world.work()
    assert world.told() == [("剩 45 件", "45 left")]


async def test_a_test_message_of_no_room_is_sent_as_it_is() -> None:
    world = World(Subscription("s", "json://x", quiet=Quiet("11:00", "12:30")))
    await world.store.notices.subscribe("s", text(world.subscription))
    one = trial("s", NOON)
    await world.store.notices.post([("s", one.id, msgspec.json.encode(one).decode())])
    await world.work()
    assert [message.transitions for message in world.sent] == [[one]]
