"""Watchers killed over and over: every firing is told, and each under one id."""

import asyncio
import json
import os
import random
from collections import defaultdict
from collections.abc import Callable

from streams.topics import SCENES
from tests.integration.agents.world import World, broadcast, logged, now_ms, record
from tests.servers.process import Process
from tests.servers.webhook import Receiver

KILLS = int(os.environ.get("KILLS", "8"))
#: So many that none of them has more violations than a rule looks at (200 subjects), however long a busy machine takes.
ROOMS = [f"room-{number}" for number in range(12)]


async def test_no_firing_is_lost_and_none_is_told_under_two_ids(
    world: World, start: Callable[..., Process], subscribe: Callable[..., object], receiver: Receiver
) -> None:
    await world.prepare()
    await subscribe(rules=("platform_violation",))
    chance = random.Random(3)
    agents = start("agents")
    crew = [start("watch"), start("watch")]
    load = asyncio.create_task(world.send(broadcast(ROOMS, KILLS * 3_000), per_second=1_000))
    sent: dict[str, int] = {}  # violation → when

    enough = asyncio.Event()

    async def accuse() -> None:
        while not enough.is_set():
            room, name = chance.choice(ROOMS), f"v{len(sent)}"
            sent[name] = now_ms()
            await world.send([record(SCENES, id=name, room=room, at=now_ms(), kind="violated", violation=name, reason="违规")])
            await asyncio.sleep(chance.uniform(0.05, 0.3))

    await logged(agents, "assigned")
    accusing = asyncio.create_task(accuse())
    for number in range(KILLS):
        await logged(crew[number % 2], "watching, as")
        await asyncio.sleep(chance.uniform(0.5, 4))
        crew[number % 2].kill()
        crew[number % 2] = start("watch")
    enough.set()
    await accusing
    load.cancel()
    await asyncio.gather(load, return_exceptions=True)

    def arrived() -> dict[str, int]:
        return {call.alerts[0]["subject"]: call.at_ms for call in reversed(receiver.taken())}

    await asyncio.to_thread(receiver.wait, lambda: sent.keys() <= arrived().keys(), 120)
    delays = sorted(at_ms - sent[name] for name, at_ms in arrived().items())
    looked = sorted(alert["at"] - sent[alert["subject"]] for call in receiver.taken() for alert in call.alerts)
    print(f"{KILLS} kills, {len(sent)} firings, from event to webhook: median {delays[len(delays) // 2]} ms, longest {delays[-1]} ms")
    print(f"of which until a watcher looked: median {looked[len(looked) // 2]} ms, longest {looked[-1]} ms")
    told = defaultdict(set)
    for call in receiver.calls:
        for alert in call.alerts:
            told[alert["room"], alert["subject"], alert["to"]].add((call.id, alert["id"], json.dumps(alert, sort_keys=True)))
    assert {what: ids for what, ids in told.items() if len(ids) > 1} == {}
    assert not [what for what in told if what[2] != "firing"]
