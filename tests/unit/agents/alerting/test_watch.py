"""The survey of a watcher, over the store in memory."""

import asyncio
from collections.abc import Iterable
from typing import Any

from agents.alerting.backlog import Backlog
from agents.alerting.rules_file import RulesFile
from agents.alerting.watch import Watch
from streams import keys
from streams.change import Change, Position
from streams.products import BoardRules
from streams.store.desk import AlertStep, Saved
from streams.store.memory import MemoryStore
from streams.topics import VIEWS, Partition

NOW = 1_700_000_000_000


class Teller:
    """Tells at once what waits in the rooms it is woken for."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.told: list[str] = []
        self.done = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    def wake(self, rooms: Iterable[str]) -> None:
        self.tasks.append(asyncio.create_task(self._tell(list(rooms))))

    async def _tell(self, rooms: list[str]) -> None:
        for room, waiting in (await self.store.alerts.untold(rooms, 10)).items():
            self.told += [one.text for one in waiting]
            await self.store.alerts.told(room, waiting[-1].number)
            self.done.set()


async def test_what_a_person_did_is_told_though_no_rule_has_anything_to_say() -> None:
    store = MemoryStore(lambda: NOW)
    change = Change("room", Position("log", Partition(VIEWS, 0), 0, 0))
    change.set(keys.FACTS, keys.as_of(VIEWS), str(NOW))
    await store.apply([change])
    teller: Any = Teller(store)
    watch = Watch(store, "one", RulesFile(None), BoardRules(), Backlog("-", store, lambda: NOW), teller, lambda: NOW)
    survey = asyncio.create_task(watch.survey())
    while "room" not in watch.rooms.led:  # noqa: ASYNC110 (the survey has no event for it)
        await asyncio.sleep(0.01)

    assert isinstance(await store.alerts.save(AlertStep("room", 0, None, {"k": "{}"}, ["acknowledged"])), Saved)

    await asyncio.wait_for(teller.done.wait(), 5)
    survey.cancel()
    assert teller.told == ["acknowledged"]
