"""Events that were taken before: the ids of each source and topic, kept for at least seven days.

    claim   before an event is sent: new ids are claimed for 30 s, so that the same request at another screen waits for this one's end
    keep    when Kafka has the events: their ids count as taken from now on
    drop    when Kafka has them not, or it is unknown: the sender may try again at once

A process that dies between Kafka's acknowledgement and `keep` leaves ids that are taken again after their claim: those events may stand
in the log twice. Everything in the store is keyed by hashes: no name or id of a sender becomes part of a key.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from importlib.resources import files
from typing import Any, Protocol

CLAIM_MS = 30_000
#: An id is looked for in the running period and the ones before: it is kept from 7 to 10.5 days.
PERIOD_MS = 302_400_000  # 3.5 days
PERIODS = 3
#: A period's ids are spread over so many sets: up to half a million of them stay in Redis' compact encoding, 14 bytes each.
_SHARDS = 4_096
#: So many ids in one step of the store, 2 ms.
_AT_ONCE = 500
_CLAIM = files(__package__).joinpath("claim.lua").read_text("utf-8")


class Redis(Protocol):
    """What is needed of `streams.store.redis.client.Client`; raises `StoreAway`."""

    async def run(self, commands: Sequence[tuple[str | int | bytes, ...]]) -> list[Any]:
        """The answers to the commands, in order."""


class Repeats:
    """The ids taken, in one Redis. `clock` gives Unix ms; `prefix` as of the other keys."""

    def __init__(self, redis: Redis, clock: Callable[[], int], prefix: str = "ls") -> None:
        self._redis, self._clock, self._prefix = redis, clock, prefix

    async def claim(self, source: str, topic: str, ids: Sequence[str]) -> str:
        """One letter an id, in order: n new and now claimed, r taken before, u under way in another request. Raises `StoreAway`.

        Behind the first step in which one is under way nothing more is claimed, and no letter stands: of the same request sent several
        times at once, the first goes on, instead of each holding a part that the others wait for.
        """
        names = _Names(self._prefix, source, topic)
        now = self._clock()
        said = []
        for some in _slices([_digest(each) for each in ids]):
            keys = [names.claims, *(key for each in some for key in names.sets(each, now))]
            arguments: list[str | int | bytes] = [now, now + CLAIM_MS, PERIODS, *some]
            letters = (await self._redis.run([("EVAL", _CLAIM, len(keys), *keys, *arguments)]))[0]
            said.append(letters)
            if "u" in letters:
                break
        return "".join(said)

    async def keep(self, source: str, topic: str, ids: Sequence[str]) -> None:
        """Remembers that the events are in the log. Raises `StoreAway`."""
        names = _Names(self._prefix, source, topic)
        now = self._clock()
        for some in _slices([_digest(each) for each in ids]):
            sets: dict[str, list[bytes]] = {}
            for each in some:
                sets.setdefault(names.set(each, now // PERIOD_MS), []).append(each)
            ends_ms = (now // PERIOD_MS + PERIODS) * PERIOD_MS
            commands: list[tuple[str | int | bytes, ...]] = [("SADD", key, *members) for key, members in sets.items()]
            commands += [("PEXPIREAT", key, ends_ms) for key in sets]
            await self._redis.run(commands)
            await self._redis.run([("ZREM", names.claims, *some)])  # in this order: one of both always has them

    async def drop(self, source: str, topic: str, ids: Sequence[str]) -> None:
        """Gives claims back. Raises `StoreAway`; then they lapse by themselves."""
        names = _Names(self._prefix, source, topic)
        for some in _slices([_digest(each) for each in ids]):
            await self._redis.run([("ZREM", names.claims, *some)])


class _Names:
    """The keys of one source and topic, all on one node of a cluster."""

    def __init__(self, prefix: str, source: str, topic: str) -> None:
        name = blake2b(f"{len(source)} {source}{topic}".encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        self._stem = f"{prefix}:taken:{{{name}}}"
        self.claims = f"{self._stem}:claims"

    def set(self, digest: bytes, period: int) -> str:
        return f"{self._stem}:{period}:{int.from_bytes(digest[:2]) % _SHARDS}"

    def sets(self, digest: bytes, now_ms: int) -> list[str]:
        running = now_ms // PERIOD_MS
        return [self.set(digest, running - back) for back in range(PERIODS)]


def _digest(text: str) -> bytes:
    """12 bytes for an id: no two of a source and topic meet."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _slices(digests: list[bytes]) -> Iterator[list[bytes]]:
    for first in range(0, len(digests), _AT_ONCE):
        yield digests[first : first + _AT_ONCE]
