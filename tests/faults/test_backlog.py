"""A backlog, and a store that is slower than the log: memory stays bounded, and nothing is lost."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.feed import feeding
from tests.faults.nursery import Worker
from tests.faults.stage import Stage
from tests.load import Load
from tests.servers.redis import Server

#: BACKLOG=2000000 in the environment for the long run.
EVENTS = int(os.environ.get("BACKLOG", "200000"))
#: A worker holds per partition at most: chunks that wait, the one in hand, the one that was fetched, each of `poll_records`; and the places
#: of users that it remembers. Here that is a fraction of the backlog, which would take 150 MiB and more (2,000,000 events: 1.5 GiB).
POLL_RECORDS = int(os.environ.get("POLL_RECORDS", "500"))
MOST_MIB = 100 if POLL_RECORDS <= 500 else 400
#: What the slowest machine needs, and a store that stands still three quarters of the time.
CATCH_UP_SECONDS = 90 + EVENTS / 2_000
#: The store works for so long, and then stands still for so long.
WORKS_SECONDS, STANDS_SECONDS = 0.1, 0.3
SLOW_SECONDS = 8.0


async def test_a_backlog_before_a_slow_store_is_caught_up_in_bounded_memory(stage: Stage) -> None:
    async with feeding(stage.kafka, stage.store.url, Load(10)) as feed:
        for _ in range(EVENTS // 10_000):
            await feed.send(10_000)
        worker = stage.nursery.start(alone=True, poll_records=POLL_RECORDS)
        async with asyncio.timeout(120):
            while "assigned" not in worker.says():  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)
        before = worker.resident_mib
        with watched(worker) as seen:
            with slowed(stage.store):
                await asyncio.sleep(SLOW_SECONDS)
            took = await feed.applied(seconds=CATCH_UP_SECONDS)
            assert await feed.differences() == []
    print(f"{EVENTS} events in {SLOW_SECONDS + took:.0f} s; {before:.0f} MiB at the start, {max(seen):.0f} at the most")
    assert max(seen) - before < MOST_MIB


@contextmanager
def slowed(store: Server) -> Iterator[None]:
    """A store that stands still most of the time, until the block ends."""

    async def slow_down() -> None:
        while True:
            await asyncio.to_thread(store.client.client_pause, int(STANDS_SECONDS * 1_000), all=False)
            await asyncio.sleep(STANDS_SECONDS + WORKS_SECONDS)

    slowing = asyncio.create_task(slow_down())
    try:
        yield
    finally:
        slowing.cancel()


@contextmanager
def watched(worker: Worker) -> Iterator[list[float]]:
    """The worker's memory in MiB, looked at all along until the block ends."""
    seen = [worker.resident_mib]

    async def look() -> None:
        while True:
            seen.append(worker.resident_mib)
            await asyncio.sleep(0.05)

    looking = asyncio.create_task(look())
    try:
        yield seen
    finally:
        looking.cancel()
