"""Workers killed at random moments under load, and what that did to the figures."""

import asyncio
import random
import statistics
import time
from collections import deque
from dataclasses import dataclass, field

from streams.topics import Partition
from tests.faults.feed import Feed, feeding
from tests.faults.nursery import Worker
from tests.faults.stage import Stage
from tests.load import Load

#: Which of the workers are in a group of their own: two rivals that work on all partitions, so that the fences decide every chunk between
#: them. The third comes into a group that still waits for its predecessor.
PLACES = (True, True, False)
#: One worker in so many dies wherever it is, perhaps before it has joined the group; the others while they work.
EARLY = 4
EARLY_SECONDS, WORK_SECONDS = 2.0, 3.0
JOIN_SECONDS = 60.0
#: No backlog may take longer, even on a machine that is busy with other things.
CATCH_UP_SECONDS = 300.0


@dataclass
class Report:
    """What a run came to. `differences`: figures that are not what the events add up to. `catch_up_seconds`: for each kill, the time until
    all that stood in the log at that moment was applied. `behind`: the kills of which that is not so yet, with what stood in the log.
    """

    kills: int = 0
    working: int = 0
    events: int = 0
    seconds: float = 0.0
    differences: list[str] = field(default_factory=list)
    catch_up_seconds: list[float] = field(default_factory=list)
    behind: deque[tuple[float, dict[Partition, int]]] = field(default_factory=deque)

    def __str__(self) -> str:
        times = self.catch_up_seconds
        lines = [
            f"kills {self.kills} ({self.working} of them at work), events {self.events}, differences {len(self.differences)}",
            f"time to catch up after a kill: median {statistics.median(times):.1f} s, max {max(times):.1f} s",
            f"{self.seconds:.0f} s under load, {self.events / self.seconds:.0f} events/s",
        ]
        return "\n".join(lines + self.differences[:20])


async def kill_at_random(stage: Stage, kills: int, seed: int) -> Report:
    """Kills so many workers while events flow; each is followed by another at once."""
    begin, report = time.monotonic(), Report()
    async with feeding(stage.kafka, stage.store.url, Load(seed)) as feed:
        async with feed.flowing():
            catching_up = asyncio.create_task(_catch_up(feed, report))
            places = (_Place(stage, feed, alone, random.Random(seed * 10 + number)) for number, alone in enumerate(PLACES))
            await asyncio.gather(*(place.kill_until(report, kills) for place in places))
        report.seconds, report.events = time.monotonic() - begin, len(feed.load.records)
        await feed.applied(seconds=CATCH_UP_SECONDS)
        while report.behind:  # noqa: ASYNC110 - the task beside takes them off
            await asyncio.sleep(0.1)
        catching_up.cancel()
        report.differences = await feed.differences()
    return report


async def _catch_up(feed: Feed, report: Report) -> None:
    """Takes down, kill by kill, when all was applied that stood in the log at that moment; never returns."""
    while True:
        while report.behind and not await feed.left(report.behind[0][1]):
            began, _ = report.behind.popleft()
            report.catch_up_seconds.append(time.monotonic() - began)
        await asyncio.sleep(0.1)


class _Place:
    """One worker after the other."""

    def __init__(self, stage: Stage, feed: Feed, alone: bool, chance: random.Random) -> None:
        self._stage = stage
        self._feed = feed
        self._alone = alone
        self._chance = chance

    async def kill_until(self, report: Report, kills: int) -> None:
        """Kills until the report counts so many; leaves one alive."""
        while True:
            worker = self._stage.nursery.start(alone=self._alone)
            if report.kills >= kills:
                return
            report.kills += 1
            report.working += await self._let_live(worker)
            assert worker.status is None, worker.says()[-2_000:]
            worker.kill()
            report.behind.append((time.monotonic(), dict(self._feed.ends)))

    async def _let_live(self, worker: Worker) -> bool:
        """Returns when the worker shall die; whether it had something to work on."""
        if self._chance.randrange(EARLY) == 0:
            await asyncio.sleep(self._chance.uniform(0, EARLY_SECONDS))
        else:
            end = time.monotonic() + JOIN_SECONDS
            while "assigned" not in worker.says() and time.monotonic() < end:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
            await asyncio.sleep(self._chance.uniform(0, WORK_SECONDS))
        return "assigned" in worker.says()
