"""Keeps the embedded Kafka's log within its bounds: deletes what is saved, and refuses producers while that is not enough."""

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Collection
from pathlib import Path

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.errors import KafkaError

from agents import topic_log
from deploy.embedded import gate, retention, segments
from deploy.embedded.retention import Bounds
from deploy.embedded.segments import Segment
from deploy.problem import Problem
from streams.kafka.brokers import Brokers
from streams.store.port import Store, StoreAway
from streams.topics import ALL, INPUTS, Partition

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
_NO_LIMIT = 1 << 62


def check_room(directory: Path, bounds: Bounds) -> None:
    """A `Problem` where the disk of the directory is too full to begin."""
    if why := retention.refusal(0, _free(directory), bounds, refusing=False):
        raise Problem(f"the embedded Kafka cannot start in {directory}: {why}")


def refusing(directory: Path) -> str | None:
    """Why producers are refused there now; None: they are not."""
    note = _note(directory)
    return note.read_text("utf-8").strip() if note.exists() else None


class Janitor:
    """Of the broker in `directory`. `say` gets the lines that a person should see."""

    def __init__(self, directory: Path, kafka: Brokers, store: Store, bounds: Bounds, say: Callable[[str], None]) -> None:
        self._directory = directory
        self._kafka = kafka
        self._store = store
        self._bounds = bounds
        self._say = say
        self._deleted: dict[Partition, int] = {}
        self._refusing: bool | None = None  # not known: the last stack may have ended while it was

    async def run(self) -> None:
        """Never returns. What fails is tried again: a broker or store that is away is somebody else's to mend."""
        while True:
            try:
                await self.look()
            except (KafkaError, StoreAway, OSError) as error:
                log.debug("the log's bounds are looked at later (%s: %s)", type(error).__name__, error)
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """Looks once. Raises aiokafka's `KafkaError`, `StoreAway` and OSError."""
        found = await asyncio.to_thread(segments.read, self._directory / "log", {self._kafka.name(topic): topic for topic in ALL})
        kept = [each for each in found if each.until is None or each.until > self._deleted.get(each.partition, 0)]
        now_ms = time.time_ns() // 1_000_000
        cut = retention.cuts(kept, await self._saved(kept), self._bounds, now_ms)
        if cut:
            await self._delete(cut)
        left = sum(each.bytes for each in kept if each.until is None or each.until > cut.get(each.partition, 0))
        why = retention.refusal(left, _free(self._directory), self._bounds, refusing=bool(self._refusing))
        await (self._open() if why is None else self._close(why))

    async def _saved(self, kept: Collection[Segment]) -> dict[Partition, int]:
        """What nobody counts need not be saved."""
        ended = {each.partition for each in kept if each.until is not None}
        counted = [partition for partition in ended if partition.topic in INPUTS]
        saved = dict.fromkeys(ended - {*counted}, _NO_LIMIT)
        if counted:
            logs = await topic_log.read(self._kafka, INPUTS)
            saved |= await topic_log.progress(self._store, logs, counted)
        return saved

    async def _delete(self, cut: dict[Partition, int]) -> None:
        admin = AIOKafkaAdminClient(**self._kafka.client())
        await admin.start()
        try:
            await admin.delete_records(
                {TopicPartition(self._kafka.name(p.topic), p.number): RecordsToDelete(before_offset=offset) for p, offset in cut.items()}
            )
        finally:
            await admin.close()
        self._deleted |= cut
        log.info(
            "deleted, as saved and beyond the bounds: %s", ", ".join(f"{partition} before {offset}" for partition, offset in cut.items())
        )

    async def _close(self, why: str) -> None:
        _note(self._directory).write_text(f"{why}\n", encoding="utf-8")
        if not self._refusing:
            await gate.close(self._kafka, INPUTS)
            self._say(f"the embedded Kafka refuses producers: {why}")
            self._refusing = True

    async def _open(self) -> None:
        if self._refusing is not False:
            await gate.open_again(self._kafka, INPUTS)
            if self._refusing:
                self._say("the embedded Kafka takes records again")
            self._refusing = False
        _note(self._directory).unlink(missing_ok=True)


def _note(directory: Path) -> Path:
    return directory / "refusing"


def _free(directory: Path) -> int:
    return shutil.disk_usage(directory).free
