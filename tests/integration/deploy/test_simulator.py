"""A simulated broadcast in a real broker: everything arrives once and in order, and a stop closes it."""

import asyncio
import os
import signal
import time

import orjson
import pytest
from aiokafka import AIOKafkaConsumer

from agents.topics import create_missing
from deploy.simulator.broadcast import broadcast
from deploy.simulator.sender import run
from streams import topics
from streams.kafka.brokers import Brokers


@pytest.fixture
async def kafka(broker):
    await create_missing(Brokers(broker), 2)
    return broker


async def read(kafka, room):
    """All values of a room by topic, in the order of the log."""
    consumer = AIOKafkaConsumer(*topics.INPUTS, bootstrap_servers=kafka, auto_offset_reset="earliest", enable_auto_commit=False)
    values = {topic: [] for topic in topics.INPUTS}
    async with consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                for record in batch:
                    if record.key == room.encode():
                        values[record.topic].append(record.value)
    return values


async def test_everything_arrives_once_and_in_order(kafka):
    now, told = time.time_ns() // 1_000_000, []
    length = {"rate": 400, "seed": 3}
    sent = await run(kafka=Brokers(kafka), room="whole", minutes=0.02, history_minutes=0.5, on_sent=told.append, clock=Clock(now), **length)
    expected = {topic: [] for topic in topics.INPUTS}
    for record in broadcast("whole", minutes=0.52, start_ms=now - 30_000, **length):
        expected[record.topic].append(record.value)
    assert await read(kafka, "whole") == expected
    assert sent == told[-1] == sum(map(len, expected.values()))


class Clock:
    """Unix ms that begin at `begin`, whenever that is."""

    def __init__(self, begin):
        self._ahead = begin - time.monotonic_ns() // 1_000_000
        self._first = begin

    def __call__(self):
        now, self._first = self._first or self._ahead + time.monotonic_ns() // 1_000_000, 0
        return now


@pytest.mark.parametrize("stop", ["SIGTERM", "SIGINT", "cancel"])
async def test_a_stop_closes_the_broadcast(kafka, stop):
    room = f"stopped-{stop}"
    under_way = asyncio.Event()

    def told(sent):
        if sent >= 100:
            under_way.set()

    sending = asyncio.create_task(run(kafka=Brokers(kafka), room=room, rate=200, minutes=60, seed=1, on_sent=told))
    await asyncio.wait_for(under_way.wait(), 60)
    if stop == "cancel":
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
    else:
        os.kill(os.getpid(), getattr(signal, stop))
        sent = await asyncio.wait_for(sending, 30)
        assert sent == sum(map(len, (await read(kafka, room)).values()))
    values = await read(kafka, room)
    assert values[topics.VIEWS]
    last = orjson.loads(values[topics.SCENES][-1])
    assert last["kind"] == "closed"
    assert abs(last["at"] - time.time() * 1_000) < 10_000
