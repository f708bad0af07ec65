"""Which room an account had open at a time, told by `opened` (with its `account`) and `closed` on live.scenes. Kept in the store."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Protocol

import msgspec

from streams.room_names import is_room

HOUR_MS = 3_600_000
#: A room that nobody closes is its account's for so long.
LONGEST_MS = 24 * HOUR_MS
#: Orders are paid and cancelled days after they were made.
KEPT_MS = 30 * 24 * HOUR_MS
_MOST_SPANS = 50
_MOST_ACCOUNT = 256

#: [from, to] in Unix ms; to is null while it is open
Spans = list[list[int | None]]


class Redis(Protocol):
    """What is needed of `streams.store.redis.client.Client`; raises `StoreAway`."""

    async def run(self, commands: Sequence[tuple[str | int | bytes, ...]]) -> list[Any]:
        """The answers to the commands, in order."""


class Scene(msgspec.Struct):
    """What is needed of a scene."""

    kind: str
    room: str
    at: int
    account: str = ""


_scene = msgspec.json.Decoder(Scene).decode
_spans = msgspec.json.Decoder(Spans).decode


class Rooms:
    """The open rooms of accounts, in one Redis. A room's scenes lie in one partition, so one worker writes of it."""

    def __init__(self, redis: Redis, prefix: str = "ls") -> None:
        self._redis, self._prefix = redis, prefix

    async def hear(self, raw: bytes) -> None:
        """Takes a record of live.scenes; what concerns no account is passed over. Raises `StoreAway`."""
        try:
            scene = _scene(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return
        if scene.kind not in ("opened", "closed") or not is_room(scene.room) or len(scene.account) > _MOST_ACCOUNT:
            return
        account = scene.account or await self._account_of(scene.room)
        if not account:
            return
        key = self._key("account", account)
        (known,) = await self._redis.run([("HGET", key, scene.room)])
        spans = told(_spans(known) if known else [], scene.kind, scene.at)
        # Apart: on a cluster they may lie on different nodes. The name first, so that `closed` finds what `opened` wrote.
        await self._redis.run([("SET", self._key("room", scene.room), account, "PX", KEPT_MS)])
        await self._redis.run([("HSET", key, scene.room, msgspec.json.encode(spans)), ("PEXPIRE", key, KEPT_MS)])

    async def at(self, account: str, at_ms: int) -> str | None:
        """The room that was open then; of several the one that was opened last. Raises `StoreAway`."""
        (answer,) = await self._redis.run([("HGETALL", self._key("account", account))])
        pairs = answer.items() if isinstance(answer, dict) else zip(answer[::2], answer[1::2], strict=True)
        begun = [(begin, _text(room)) for room, packed in pairs if (begin := opened_at(_spans(packed), at_ms)) is not None]
        return max(begun)[1] if begun else None

    async def _account_of(self, room: str) -> str:
        (answer,) = await self._redis.run([("GET", self._key("room", room))])
        return _text(answer) if answer else ""

    def _key(self, sort: str, name: str) -> str:
        """Names of senders become no part of a key."""
        return f"{self._prefix}:bound:{sort}:{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}"


def told(spans: Spans, kind: str, at_ms: int) -> Spans:
    """The spans after a scene. What was told before, or late, changes nothing."""
    last = spans[-1] if spans else None
    if kind == "opened":
        if last is None or (last[1] is not None and at_ms >= last[1]):
            return [*spans, [at_ms, None]][-_MOST_SPANS:]
        return spans
    if last is not None and last[1] is None and last[0] is not None and at_ms >= last[0]:
        return [*spans[:-1], [last[0], at_ms]]
    return spans


def opened_at(spans: Spans, at_ms: int) -> int | None:
    """When the span began that holds the time; None where none does."""
    for begin, end in reversed(spans):
        if begin is not None and begin <= at_ms < (begin + LONGEST_MS if end is None else end):
            return begin
    return None


def _text(answer: bytes | str) -> str:
    return answer.decode() if isinstance(answer, bytes) else answer
