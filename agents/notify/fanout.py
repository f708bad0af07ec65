"""Reads `live.alerts` and posts each transition to the subscriptions that want it.

One watcher does it at a time, under a lease instead of a consumer group: taking over then needs no rebalance. Nothing depends on the lease
but the work done twice: a notice is posted once for its transition's id, and the progress is only ever raised.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from agents import topic_log
from streams.alerts import Transition
from streams.notices.selection import wants
from streams.notices.subscription import BadSubscription, Subscription, parse
from streams.store.port import Store, StoreAway
from streams.topics import ALERTS, Partition

log = logging.getLogger(__name__)

#: Not the name of any subscription.
SCOPE = "~.fanout"
LEASE_MS = 3_000
_PAUSE_SECONDS = 0.5
_POLL_MS = 500
_transitions = msgspec.json.Decoder(Transition)


class Fanout:
    """Posts notices while it has the lease; `posted` is called after each batch."""

    def __init__(self, kafka: str, store: Store, owner: str, posted: Callable[[], None]) -> None:
        self._kafka = kafka
        self._store = store
        self._owner = owner
        self._posted = posted
        self._said = False

    async def run(self) -> None:
        """Never returns."""
        while True:
            try:
                if await self._leads():
                    await self._read()
            except (KafkaError, StoreAway, OSError) as error:
                if not self._said:
                    self._said = True
                    log.warning("notices wait: %s", error if isinstance(error, StoreAway) else type(error).__name__)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def release(self) -> None:
        """Gives the lease back."""
        await self._store.leases.release([SCOPE], self._owner)

    async def _leads(self) -> bool:
        return bool(await self._store.leases.take([SCOPE], self._owner, LEASE_MS))

    async def _read(self) -> None:
        """Reads on from the progress until the lease is lost."""
        name = (await topic_log.read(self._kafka, [ALERTS])).get(ALERTS)
        if name is None:  # the topic is still to be created
            return
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._kafka,
            group_id=None,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=_POLL_MS,
            metadata_max_age_ms=10_000,
        )
        await consumer.start()
        try:
            places: set[TopicPartition] = set()
            while await self._leads():
                there = {TopicPartition(ALERTS, number) for number in await _partitions(consumer)}
                if there != places:
                    await self._assign(consumer, name, there)
                    places = there
                for place, records in (await consumer.getmany(timeout_ms=_POLL_MS)).items():
                    await self._post([record.value for record in records])
                    await self._store.raise_progress(name, Partition(ALERTS, place.partition), records[-1].offset + 1)
                self._said = False
        finally:
            await consumer.stop()

    async def _assign(self, consumer: Any, name: str, places: set[TopicPartition]) -> None:
        consumer.assign(sorted(places))
        known = await self._store.progress(name, [Partition(ALERTS, place.partition) for place in places])
        for place in places:
            if (offset := known.get(Partition(ALERTS, place.partition))) is not None:
                consumer.seek(place, offset)
            else:
                await consumer.seek_to_beginning(place)

    async def _post(self, values: Sequence[bytes | None]) -> None:
        subscriptions = list(readable(await self._store.notices.subscriptions()))
        notices = []
        for value in values:
            transition = _transition(value)
            if transition is None:
                continue
            text = msgspec.json.encode(transition).decode()
            notices += [(each.id, transition.id, text) for each in subscriptions if wants(each, transition)]
        if notices:
            await self._store.notices.post(notices)
            self._posted()


def readable(texts: dict[str, str]) -> Iterable[Subscription]:
    """Those that can be; a broken one is logged and passed over."""
    for name, text in texts.items():
        try:
            yield parse(text)
        except BadSubscription as error:
            log.error("subscription %s is broken: %s", name, error)


def _transition(value: bytes | None) -> Transition | None:
    try:
        return _transitions.decode(value or b"")
    except msgspec.MsgspecError as error:
        log.warning("a record of %s is no transition: %s", ALERTS, error)
        return None


async def _partitions(consumer: Any) -> Iterable[int]:
    await consumer.topics()
    return consumer.partitions_for_topic(ALERTS) or ()
