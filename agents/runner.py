"""Applies a chunk to the store: exactly once, whatever dies.

The store refuses a change that overlaps what it has (`Fenced`) or was folded against a state that is no more (`Moved`); then the rest is
folded again. A store that lost earlier changes (`Lost`) is a matter of `agents.acknowledged`. Only when every room of a chunk is in, and
Kafka has its dead letters, the partition's progress is raised.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from agents import remembered
from agents.acknowledged import Acknowledged
from agents.chunk import Chunk, Events, decode_all
from agents.ending import Ending
from agents.gauges import Gauges
from agents.known_names import KnownNames, key
from agents.patience import Patience
from agents.rejects.dead_letters import DeadLetters
from agents.steps import Steps
from agents.turns import Turns
from streams.change import Change, Position
from streams.fold import GUARDS, fold, wants
from streams.names import DEFAULTS, Bounds, Names
from streams.store.port import Applied, Fenced, Lost, Moved, State, Store
from streams.topics import INPUTS, VIEWS
from streams.violations import Inspector

log = logging.getLogger(__name__)


class Runner:
    """Applies chunks of any partition, those of one partition in order. `clock_ms`: Unix ms; `inspector`: finds violations in texts."""

    def __init__(
        self,
        store: Store,
        dead_letters: DeadLetters,
        ending: Ending,
        gauges: Gauges,
        patience: Patience,
        clock_ms: Callable[[], int],
        inspector: Inspector | None = None,
        bounds: Bounds = DEFAULTS,
    ) -> None:
        self._store = store
        self._dead_letters = dead_letters
        self._ending = ending
        self._gauges = gauges
        self._patience = patience
        self._clock_ms = clock_ms
        self._inspector = inspector
        self._acknowledged = Acknowledged(store, patience, ending)
        self._remembered = remembered.Remembered()
        self._names = KnownNames(bounds)
        self._turns = {topic: Turns() for topic in INPUTS}

    async def apply(self, chunk: Chunk) -> None:
        """Returns when all of the chunk is applied. Waits while the store is away."""
        started = perf_counter()
        fresh = self._without_done(chunk)
        if fresh is None:
            return
        rooms, bad, mended = decode_all(fresh, self._clock_ms())
        await self._acknowledged.meet(fresh, rooms)
        async with self._turns[chunk.partition.topic].of(rooms):
            left, steps = rooms, Steps()
            while left:
                left = await self._try_rooms(fresh, left, steps)
            self._names.shrink(rooms, self._clock_ms())
        summarised = await self._dead_letters.send(fresh, bad)
        await self._acknowledged.raise_progress(fresh, rooms)
        self._gauges.applied(fresh, bad, perf_counter() - started)
        self._gauges.kept_less(chunk.partition.topic, summarised, mended)

    def _without_done(self, chunk: Chunk) -> Chunk | None:
        """What this worker has not applied yet; None if it has all.

        A rebalance brings back the chunk that was in hand. The fences would refuse its events too, but not its dead letters.
        """
        done = self._acknowledged.progress(chunk)
        if chunk.next <= done:
            return None
        if not chunk.records or chunk.records[0].offset >= done:
            return chunk
        return replace(chunk, records=[record for record in chunk.records if record.offset >= done])

    async def _try_rooms(self, chunk: Chunk, rooms: dict[str, Events], steps: Steps) -> dict[str, Events]:
        """One attempt on all rooms at once; returns what is left to do. If an answer was lost on the way, the fence answers next time."""
        positions = {room: self._position(chunk, room, events) for room, events in rooms.items()}
        known = await self._meet_names(chunk, rooms)
        states = await self._read(chunk.partition.topic, rooms, positions, known)
        now_ms = self._clock_ms()
        changes, taken = [], []
        for room, events in rooms.items():
            state = states.setdefault(room, State())
            state.names = known[room]
            change, part = steps.next(room, events, self._folding(chunk, room, state, now_ms))
            changes.append(change)
            taken.append(part)
        outcomes = await self._patience.until_done(lambda: self._store.apply(changes))
        left: dict[str, Events] = {}
        for (room, events), part, change, outcome in zip(rooms.items(), taken, changes, outcomes, strict=True):
            if isinstance(outcome, Lost):
                await self._acknowledged.lost(chunk)
            rest = events
            if isinstance(outcome, Applied | Fenced):
                upto = outcome.upto if isinstance(outcome, Fenced) else part[-1][0]
                self._acknowledged.note(chunk, room, upto)
                rest = [each for each in events if each[0] > upto]
            if isinstance(outcome, Applied):
                self._remembered.applied(change, states.get(room))
                self._names.applied(known[room], change)
                self._warn(chunk, room, change.naming.full)
            else:
                self._names.refused(chunk, room)
                self._remembered.refused(room, isinstance(outcome, Moved))
            if rest:
                left[room] = rest
        return left

    def _position(self, chunk: Chunk, room: str, events: Events) -> Position:
        arrived_ms = chunk.arrived_ms(self._clock_ms())
        return Position(chunk.log, chunk.partition, events[0][0], events[-1][0], self._acknowledged.fence(chunk, room), arrived_ms)

    def _folding(self, chunk: Chunk, room: str, state: State, now_ms: int) -> Callable[[Events], Change]:
        """What folds events of the room against its state."""

        def run(events: Events) -> Change:
            return fold(chunk.partition.topic, room, events, state, self._position(chunk, room, events), now_ms, self._inspector)

        return run

    async def _meet_names(self, chunk: Chunk, rooms: dict[str, Events]) -> dict[str, Names]:
        """Room → its names, of these rooms and others; those not met since the partition was taken up are read."""
        known = self._names.rooms(chunk)
        if not (new := [room for room in rooms if room not in known]):
            return known
        wanted = {room: {key(chunk): None} for room in new}
        read = await self._patience.until_done(lambda: self._store.read(wanted, ()))
        self._names.learn(known, {room: read[room].hashes[key(chunk)] for room in new})
        return known

    @staticmethod
    def _warn(chunk: Chunk, room: str, full: set[str]) -> None:
        if full:
            line = "what comes beyond counts in every total, and stands under `overflow` (of scenes, minutes and notes: is not kept)"
            log.warning("room %s has as many names as it may from %s: %s; %s", room, chunk.partition, ", ".join(sorted(full)), line)

    async def _read(
        self, topic: str, rooms: dict[str, Events], positions: dict[str, Position], names: dict[str, Names]
    ) -> dict[str, State]:
        memories = self._remembered.of(positions, rooms) if topic == VIEWS else {}
        wanted = wants(topic, rooms, {room: memory.places for room, memory in memories.items()}, names)
        read = await self._patience.until_done(lambda: self._store.read(wanted, GUARDS[topic])) if wanted else {}
        return remembered.states(memories, wanted, read) if topic == VIEWS else read
