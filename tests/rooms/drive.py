"""A worker as the agents are one: reads what a chunk needs, folds it, applies it, and does what a refusal says."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from typing import Any

from streams import board, fold, keys
from streams.board_rules import BoardRules
from streams.change import Position
from streams.events import Event
from streams.names import DEFAULTS, Names
from streams.store.memory import MemoryStore
from streams.store.port import Applied, Fenced, Outcome, State, Store
from streams.store.view import RoomView
from streams.topics import Partition
from streams.violations import Inspector
from tests.rooms.build import NOW, ROOM

Batch = list[tuple[int, Event]]


class Worker:
    """Folds chunks into a store, by a clock that stands at `now_ms`. `refusals` counts what the store refused."""

    def __init__(self, store: Store, now_ms: int = NOW) -> None:
        self.store, self.now_ms = store, now_ms
        self.refusals: dict[str, int] = {}
        self.inspector: Inspector | None = None
        self.arrived_ms = 0
        self.bounds = DEFAULTS

    async def deliver(self, partition: Partition, batch: Batch, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        """Applies one chunk. `meanwhile`: what happens between the first reading and the first applying."""
        rooms: dict[str, Batch] = {}
        for offset, event in batch:
            rooms.setdefault(event.room, []).append((offset, event))
        while rooms:
            names = await self._names(partition, rooms)
            states = await self.store.read(fold.wants(partition.topic, rooms, names=names), fold.GUARDS[partition.topic])
            for room, held in names.items():
                states.setdefault(room, State()).names = held
            if meanwhile is not None:
                await meanwhile()
                meanwhile = None
            changes = [self._fold(partition, room, events, states[room]) for room, events in rooms.items()]
            outcomes = await self.store.apply(changes)
            rooms = {
                room: left for (room, events), outcome in zip(rooms.items(), outcomes, strict=True) if (left := self._left(events, outcome))
            }

    async def _names(self, partition: Partition, rooms: dict[str, Batch]) -> dict[str, Names]:
        key = keys.names(partition.topic, partition.number)
        held = await self.store.read({room: {key: None} for room in rooms}, ())
        return {room: Names(held[room].hashes[key], self.bounds) for room in rooms}

    def _fold(self, partition: Partition, room: str, batch: Batch, state: State) -> Any:
        position = Position("log", partition, batch[0][0], batch[-1][0], arrived_ms=self.arrived_ms)
        return fold.fold(partition.topic, room, batch, state, position, self.now_ms, self.inspector)

    def _left(self, batch: Batch, outcome: Outcome) -> Batch:
        if isinstance(outcome, Applied):
            return []
        name = type(outcome).__name__
        self.refusals[name] = self.refusals.get(name, 0) + 1
        return [(offset, event) for offset, event in batch if offset > outcome.upto] if isinstance(outcome, Fenced) else batch


class Room:
    """One room in a store in memory, for tests that send it a few events and look at its board."""

    def __init__(self, name: str = ROOM) -> None:
        self.clock = NOW
        self.store = MemoryStore(lambda: self.clock)
        self.worker = Worker(self.store)
        self.name = name
        self.view = RoomView(self.store, name)
        self._next: dict[Partition, int] = {}

    async def send(self, *events: Event) -> None:
        """Sends events in this order; those of one topic that follow each other are one chunk."""
        for topic, some in groupby(events, key=lambda event: event.topic):
            partition, chunk = Partition(topic, 0), list(some)
            first = self._next.get(partition, 0)
            self._next[partition] = first + len(chunk)
            await self.worker.deliver(partition, list(enumerate(chunk, first)))

    async def send_each(self, *events: Event) -> None:
        """Sends events in this order, each as a chunk of its own."""
        for event in events:
            await self.send(event)

    async def board(self, now_ms: int | None = None, rules: BoardRules | None = None) -> dict[str, Any]:
        """The room's board."""
        self._turn_to(now_ms)
        await self.view.refresh(self.clock)
        return board.build(self.view.material, self.clock, rules or BoardRules())

    async def minutes(self, now_ms: int | None = None) -> dict[int, dict[str, Any]]:
        """When a minute began → its row."""
        self._turn_to(now_ms)
        await self.view.refresh(self.clock)
        return {row["at"]: row for row in board.minutes(self.view.material, 0, 2**60, self.clock)}

    async def product(self, name: str = "p", now_ms: int | None = None) -> dict[str, Any]:
        """A product's row of the board."""
        rows: Sequence[dict[str, Any]] = (await self.board(now_ms))["products"]
        return next(row for row in rows if row["product"] == name)

    async def kept(self, key: str) -> dict[str, str]:
        """A hash of the room as it is stored."""
        return (await self.store.hashes(self.name, [key]))[0]

    def _turn_to(self, now_ms: int | None) -> None:
        if now_ms is not None:
            self.clock = self.worker.now_ms = now_ms
