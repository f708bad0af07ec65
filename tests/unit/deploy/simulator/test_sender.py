"""When a record is sent, and how a broadcast is stopped. Kafka and the clock are stand-ins here."""

import asyncio

import orjson
import pytest

from deploy.simulator.records import Record
from deploy.simulator.sender import BATCH_MS, Sending


class Clock:
    """Unix ms as the event loop counts them."""

    def __init__(self):
        self._begin = asyncio.get_running_loop().time()

    def __call__(self):
        return 1_000_000 + int((asyncio.get_running_loop().time() - self._begin) * 1_000)


class Kafka:
    """Remembers what it is sent, and when."""

    def __init__(self, clock):
        self.clock = clock
        self.added, self.flushed, self.acknowledged = [], [], 0

    async def add(self, topic, key, value):
        assert key == b"room"
        self.added.append((topic, value))

    async def flush(self):
        self.flushed += [(self.clock(), value) for _, value in self.added[self.acknowledged :]]
        self.acknowledged = len(self.added)


def records(*times):
    return iter([Record(at, "live.views", str(at).encode()) for at in times])


def never():
    return asyncio.create_task(asyncio.sleep(3_600))


@pytest.fixture
async def clock():
    return Clock()


@pytest.fixture
async def kafka(clock):
    return Kafka(clock)


def kinds(kafka):
    return [orjson.loads(value)["kind"] for topic, value in kafka.added if topic == "live.scenes"]


async def test_nothing_is_sent_before_its_time_and_all_soon_after(clock, kafka):
    start, told = clock(), []
    times = [start - 60_000, start - 5, *range(start + 100, start + 1_500, 10)]
    await Sending(kafka, "room", clock, told.append).send(records(*times), never())
    assert [int(value) for _, value in kafka.flushed] == times
    assert all(at >= int(value) for at, value in kafka.flushed)
    assert kafka.flushed[0][0] < start + 1_000  # the past at once, not with what comes
    assert len({at for at, _ in kafka.flushed}) > 3
    assert len({at for at, _ in kafka.flushed}) <= 1_500 / BATCH_MS + 2  # together where they come close together
    assert told[-1] == len(times) and told == sorted(told)


async def test_a_wish_to_stop_closes_the_broadcast_and_sends_nothing_more(clock, kafka):
    stop = asyncio.create_task(asyncio.sleep(0.05))
    start = clock()
    await Sending(kafka, "room", clock, nobody).send(records(start - 10, start + 10_000_000), stop)
    assert len(kafka.flushed) == 2
    last = orjson.loads(kafka.added[-1][1])
    assert (last["kind"], last["room"]) == ("closed", "room")
    assert start < last["at"] <= clock()


def nobody(_):
    """Nobody listens."""


async def test_a_wish_to_stop_is_heard_in_the_middle_of_a_long_history(clock, kafka):
    stop = asyncio.create_task(asyncio.sleep(0))
    start = clock()
    await Sending(kafka, "room", clock, nobody).send(records(*range(start - 100_000, start)), stop)
    assert len(kafka.added) < 2_000
    assert kinds(kafka) == ["closed"]


async def test_closes_only_once_and_never_before_its_last_event(clock, kafka):
    sending = Sending(kafka, "room", clock, nobody)
    start = clock()
    await sending.send(records(start - 10), never())
    await sending.close()
    await sending.close()
    assert kinds(kafka) == ["closed"]
    assert orjson.loads(kafka.added[-1][1])["at"] >= start - 10
