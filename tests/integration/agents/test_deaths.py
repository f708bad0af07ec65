"""Workers that are stopped and killed in the middle of a broadcast, and what they leave behind: exact figures."""

import asyncio
import random
import signal
from collections.abc import Callable

from tests.integration.agents.world import World, broadcast, brute_force, ended, logged
from tests.servers.process import Process

ROOMS = ("room-a", "room-b", "room-c")


async def test_a_worker_stopped_and_one_started_again_count_each_event_once(world: World, worker: Callable[..., Process]) -> None:
    await world.prepare()
    chance = random.Random(5)
    sent = broadcast(ROOMS, 15_000)
    sending = asyncio.create_task(world.send(sent, per_second=1_000))
    for _ in range(2):
        process = worker()
        await logged(process, "assigned 20 partitions")
        await asyncio.sleep(chance.uniform(1, 2))
        process.signal(signal.SIGTERM)
        assert await ended(process) == 0, process.tail()
    await sending
    worker()
    await world.applied()
    assert await world.figures(ROOMS) == brute_force(sent)


async def test_workers_killed_over_and_over_count_each_event_once(world: World, worker: Callable[..., Process]) -> None:
    await world.prepare()
    chance = random.Random(11)
    sent = broadcast(ROOMS, 40_000)
    sending = asyncio.create_task(world.send(sent, per_second=1_500))
    crew = [worker(), worker()]
    for number in range(6):
        await logged(crew[number % 2], "assigned")
        await asyncio.sleep(chance.uniform(0.1, 2.0))
        crew[number % 2].kill()
        crew[number % 2] = worker()
    await sending
    await world.applied(90)
    assert await world.figures(ROOMS) == brute_force(sent)
