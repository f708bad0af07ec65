"""Kafka or the store away: at the start, and in the middle of a broadcast."""

import asyncio
import signal
from collections.abc import Callable

from agents.ending import NOT_READY
from tests.integration.agents.world import World, broadcast, brute_force, ended, logged
from tests.servers import redis
from tests.servers.kafka import Kafka
from tests.servers.process import Process

ROOMS = ("room-a", "room-b")


async def test_without_kafka_and_store_at_start_it_says_so_and_gives_up_in_plain_words(worker: Callable[..., Process]) -> None:
    process = worker(kafka="127.0.0.1:1", redis="redis://127.0.0.1:1/0", wait_seconds=1)
    assert await ended(process) == NOT_READY, process.tail()
    log = process.log.read_text()
    assert "waiting for Kafka at 127.0.0.1:1: connection refused; set LIVESCREEN_KAFKA or start it" in log
    assert "waiting for the store: Redis at 127.0.0.1:1:" in log
    assert "gave up waiting for" in log.splitlines()[-1]
    assert "Traceback" not in log


async def test_a_store_that_dies_and_comes_back_costs_nothing(world: World, store: redis.Server, worker: Callable[..., Process]) -> None:
    await world.prepare()
    sent = broadcast(ROOMS, 12_000)
    process = worker()
    await logged(process, "assigned 20 partitions")
    sending = asyncio.create_task(world.send(sent, per_second=1_500))
    await asyncio.sleep(3)
    store.process.kill()
    await asyncio.sleep(2)
    store.process.start()
    await sending
    await world.applied()
    assert process.running
    log = process.log.read_text()
    assert log.count("the store is away") == log.count("the store is back") >= 1, log
    assert await world.figures(ROOMS) == brute_force(sent)


async def test_a_worker_waits_for_a_kafka_that_does_not_answer_and_goes_on(
    world: World, kafka: Kafka, worker: Callable[..., Process]
) -> None:
    await world.prepare()
    sent = broadcast(ROOMS, 6_000)
    process = worker()
    await world.send(sent[:3_000])
    await world.applied()
    broker = kafka.nodes[0].process
    broker.signal(signal.SIGSTOP)
    await asyncio.sleep(12)  # more than the group's session time-out
    broker.signal(signal.SIGCONT)
    await world.send(sent[3_000:])
    await world.applied(90)
    assert process.running, process.tail()
    assert await world.figures(ROOMS) == brute_force(sent)


async def test_another_log_at_the_same_address_is_counted_beside_the_old_one(
    world: World, kafka: Kafka, worker: Callable[..., Process]
) -> None:
    await world.prepare()
    first, second = broadcast(ROOMS, 3_000), broadcast(ROOMS, 2_000, seed=2)
    process = worker()
    await world.send(first)
    await world.applied()
    kafka.reformat()
    kafka.start()
    await kafka.ready()
    await world.prepare()
    world.ends.clear()
    await world.send(second)
    await world.applied()
    assert await world.figures(ROOMS) == brute_force(first + second)
    assert process.running, process.tail()
