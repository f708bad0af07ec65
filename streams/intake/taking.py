"""From entries to the log: each claimed, sent, and kept as taken once Kafka has acknowledged it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from streams.intake.repeats import Repeats
from streams.store.port import StoreAway


@dataclass(frozen=True, slots=True)
class Entry:
    """What may be written: the record's key is `room`, its bytes are `raw`. `line`: where it stood in what was sent, from 1."""

    line: int
    topic: str
    room: str
    id: str
    raw: bytes


class Sender(Protocol):
    """Writes many records to Kafka."""

    async def send_many(self, records: Sequence[tuple[str, str, bytes]]) -> list[bool]:
        """Which of the records (topic, key, value) all in-sync replicas have; of the others it is unknown. Keeps the order of each key."""


class Unfinished(Exception):
    """Not all is in the log; what is counts as repeated when the same request comes again. `under_way`: another request sends it."""

    def __init__(self, under_way: bool) -> None:
        super().__init__("under way" if under_way else "not acknowledged")
        self.under_way = under_way


@dataclass(slots=True)
class Taken:
    """What came of a request: how many events of each topic are in the log, and how many were there before."""

    accepted: Counter[str] = field(default_factory=Counter)
    repeated: int = 0


async def take(entries: Sequence[Entry], source: str, repeats: Repeats, sender: Sender) -> Taken:
    """Writes the entries that were not taken before; returns once Kafka has acknowledged all. Raises `Unfinished` and `StoreAway`.

    source   who sends: the same id of the same source and topic is the same event
    """
    taken = Taken()
    claimed: list[Entry] = []
    try:
        for topic, (fresh, repeated) in _by_topic(entries).items():
            letters = await repeats.claim(source, topic, [each.id for each in fresh])
            claimed += [each for each, letter in zip(fresh, letters, strict=False) if letter == "n"]
            taken.repeated += repeated + letters.count("r")
            if "u" in letters:
                raise Unfinished(under_way=True)
    except BaseException:
        await _give_back(repeats, source, claimed)
        raise
    try:
        sent = await sender.send_many([(each.topic, each.room, each.raw) for each in claimed])
    except BaseException:
        await _give_back(repeats, source, claimed)
        raise
    await _keep(repeats, source, [each for each, done in zip(claimed, sent, strict=True) if done])
    taken.accepted.update(each.topic for each, done in zip(claimed, sent, strict=True) if done)
    if not all(sent):
        await _give_back(repeats, source, [each for each, done in zip(claimed, sent, strict=True) if not done])
        raise Unfinished(under_way=False)
    return taken


def _by_topic(entries: Sequence[Entry]) -> dict[str, tuple[list[Entry], int]]:
    """Topic → its entries, each id once, and how many more there were of the same ids."""
    first: dict[str, dict[str, Entry]] = defaultdict(dict)
    count: Counter[str] = Counter()
    for each in entries:
        first[each.topic].setdefault(each.id, each)
        count[each.topic] += 1
    return {topic: (list(found.values()), count[topic] - len(found)) for topic, found in first.items()}


async def _keep(repeats: Repeats, source: str, entries: Sequence[Entry]) -> None:
    for topic, ids in _ids(entries).items():
        await repeats.keep(source, topic, ids)


async def _give_back(repeats: Repeats, source: str, entries: Sequence[Entry]) -> None:
    with suppress(StoreAway):  # the claims lapse by themselves
        for topic, ids in _ids(entries).items():
            await repeats.drop(source, topic, ids)


def _ids(entries: Sequence[Entry]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in entries:
        found[each.topic].append(each.id)
    return found
