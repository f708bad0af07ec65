import asyncio

from agents import health
from agents.ending import Ending
from agents.health import Health
from streams.store.memory import MemoryStore
from streams.store.port import StoreAway
from streams.workers import ALIVE_SECONDS, FORGET_MS, Report, parse

NOW = 1_760_000_000_000


class Clock:
    now = NOW

    def __call__(self) -> int:
        return self.now


async def test_a_worker_reports_and_says_at_its_end_why(monkeypatch) -> None:
    monkeypatch.setattr(health, "_EVERY_SECONDS", 0.0)
    clock, ending = Clock(), Ending()
    store = MemoryStore(clock)
    await store.report("old", Report(NOW - FORGET_MS - 1, "ended").text(), 0)
    await store.report("late", Report(NOW - 1, "ended").text(), 0)
    running = asyncio.create_task(Health(store, "w", ending, lambda: ("stalled", "it stands"), clock).run())
    await asyncio.sleep(0.01)
    said = await store.reports()
    assert set(said) == {"w", "late"}
    assert (parse(said["w"][0]), said["w"][1]) == (Report(NOW, "stalled", "it stands"), True)
    clock.now += ALIVE_SECONDS * 1_000
    ending.line = "stopping"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    said = await store.reports()
    assert (parse(said["w"][0]), said["w"][1]) == (Report(clock.now, "ended", "stopping"), False)


async def test_a_store_that_is_away_ends_no_worker(monkeypatch) -> None:
    monkeypatch.setattr(health, "_EVERY_SECONDS", 0.0)
    tried = []

    class Away(MemoryStore):
        async def report(self, *what) -> None:
            tried.append(what)
            raise StoreAway("away")

    running = asyncio.create_task(Health(Away(), "w", Ending(), lambda: ("runs", ""), Clock()).run())
    await asyncio.sleep(0.01)
    assert len(tried) > 1 and not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
