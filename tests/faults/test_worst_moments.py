"""Workers that die, or freeze, exactly where it is worst: between the store's answer and what should follow it."""

import asyncio
import random
import signal

import pytest

from tests.faults.feed import feeding
from tests.faults.nursery import SESSION_SECONDS
from tests.faults.stage import Stage
from tests.faults.worst import At, Moment
from tests.load import Load

DEATHS = 2
DEADLY = [at for at in At if at is not At.FROZEN]


@pytest.mark.parametrize("at", DEADLY, ids=lambda at: at.name.lower())
async def test_a_worker_that_dies_there_neither_loses_nor_doubles_anything(stage: Stage, at: At) -> None:
    chance = random.Random(at.value)
    async with feeding(stage.kafka, stage.store.url, Load(3)) as feed:
        async with feed.flowing():
            for _ in range(DEATHS):
                number = 1 if at is At.REBALANCE else chance.randint(1, 12)
                worker = stage.nursery.start(Moment(at, number), alone=True)
                assert await worker.ended() == -signal.SIGKILL, worker.says()[-2_000:]
        stage.nursery.start(alone=True)
        assert await feed.differences() == []


async def test_the_writes_of_a_worker_that_froze_and_woke_up_are_refused(stage: Stage) -> None:
    async with feeding(stage.kafka, stage.store.url, Load(4)) as feed:
        zombie = stage.nursery.start(Moment(At.FROZEN, 6))
        async with feed.flowing():
            while not zombie.frozen:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
            stage.nursery.start()
            await asyncio.sleep(2 * SESSION_SECONDS)
            await feed.caught_up()
            zombie.signal(signal.SIGCONT)
            async with asyncio.timeout(120):
                while "woke up" not in zombie.says():  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.1)
        assert await feed.differences() == []
    (told,) = (line for line in zombie.says().splitlines() if line.startswith("woke up"))
    assert "fenced" in told and "not fenced" not in told, told
