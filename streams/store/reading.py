"""From the hashes of a room to its material: which key goes where. The one place that knows the fields' shapes on the reading side."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from streams import keys, rolling, shelf, unpaid
from streams.asked import Asked
from streams.material import Material
from streams.rolling import Bucket, Counters
from streams.store.port import Wanted

_BUCKETS = ("b:", "watching:", "paid:")
_FIGURES = ("m:", "p:", "s:")
_OPEN = "open:"
_SINGLE = {
    keys.TOTAL,
    keys.FACTS,
    keys.AUDIENCE,
    keys.SHELF,
    keys.TAKEN,
    keys.TAKEN_BEFORE,
    keys.SCENES,
    keys.ALERTS,
    keys.FOUND,
    keys.PLANS,
}


def bucket_number(key: str) -> int | None:
    """The bucket that a key is about, if it is about one."""
    return int(key.rpartition(":")[2]) if key.startswith(_BUCKETS) else None


def wanted(asked: Asked, first: int, lists: Mapping[str, int]) -> Wanted:
    """What a view reads of a room; of buckets those from `first` on (others may be gone already)."""
    kinds = frozenset(kind.rstrip(":") for kind in (*_BUCKETS, *_FIGURES, _OPEN))
    numbered = frozenset(kind.rstrip(":") for kind in _BUCKETS)
    return Wanted(frozenset(_SINGLE), kinds, numbered, first, asked.ignored, lists)


def take(material: Material, key: str, fields: Mapping[str, str]) -> None:
    """Puts one hash into the material."""
    number = bucket_number(key)
    if number is not None:
        material.put_bucket(number, _bucket(material.buckets.get(number, Bucket()), key, fields))
    elif key in _SINGLE:
        _take_single(material, key, fields)
    elif key.startswith(_OPEN):
        material.put_open(int(key.removeprefix(_OPEN)), {order: unpaid.parse(text) for order, text in fields.items()})
    elif key.startswith("m:"):
        minute = int(key[2:])
        material.put_minute(minute, material.minutes.get(minute, {}) | _numbers(fields))
    else:
        kind = material.products if key.startswith("p:") else material.sources
        name = material.names[key] = fields["name"]
        kind[name] = kind.get(name, {}) | _numbers({field: text for field, text in fields.items() if field != "name"})


def figures(material: Material, key: str) -> Counters | None:
    """The counters behind a key of figures that people are counted beside."""
    if key == keys.TOTAL:
        return material.total
    if key.startswith("m:"):
        return material.minutes[int(key[2:])]
    if key.startswith("p:"):
        return material.products[material.names[key]]
    return None


def _bucket(bucket: Bucket, key: str, fields: Mapping[str, str]) -> Bucket:
    """The bucket with what was read of it."""
    if key.startswith("watching:"):
        return replace(bucket, watching=_numbers(fields))
    if key.startswith("paid:"):
        return replace(bucket, paid=rolling.split(fields))
    room: Counters = {}
    products: dict[str, Counters] = {}
    for field, text in fields.items():
        metric, _, product = field.partition(keys.SEP)
        counters = products.setdefault(product, {}) if product else room
        counters[metric] = int(text)
    return replace(bucket, room=room, products=products)


def _take_single(material: Material, key: str, fields: Mapping[str, str]) -> None:
    if key == keys.TOTAL:
        material.total |= _numbers(fields)
    elif key == keys.FACTS:
        material.facts = dict(fields)
    elif key == keys.FOUND:
        material.found = _numbers(fields)
    elif key == keys.PLANS:
        material.plans = {keys.unpair(field): int(text) for field, text in fields.items()}
    elif key == keys.TAKEN:
        material.taken = _numbers(fields)
    elif key == keys.TAKEN_BEFORE:
        material.taken_before = _numbers(fields)
    elif key == keys.SHELF:
        material.shelf = {product: shelf.parse(text) for product, text in fields.items()}
    elif key == keys.ALERTS:
        material.alerts = {name: msgspec.json.decode(text) for name, text in fields.items()}
    elif key == keys.SCENES:
        material.scenes = sorted(rows(fields.values()), key=lambda scene: (scene["at"], scene["id"]), reverse=True)
    else:
        _take_audience(material, fields)


def _take_audience(material: Material, fields: Mapping[str, str]) -> None:
    for field, text in fields.items():
        who, dimension, value = field.split(keys.SEP, 2)
        if who == "buyers":
            material.buyers.setdefault(dimension, {})[value] = int(text)
        else:  # the number of people comes from the HyperLogLog
            material.viewers.setdefault(dimension, {}).setdefault(value, 0)
            material.arrivals.setdefault(dimension, {})[value] = int(text)


def _numbers(fields: Mapping[str, str]) -> Counters:
    return {name: int(text) for name, text in fields.items()}


def rows(texts: Iterable[str]) -> list[dict[str, Any]]:
    """Rows kept as JSON."""
    return [row(text) for text in texts]


def row(text: str) -> dict[str, Any]:
    """A row kept as JSON."""
    found: dict[str, Any] = msgspec.json.decode(text)
    return found
