"""A change as the arguments of `apply.lua`: the keys it names, and everything else as one MessagePack blob."""

from itertools import chain
from typing import Any

import msgspec

from streams.change import Change
from streams.store.checks import EXACT
from streams.store.keys import Keys, fence_field, guard_field


class Blob(msgspec.Struct, omit_defaults=True):
    """What `apply.lua` reads. The lists are flat, to spare Lua tables; a key stands in them as its index among KEYS."""

    fence: str
    first: int
    last: int
    after: int = -1
    guards: list[str] = []
    versions: list[int] = []
    bumps: list[str] = []
    remove: list[Any] = []  # key, [fields]
    put: list[Any] = []  # key, [field, text, …]
    add: list[Any] = []  # key, {field: amount, as text where a double is not exact}
    raised: list[Any] = []  # key, field, value
    best: list[Any] = []  # key, field, record key, record field
    people: list[Any] = []  # [keys], [users]
    push: list[Any] = []  # key, [items, oldest first], how many to keep
    score: list[Any] = []  # key, member, amount
    most: list[Any] = []  # key, how many members stay
    expire: list[Any] = []  # key, seconds
    touched: list[str] = []


class Index(dict[str, int]):
    """Key within a room → its index among KEYS, counted from 1 and given at first use; the first two are the store's own."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self) + 3
        return number


_encoder = msgspec.msgpack.Encoder()


def encode(names: Keys, change: Change) -> tuple[list[str], bytes]:
    """KEYS and the blob of one change that has passed `checks.check`."""
    index = Index()
    blob = _blob(change, index)
    stem = names.stem(change.room)
    keys = [names.fence(change.room), names.touched(change.room)]
    keys += [stem + key for key in index]
    return keys, _encoder.encode(blob)


def _blob(change: Change, index: Index) -> Blob:
    position = change.position
    blob = Blob(fence_field(position.log, position.partition), position.first, position.last, position.after)
    blob.guards = [guard_field(guard) for guard in change.guards]
    blob.versions = list(change.guards.values())
    blob.bumps = [guard_field(guard) for guard in change.bumps]
    blob.touched = list(change.touched)
    _add(change, index, blob)
    for key, names in change.remove.items():
        blob.remove += (index[key], names)
    for key, texts in change.put.items():
        blob.put += (index[key], list(chain.from_iterable(texts.items())))
    blob.raised = _flat(change.raised, index)
    blob.score = _flat(change.score, index)
    for key, name, record, record_name in change.best:
        blob.best += (index[key], name, index[record], record_name)
    for keys, users in change.people.items():
        blob.people += ([index[key] for key in keys], users)
    for key, (items, keep) in change.push.items():
        blob.push += (index[key], items[:keep][::-1], keep)
    for key, most in change.most.items():
        blob.most += (index[key], most)
    for key, seconds in change.expire.items():
        blob.expire += (index[key], seconds)
    return blob


def _add(change: Change, index: Index, blob: Blob) -> None:
    for key, fields in change.add.items():
        if fields and (max(fields.values()) > EXACT or min(fields.values()) < -EXACT):
            blob.add += (index[key], {name: str(amount) for name, amount in fields.items()})
        else:
            blob.add += (index[key], fields)


def _flat(values: dict[str, dict[str, int]], index: Index) -> list[Any]:
    return [part for key, fields in values.items() for name, value in fields.items() for part in (index[key], name, value)]
