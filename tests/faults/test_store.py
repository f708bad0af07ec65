"""The store killed, away, and back without its last writes."""

import asyncio
import signal

import pytest

from agents.ending import RESTART
from tests.faults.feed import feeding
from tests.faults.lost import cut
from tests.faults.stage import Stage
from tests.load import Load

#: Some tenths of a second of the load: fewer could be writes that nobody had the answer to.
LOST_BYTES = 200_000


@pytest.fixture(autouse=True)
def _careful(stage: Stage) -> None:
    stage.store.client.config_set("appendfsync", "always")


async def test_a_store_that_is_killed_and_started_again_loses_nothing(stage: Stage) -> None:
    async with feeding(stage.kafka, stage.store.url, Load(5)) as feed:
        async with feed.flowing():
            crew = [stage.nursery.start(alone=True), stage.nursery.start(alone=True)]
            for _ in range(3):
                await feed.caught_up()
                await asyncio.sleep(0.5)
                stage.store.process.kill()
                await asyncio.sleep(0.5)
                stage.store.process.start()
        assert await feed.differences() == []
        assert [worker.status for worker in crew] == [None, None], "they wait for the store and need not be started again"


async def test_a_store_that_is_away_for_long(stage: Stage, away_seconds: float) -> None:
    async with feeding(stage.kafka, stage.store.url, Load(6)) as feed:
        async with feed.flowing():
            worker = stage.nursery.start()
            await feed.caught_up()
            stage.store.process.kill()
            await asyncio.sleep(away_seconds)
            stage.store.process.start()
        assert await feed.differences() == []
        assert worker.status is None, "it waits for the store and need not be started again"
        assert worker.says().count("the store is back") >= 1


async def test_a_store_that_comes_back_without_its_last_writes_is_noticed(stage: Stage) -> None:
    """As after a power cut with `appendfsync everysec`, or a failover to a replica that was behind."""
    async with feeding(stage.kafka, stage.store.url, Load(7)) as feed:
        async with feed.flowing():
            worker = stage.nursery.start()
            await feed.caught_up()
            await asyncio.sleep(2)
            stage.store.process.kill()
            cut(stage.store, LOST_BYTES)
            stage.store.process.start()
            await asyncio.sleep(1)
        assert await worker.ended() == RESTART, worker.says()[-2_000:]
        stage.nursery.start()
        assert await feed.differences() == []
        assert stage.nursery.logged("the store lost its last writes") >= 1


async def test_a_store_that_lost_its_last_writes_while_nobody_looked(stage: Stage) -> None:
    """A failover takes no longer than a moment: a worker may find the new server at once, and see no outage at all."""
    async with feeding(stage.kafka, stage.store.url, Load(8)) as feed:
        async with feed.flowing():
            worker = stage.nursery.start()
            await feed.caught_up()
            await asyncio.sleep(2)
            worker.signal(signal.SIGSTOP)
            stage.store.process.kill()
            cut(stage.store, LOST_BYTES)
            stage.store.process.start()
            await asyncio.to_thread(stage.store.wait)
            worker.signal(signal.SIGCONT)
            await asyncio.sleep(1)
        assert await worker.ended() == RESTART, worker.says()[-2_000:]
        stage.nursery.start()
        assert await feed.differences() == []
        assert stage.nursery.logged("the store lost its last writes") >= 1
