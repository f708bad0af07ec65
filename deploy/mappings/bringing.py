"""`livescreen import FILE --mapping M`: each row of a table through a mapping into Kafka; what was sent before is not sent again."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from agents.topics import create_missing
from deploy import cluster, sender
from deploy.mappings import tables
from deploy.mappings.reading import mapping
from deploy.problem import Problem
from deploy.reach import wait_for_kafka
from deploy.settings import Settings
from streams.events import FUTURE_MS
from streams.intake.repeats import Repeats
from streams.mapping import Failed, Mapping, Source, apply
from streams.mapping.judging import records
from streams.room_names import RULE, is_room
from streams.store.redis.client import Client
from streams.topics import WRITABLE

_AT_ONCE = 500
#: So many lines about rows that cannot be taken; the rest are counted.
_MOST_LINES = 20


@dataclass
class Brought:
    """What came of a file: events written, events that were there before, rows that could not be taken."""

    sent: int = 0
    repeated: int = 0
    wrong: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Event:
    topic: str
    room: str
    id: str
    raw: bytes


def run(settings: Settings, data: Path, file: Path, name: str, room: str, source: str) -> None:
    """Sends a file's rows, and prints how many events came of them; exits with 1 when a row could not be taken."""
    if room and not is_room(room):
        raise Problem(f"--room must be {RULE}, not {room!r}", status=2)
    if not tables.is_table(file):
        raise Problem(f"{file}: must be a CSV or XLSX file", status=2)
    found = mapping(name)
    place = cluster.find(settings, data)
    brought = asyncio.run(_bring(settings, place, found, name, file, Source(source, room=room)))
    print(f"sent {brought.sent}, there before {brought.repeated}, wrong {brought.wrong.total()}")
    if brought.wrong:
        raise SystemExit(1)


async def _bring(settings: Settings, place: cluster.Cluster, found: Mapping, name: str, file: Path, source: Source) -> Brought:
    await wait_for_kafka(place.kafka, 0)
    await create_missing(place.kafka, settings.partitions, settings.retention_hours)
    client = Client(place.redis)
    brought = Brought()
    try:
        repeats = Repeats(client, _now_ms)
        async with sender.connect(place.kafka, WRITABLE) as to_kafka:
            batch: list[_Event] = []
            for event in _events(found, name, file, source, brought):
                batch.append(event)
                if len(batch) == _AT_ONCE:
                    await _send(batch, source, repeats, to_kafka, brought)
                    batch = []
            await _send(batch, source, repeats, to_kafka, brought)
    finally:
        await client.close()
    return brought


def _events(found: Mapping, name: str, file: Path, source: Source, brought: Brought) -> Iterator[_Event]:
    for number, row in tables.rows(file):
        try:
            drafts = apply(found, row, source=source)
        except Failed as error:
            _say(brought, f"{file.name}:{number}", f"{name}:{error.line}: {error.reason}")
            continue
        for draft in drafts:
            if draft.room is None:
                _say(brought, f"{file.name}:{number}", f"{name}:{draft.line}: a file binds no room: say `room: source.room`, and --room")
                continue
            for made in records(draft, draft.room, _now_ms() + FUTURE_MS):
                if made.why is None:
                    yield _Event(made.topic, made.room, made.id, made.raw)
                else:
                    _say(brought, f"{file.name}:{number}", f"{name}:{draft.line}: {made.why.reason}: {made.why.detail}")


async def _send(batch: list[_Event], source: Source, repeats: Repeats, to_kafka: sender.Sender, brought: Brought) -> None:
    """Those that were not taken before: kept as taken once Kafka has them. The room is part of what they are known by."""
    for topic in dict.fromkeys(each.topic for each in batch):
        of_topic = {f"{each.room} {each.id}": each for each in batch if each.topic == topic}
        letters = await repeats.claim(f"import:{source.name}", topic, list(of_topic))
        if "u" in letters:
            raise Problem("the same rows are being imported by another command, or one was killed just now: try again in 30 s")
        fresh = [name for name, letter in zip(of_topic, letters, strict=True) if letter == "n"]
        try:
            for name in fresh:
                await to_kafka.add(topic, of_topic[name].room.encode(), of_topic[name].raw)
            await to_kafka.flush()
        except BaseException:
            await repeats.drop(f"import:{source.name}", topic, fresh)
            raise
        await repeats.keep(f"import:{source.name}", topic, fresh)
        brought.sent += len(fresh)
        brought.repeated += sum(each.topic == topic for each in batch) - len(fresh)


def _say(brought: Brought, place: str, why: str) -> None:
    brought.wrong[place] += 1
    if brought.wrong.total() <= _MOST_LINES:
        print(f"{place}: {why}", file=sys.stderr)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
