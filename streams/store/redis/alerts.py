"""The alerts of rooms in Redis."""

from collections.abc import Sequence
from itertools import chain

import msgspec

from streams import keys
from streams.store import checks
from streams.store.desk import HISTORY, SCENES_GUARD, AlertStep, Kept, Lost, News, Overtaken, Saved, Waiting
from streams.store.keys import Keys, guard_field
from streams.store.redis import scripts
from streams.store.redis.client import Client

SAVE = scripts.Script("save_alerts.lua")
SWAP = scripts.Script("swap_text.lua")
_encoder = msgspec.msgpack.Encoder()


class RedisAlerts:
    """See `streams.store.desk.Alerts`."""

    def __init__(self, client: Client, names: Keys) -> None:
        self._client = client
        self._names = names

    async def read(self, room: str) -> Kept:
        """The version is read first: what changes in between is refused by `save`."""
        version = ("HGET", self._names.fence(room), guard_field(keys.ALERTS))
        states = ("HGETALL", self._names.stem(room) + keys.ALERTS)
        (held,), (found,) = await self._client.run_in_order([version], [states])
        return Kept(int(held or 0), found)

    async def save(self, step: AlertStep) -> Saved | Overtaken | Lost:
        """One atomic step."""
        checks.check_scopes([step.room])
        names, stem = self._names, self._names.stem(step.room)
        used = [names.fence(step.room), names.touched(step.room), names.lease(step.room)]
        used += [stem + keys.ALERTS, stem + keys.ALERT_LOG, names.untold(step.room)]
        (answer,) = await scripts.run(self._client, SAVE, [SAVE.call(used, _packed(step))])
        match answer:
            case [1, version]:
                return Saved(version)
            case [2]:
                return Overtaken()
            case _:
                return Lost()

    async def news(self, rooms: Sequence[str]) -> dict[str, News]:
        """One round trip for all rooms."""
        commands: list[tuple[str, ...]] = []
        for room in rooms:
            commands += [("HMGET", self._names.fence(room), "rev", guard_field(SCENES_GUARD)), ("EXISTS", self._names.untold(room))]
        answers = iter(await self._client.run(commands))
        return {
            room: News(int(rev or 0), int(scenes or 0), bool(untold))
            for room, (rev, scenes), untold in zip(rooms, answers, answers, strict=True)
        }

    async def untold(self, rooms: Sequence[str], most: int) -> dict[str, list[Waiting]]:
        """One round trip for all rooms."""
        answers = await self._client.run([("ZRANGE", self._names.untold(room), 0, most - 1, "WITHSCORES") for room in rooms])
        return {room: numbered(rows) for room, rows in zip(rooms, answers, strict=True) if rows}

    async def told(self, room: str, upto: int) -> None:
        """Safe to repeat, and for one whose lease is over: numbers only rise."""
        await self._client.run([("ZREMRANGEBYSCORE", self._names.untold(room), "-inf", upto)])

    async def rules(self) -> str | None:
        """A plain string."""
        found: str | None
        (found,) = await self._client.run([("GET", self._names.rules)])
        return found

    async def put_rules(self, text: str | None, before: str | None = None) -> bool:
        """The last one holds."""
        if before is not None:
            (put,) = await scripts.run(self._client, SWAP, [SWAP.call([self._names.rules], before, text or "")])
            return bool(put)
        await self._client.run([("DEL", self._names.rules) if text is None else ("SET", self._names.rules, text)])
        return True

    async def hold(self, watcher: str, text: str, ttl_ms: int) -> None:
        """A string that goes by itself."""
        await self._client.run([("SET", self._names.holding(watcher), text, "PX", ttl_ms)])

    async def held(self) -> list[str]:
        """Two round trips: who is there, and what they said."""
        (there,) = await self._client.run([("ZRANGE", self._names.watchers, 0, -1)])
        found = await self._client.run([("GET", self._names.holding(watcher)) for watcher in sorted(there)])
        return [text for text in found if text is not None]


def numbered(rows: Sequence[Sequence[str | float]]) -> list[Waiting]:
    """From members "<number> <text>" with their scores."""
    return [Waiting(int(score), str(member).partition(" ")[2]) for member, score in rows]


def _packed(step: AlertStep) -> bytes:
    return _encoder.encode(
        {
            "token": step.token if step.token is not None else False,  # nil would be left out of a Lua table, which is the same
            "version": step.version,
            "guard": guard_field(keys.ALERTS),
            "put": list(chain.from_iterable(step.put.items())),
            "told": list(step.told),
            "states_key": keys.ALERTS,
            "history_key": keys.ALERT_LOG,
            "keep": HISTORY,
        }
    )
