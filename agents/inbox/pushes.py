"""One message of a platform, until its events are in the log or it is a dead letter."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from aiokafka.errors import KafkaError

from agents.chunk import Bad
from agents.inbox.lookups import Failed as LookupFailed
from agents.inbox.lookups import Lookups
from agents.inbox.rooms import Rooms
from agents.inbox.sending import KafkaSender
from agents.rejects.letters import letter
from streams import mapping as mappings
from streams.events import FUTURE_MS, Rejected
from streams.intake import taking
from streams.intake.repeats import Repeats
from streams.intake.taking import Entry, Unfinished
from streams.mapping import Draft
from streams.mapping import Mapping as EventMapping
from streams.mapping.judging import records
from streams.platforms import inbox
from streams.platforms.base import Unreadable, fields_of
from streams.platforms.inbox import Received
from streams.platforms.sources import Sender
from streams.store.port import StoreAway
from streams.topics import DEAD_LETTERS, Partition

log = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.2, 10.0
_MINUTE_MS = 60_000
#: Kafka or the store is away: the message is tried again.
_WAITS = (StoreAway, Unfinished, KafkaError, OSError, TimeoutError)


class GivenUp(Exception):
    """It becomes a dead letter. `reason` as in the letter; `detail` in one line."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


class NotYet(Exception):
    """Something may still come; the text says what."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record of live.inbox. `arrived_ms`: when it came into the log."""

    partition: int
    offset: int
    value: bytes | None
    arrived_ms: int

    @property
    def timestamp(self) -> int | None:
        """As of a record."""
        return self.arrived_ms


class Pushes:
    """Works on messages. `patience_ms`: so long after it came a message's look-up is tried and its room waited for."""

    def __init__(
        self,
        senders: Mapping[str, Sender],
        of: Mapping[str, EventMapping],
        lookups: Lookups,
        rooms: Rooms,
        repeats: Repeats,
        to_kafka: KafkaSender,
        clock: Callable[[], int],
        patience_ms: float,
    ) -> None:
        self._senders, self._mappings, self._lookups, self._rooms = senders, of, lookups, rooms
        self._repeats, self._to_kafka, self._clock, self._patience_ms = repeats, to_kafka, clock, patience_ms

    async def work(self, record: Arrived) -> str:
        """Returns when the message is done: "sent", "nothing" or the reason of its dead letter. Never raises but when it is cancelled."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return await self._try(record)
            except NotYet as error:
                log.debug("%d:%d waits: %s", record.partition, record.offset, error)
            except _WAITS as error:
                log.warning("live.inbox:%d:%d waits for Kafka or the store: %s", record.partition, record.offset, type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def give_up(self, record: Arrived, reason: str, detail: str) -> None:
        """Writes the dead letter. Raises `Unfinished`."""
        bad = Bad(record, Rejected(reason, detail))
        raw = letter(Partition(inbox.TOPIC, record.partition), bad, self._clock())
        key = f"{inbox.TOPIC}:{record.partition}:{record.offset}"
        if not all(await self._to_kafka.send_many([(DEAD_LETTERS, key, raw)])):
            raise Unfinished(under_way=False)

    async def _try(self, record: Arrived) -> str:
        try:
            return await self._judged(record)
        except GivenUp as error:
            await self.give_up(record, error.reason, error.detail)
            log.warning("live.inbox:%d:%d is a dead letter: %s", record.partition, record.offset, error.reason)
            return error.reason

    async def _judged(self, record: Arrived) -> str:
        """As `_events`; what only a bug can raise gives the message up: tried again it would stop all sources, skipped it would be lost."""
        try:
            return await self._events(record)
        except (*_WAITS, GivenUp, NotYet):
            raise
        except Exception as error:
            log.exception("live.inbox:%d:%d met a fault of ours", record.partition, record.offset)
            raise GivenUp("fault", f"{type(error).__name__}; the log has the rest") from None

    async def _events(self, record: Arrived) -> str:
        received = inbox.decode(record.value or b"")
        if received is None:
            raise GivenUp("not-json", "no record of a push")
        sender = self._senders.get(received.source)
        if sender is None:
            raise GivenUp("unknown-source", f"no source is called {received.source[:64]}")
        late = self._clock() - record.arrived_ms > self._patience_ms
        drafts = await self._drafts(sender, received, late)
        entries, wrong = [], list[str]()
        for draft in drafts:
            for made in records(draft, await self._room(draft, late), self._clock() + FUTURE_MS):
                if made.why is None:
                    entries.append(Entry(draft.line, made.topic, made.room, made.id, made.raw))
                else:
                    wrong.append(f"line {draft.line}: {made.why.reason}: {made.why.detail}")
        if entries:
            await taking.take(entries, sender.key, self._repeats, self._to_kafka)
        if wrong:
            raise GivenUp("not-mapped", f"{len(wrong)} of {len(wrong) + len(entries)} events are none; {wrong[0]}"[:400])
        return "sent" if entries else "nothing"

    async def _drafts(self, sender: Sender, received: Received, late: bool) -> list[Draft]:
        try:
            payload = fields_of(msgspec.json.decode(received.payload))
            detail = await self._lookups.detail(sender, payload)
        except (msgspec.DecodeError, RecursionError):
            raise GivenUp("not-json", "its payload is not JSON") from None
        except Unreadable as error:
            raise GivenUp("not-readable", str(error)) from None
        except LookupFailed as error:
            if late:
                raise GivenUp("lookup-failed", str(error)) from None
            raise NotYet(str(error)) from None
        push: dict[str, Any] = {"id": received.id, "at": received.at}
        try:
            return mappings.apply(self._mappings[sender.name], payload, detail, received.headers, sender.said, push)
        except mappings.Failed as error:
            raise GivenUp("not-mapped", str(error)[:400]) from None

    async def _room(self, draft: Draft, late: bool) -> str:
        if draft.room is not None:
            return draft.room
        if not draft.account:
            raise GivenUp("no-room", "the push names no room, and its source no account")
        if (room := await self._rooms.at(draft.account, draft.bound_at)) is not None:
            return room
        # `opened` may be on its way, or told later by hand.
        if late:
            raise GivenUp("no-room", f"the account {draft.account[:64]} had no room open at {draft.bound_at}")
        raise NotYet("no room is open")
