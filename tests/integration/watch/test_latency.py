"""From an event to the call of a webhook, under load: `RATE` events/s (5,000 are promised), in `ROOMS` rooms, for `SECONDS`."""

import asyncio
import itertools
import os
import time
from collections.abc import Callable

from deploy import sender
from streams.topics import ALL, SCENES
from tests.integration.agents.world import World, broadcast, logged, now_ms, record
from tests.servers.process import Process
from tests.servers.webhook import Receiver

RATE = int(os.environ.get("RATE", "500"))
ROOMS = [f"room-{number}" for number in range(int(os.environ.get("ROOMS", "10")))]
SECONDS = int(os.environ.get("SECONDS", "20"))
#: What is promised, on a machine with nothing else to do; a busy one may take `SLACK` times as long.
MEDIAN_MS, P99_MS = 1_500, 3_000
SLACK = int(os.environ.get("SLACK", "4"))


async def load(world: World) -> None:
    """Sends the same events again and again, at the pace asked for."""
    step = max(1, RATE // 20)
    async with sender.connect(world.brokers, ALL) as to:
        events = itertools.cycle(broadcast(ROOMS, 20_000)[len(ROOMS) :])
        begun = time.monotonic()
        for sent in itertools.count(step, step):
            for topic, room, value in itertools.islice(events, step):
                await to.add(topic, room, value)
            await to.flush()
            await asyncio.sleep(max(0, begun + sent / RATE - time.monotonic()))


async def test_people_are_told_within_seconds(
    world: World, start: Callable[..., Process], subscribe: Callable[..., object], receiver: Receiver
) -> None:
    await world.prepare()
    await subscribe(rules=("platform_violation",))
    start("agents")
    watch = start("watch")
    await world.send([record(SCENES, id=f"o-{room}", room=room, at=now_ms(), kind="opened", title=room) for room in ROOMS])
    await logged(watch, f"leading {len(ROOMS)} rooms")
    loading = asyncio.create_task(load(world))
    await asyncio.sleep(5)
    told: dict[str, int] = {}
    until = time.monotonic() + SECONDS
    for number, room in enumerate(itertools.cycle(ROOMS)):
        if time.monotonic() > until:
            break
        told[f"v{number}"] = now_ms()
        await world.send([record(SCENES, id=f"v{number}", room=room, at=now_ms(), kind="violated", violation=f"v{number}", reason="违规")])
        await asyncio.sleep(0.2)
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
    await asyncio.to_thread(receiver.wait, lambda: len(receiver.taken()) >= len(told))
    calls = [(told[call.alerts[0]["subject"]], call.alerts[0]["at"], call.at_ms) for call in receiver.taken()]
    delays = sorted(called - sent for sent, _, called in calls)
    looked = sorted(at - sent for sent, at, _ in calls)
    median, p99 = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    print(f"{RATE} events/s in {len(ROOMS)} rooms, {len(delays)} alerts: median {median} ms, p99 {p99} ms, longest {delays[-1]} ms")
    print(f"of which until a watcher looked: median {looked[len(looked) // 2]} ms, p99 {looked[len(looked) * 99 // 100]} ms")
    assert median <= SLACK * MEDIAN_MS and p99 <= SLACK * P99_MS
