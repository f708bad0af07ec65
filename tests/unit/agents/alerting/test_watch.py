"""The evaluator's two tasks together, over the store in memory and a Kafka that is a list."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from agents.alerting.backlog import Backlog
from agents.alerting.gauges import Gauges
from agents.alerting.look import Room
from agents.alerting.rulebook import Rulebook
from agents.alerting.tell import Teller
from agents.alerting.watch import Watch
from streams.board_rules import BoardRules
from streams.store.desk import AlertStep, Saved
from tests.unit.agents.alerting.test_look import World as Likes
from tests.unit.agents.alerting.test_rooms import World as Rooms
from tests.unit.agents.alerting.test_tell import Kafka

RULES = """
- id: liked
  kind: traffic
  when: total.likes >= 5
  title: {zh: 赞, en: Likes}
  message: {zh: 赞, en: Likes}
"""


class World(Likes, Rooms):
    """A room that is liked and heard of."""


async def run(world: World, kafka: Kafka, act: Any, seconds: float = 1.5) -> Callable[[str], float | None]:
    """Gives what is counted of what it did."""
    await world.store.alerts.put_rules(RULES)
    rulebook = Rulebook(None, world.store.alerts.rules)
    await rulebook.load()
    teller = Teller(world.store, kafka.send, kafka.post)
    backlog = Backlog("-", world.store, lambda: world.now_ms)
    begun, gauges = time.monotonic(), Gauges()
    watch = Watch(
        world.store, "one", rulebook, BoardRules(), backlog, teller, gauges, lambda: world.now_ms + int(1000 * (time.monotonic() - begun))
    )
    tasks = [asyncio.create_task(work()) for work in (watch.survey, watch.look, teller.run)]
    await asyncio.sleep(0.2)
    await act()
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*tasks, return_exceptions=True))
    return lambda name: gauges.registry.get_sample_value(f"livescreen_watch_{name}")


async def test_what_is_found_is_told_and_what_people_do_though_no_rule_has_anything_to_say() -> None:
    world, kafka = World(), Kafka()
    await world.tell("room", heard=world.now_ms)

    async def act() -> None:
        await world.like(5)
        await asyncio.sleep(1)
        kept = await world.store.alerts.read("room")
        done = AlertStep("room", kept.version, None, {}, ['{"to": "acknowledged"}'])
        assert isinstance(await world.store.alerts.save(done), Saved)

    counted = await run(world, kafka, act)
    assert (counted("rooms_led"), counted("transitions_total")) == (1, 1)
    assert (counted("looks_total") or 0) >= 2 and (counted("look_cpu_seconds_total") or 0) > 0
    assert [json.loads(text)["to"] for _, text in kafka.log] == ["firing", "acknowledged"]


async def test_a_room_that_cannot_be_looked_at_does_not_silence_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world, kafka = World(), Kafka()
    for number in range(20):  # more than one round of looks
        await world.tell(f"broken-{number}", heard=world.now_ms)
    look = Room.look

    async def breaks(room: Room, *rest: Any) -> int:
        if room.name != "room":
            raise ZeroDivisionError
        return await look(room, *rest)

    monkeypatch.setattr(Room, "look", breaks)

    async def act() -> None:
        await world.tell("room", heard=world.now_ms)
        await world.like(5)

    await run(world, kafka, act)
    assert [room for room, _ in kafka.log] == [b"room"]
    assert "room broken-7 cannot be looked at" in caplog.text
