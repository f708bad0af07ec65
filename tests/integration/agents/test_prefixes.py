"""Two systems on one Kafka, each with topics, a group and a store of its own."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from streams.topics import VIEWS
from tests.integration.agents.world import World, broadcast, brute_force
from tests.servers import redis
from tests.servers.process import Process

ROOMS = ("room-a", "room-b")


async def test_two_prefixes_on_one_kafka_do_not_see_each_other(world: World, worker: Callable[..., Process], tmp_path: Path) -> None:
    with redis.running(redis.embedded_binary(), tmp_path / "other") as server:
        other = World(world.kafka, server.url, "shop.live.")
        await asyncio.gather(world.prepare(), other.prepare())
        ours, theirs = broadcast(ROOMS, 2_000, seed=1), broadcast(ROOMS, 3_000, seed=2)
        await asyncio.gather(world.send(ours), other.send([*theirs, (VIEWS, b"room-a", b"{")]))
        worker()
        worker(redis=other.redis, prefix=other.prefix, group="shop")
        await asyncio.gather(world.applied(), other.applied())

        assert await world.figures(ROOMS) == brute_force(ours)
        assert await other.figures(ROOMS) == brute_force(theirs)
        assert await world.dead_letters() == []
        assert [letter["topic"] for letter in await other.dead_letters()] == [VIEWS]
