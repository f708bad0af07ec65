"""kill -9 at random moments, and workers that come and go: the figures stay exact."""

import asyncio
import random
import signal

from tests.faults.feed import feeding
from tests.faults.kills import kill_at_random
from tests.faults.stage import Stage
from tests.load import Load

KILLS = 50
#: A group may come to a standstill (see `agents.stall`); here that must be over soon.
STALLED_SECONDS = 10.0


async def test_fifty_kills_at_random_moments(stage: Stage) -> None:
    report = await kill_at_random(stage, KILLS, seed=1)
    print(report)
    assert report.kills == KILLS
    assert report.differences == []


async def test_two_workers_join_and_leave_all_the_time(stage: Stage) -> None:
    chance = random.Random(2)
    mending = asyncio.create_task(stage.nursery.mend(stalled_seconds=STALLED_SECONDS))
    async with feeding(stage.kafka, stage.store.url, Load(2)) as feed:
        async with feed.flowing():
            crew = [stage.nursery.start(stalled_seconds=STALLED_SECONDS) for _ in range(2)]
            for number in range(8):
                await asyncio.sleep(chance.uniform(0.5, 3.0))
                leaving = crew[number % 2]
                leaving.signal(signal.SIGTERM)
                crew[number % 2] = stage.nursery.start(stalled_seconds=STALLED_SECONDS)
                assert await leaving.ended() == 0, leaving.says()[-2_000:]
        assert await feed.differences() == []
    mending.cancel()
