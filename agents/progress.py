"""Where each partition is taken up again: what the store says, checked against what the log still has.

Kafka's committed offsets are never asked. They may be ahead of the store (a crashed agent's acknowledgement still counts for Faust), and
then events would be lost; the store's progress is raised only after everything before it is applied.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

from agents import claims, topic_log
from agents.patience import Patience
from streams.store.port import Store
from streams.topics import Partition

log = logging.getLogger(__name__)


class LogMadeAnew(Exception):
    """A partition ends before the store's progress in it: these are not the records that were applied."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the log has of a partition: the records `first` … `end` - 1."""

    first: int
    end: int


def start(partition: Partition, progress: int | None, kept: Kept) -> int:
    """The offset to go on from. Logs what was lost to retention; raises `LogMadeAnew`."""
    if progress is None:
        return kept.first
    if progress > kept.end:
        raise LogMadeAnew(
            f"{partition} ends at {kept.end}, but {progress} of its records are applied: its log was cut, or (Kafka before 3.1) "
            "the topic was created anew. "
            "Going on would hide new events behind old fences. Give the agents and screens an empty store (another database in "
            "LIVESCREEN_REDIS, or clear this one): all that the log still holds is then counted again"
        )
    if progress < kept.first:
        log.error(
            "%s: %d records were deleted by retention before they were applied (%d to %d); going on at %d. Raise the topic's retention.ms",
            partition, kept.first - progress, progress, kept.first - 1, kept.first,
        )  # fmt: skip
        return kept.first
    return progress


class Progress:
    """The progress of this worker's partitions. `read_logs` gives the log of each of the topics as it is now, see `agents.topic_log`."""

    def __init__(self, store: Store, patience: Patience, read_logs: Callable[[Collection[str]], Awaitable[Mapping[str, str]]]) -> None:
        self._store = store
        self._patience = patience
        self._read_logs = read_logs
        #: Topic → log at the last assignment; empty before the first.
        self.logs: Mapping[str, str] = {}
        #: The partitions of the last assignment.
        self.assigned: frozenset[Partition] = frozenset()
        #: What the store said of them then; those of which it knew nothing are left out.
        self.taken_up: Mapping[Partition, int] = {}

    async def starts(
        self, partitions: Collection[Partition], read_kept: Callable[[], Awaitable[Mapping[Partition, Kept]]]
    ) -> dict[Partition, int]:
        """Where to go on in each of the partitions just assigned. Waits while the store is away; raises `LogMadeAnew`.

        `read_kept` says what the log has of them. It is asked last: a worker that stands still in between, while others go on, must not
        hold their progress against an end of long ago.
        """
        # Read anew each time: by now another cluster may answer here, or a topic be another one, where old progress means nothing.
        self.logs = logs = await self._read_logs({partition.topic for partition in partitions})
        self.assigned = frozenset(partitions)
        log.info("assigned %d partitions of %s", len(partitions), ", ".join(f"{topic} ({name})" for topic, name in sorted(logs.items())))
        for topic in sorted(logs):
            await self._note(topic, logs[topic])
        await claims.check(self._store, self._patience, {partition: logs[partition.topic] for partition in partitions})
        self.taken_up = known = await self._patience.until_done(lambda: topic_log.progress(self._store, logs, list(partitions)))
        kept = await read_kept()
        return {partition: start(partition, known.get(partition), kept[partition]) for partition in partitions}

    async def _note(self, topic: str, name: str) -> None:
        """Remembers the topic's log; says so when the topic was another one before."""
        known = await self._patience.until_done(lambda: self._store.logs(topic))
        if name in known:
            return
        before = [each for each in known if topic_log.is_made_anew(each, name)]
        if before:
            log.warning(
                "%s WAS MADE ANEW: it is %s, and was %s. All that is in it counts beside what was counted of the old one; if the same "
                "events were sent again, they count twice, unless agents and screens are given an empty store",
                topic, name, before[0],
            )  # fmt: skip
        await self._patience.until_done(lambda: self._store.note_log(topic, name))
