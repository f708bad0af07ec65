"""Counting: what the events of one room in one bucket add to the figures of the room, its minute, its bucket and its product."""

from collections.abc import Collection
from functools import lru_cache

from streams import keys, windows
from streams.change import Change

_Fields = dict[str, int]


class Tally:
    """Adds to a change's figures. Buckets older than `oldest` count in their minute and in the total only (`windows.RECENT_MS`).

    A chunk that is spread over many rooms is mostly this, so where a figure goes is looked up once and kept.
    """

    def __init__(self, change: Change, now_ms: int) -> None:
        self.change = change
        self.oldest = windows.oldest_recent(now_ms)
        self._names: dict[str, str] = {}
        self._rooms: dict[int, list[_Fields]] = {}
        self._products: dict[tuple[int, str], list[_Fields]] = {}
        self._sources: dict[tuple[int, str], list[_Fields]] = {}

    def room(self, bucket: int, metric: str, amount: int) -> None:
        """Adds to a metric of the room."""
        for fields in self._rooms.get(bucket) or self._open_room(bucket):
            fields[metric] = fields.get(metric, 0) + amount

    def _open_room(self, bucket: int) -> list[_Fields]:
        recent = bucket >= self.oldest
        figures = _room(bucket, recent, self._has_minute(bucket))
        if recent:
            self._recent(figures[-1])
        self.change.touched.update(figures)
        found = self._rooms[bucket] = [self._fields(key) for key in figures]
        return found

    def room_people(self, bucket: int, metric: str, users: Collection[str]) -> None:
        """Counts users in a people metric of the room."""
        recent = bucket >= self.oldest
        figures = _room_people(bucket, metric, recent, self._has_minute(bucket))
        if recent:
            self._recent(figures[-1])
        self.change.meet(figures, users)

    def product(self, bucket: int, product: str, metric: str, amount: int) -> None:
        """Adds to a metric of a product, under the name that it is counted under."""
        product = self._names.get(product) or self._name(product)
        found = self._products.get((bucket, product)) or self._open_product(bucket, product)
        whole, minute = found[0], found[1]
        whole[metric] = whole.get(metric, 0) + amount
        minute[metric] = minute.get(metric, 0) + amount
        if len(found) > 2:
            name = f"{metric}{keys.SEP}{product}"
            found[2][name] = found[2].get(name, 0) + amount

    def _open_product(self, bucket: int, product: str) -> list[_Fields]:
        """The fields of the product, of its minute, and of the room's bucket where it is kept."""
        found = self._products[bucket, product] = self._open_scope(bucket, keys.product(product), product)
        if bucket >= self.oldest:
            key = self._recent(keys.bucket(bucket))
            self.change.touched.add(key)
            found.append(self._fields(key))
        return found

    def product_people(self, bucket: int, product: str, metric: str, users: Collection[str]) -> None:
        """Counts users in a people metric of a product. A product's minutes count no people."""
        product = self._names.get(product) or self._name(product)
        recent = bucket >= self.oldest
        figures = _product_people(bucket, product, metric, recent)
        if recent:
            self._recent(figures[-1])
        self.change.meet(figures, users)

    def source(self, bucket: int, source: str, metric: str, amount: int) -> None:
        """Adds to a metric of a source."""
        found = self._sources.get((bucket, source))
        if found is None:
            name = self.change.naming.source(source)
            found = self._sources[bucket, source] = self._open_scope(bucket, keys.source(name), name)
        for fields in found:
            fields[metric] = fields.get(metric, 0) + amount

    def _open_scope(self, bucket: int, scope: str, name: str) -> list[_Fields]:
        """The fields of a product or source, and of its minute, which no reader follows."""
        self.change.put.setdefault(scope, {})["name"] = name
        self.change.touched.add(scope)
        return [self._fields(scope), self._fields(_minute(bucket, scope))] if self._has_minute(bucket) else [self._fields(scope), {}]

    def _name(self, product: str) -> str:
        name = self._names[product] = self.change.naming.product(product)
        return name

    def _has_minute(self, bucket: int) -> bool:
        return self.change.naming.minute(windows.minute_of(bucket))

    def _fields(self, key: str) -> _Fields:
        fields = self.change.add.get(key)
        if fields is None:
            fields = self.change.add[key] = {}
        return fields

    def _recent(self, key: str) -> str:
        self.change.expire[key] = windows.KEEP_BUCKET_SECONDS
        return key


# Where figures go. Rooms count in the same buckets, so the names are made once for all of them.


@lru_cache(maxsize=4_096)
def _room(bucket: int, recent: bool, minute: bool) -> tuple[str, ...]:
    figures = (keys.TOTAL, keys.minute(windows.minute_of(bucket))) if minute else (keys.TOTAL,)
    return (*figures, keys.bucket(bucket)) if recent else figures


@lru_cache(maxsize=16_384)
def _room_people(bucket: int, metric: str, recent: bool, minute: bool) -> tuple[str, ...]:
    return tuple(keys.people(key, metric) for key in _room(bucket, recent, minute))


@lru_cache(maxsize=65_536)
def _product_people(bucket: int, product: str, metric: str, recent: bool) -> tuple[str, ...]:
    scope = keys.product(product)
    total = keys.people(scope, metric)
    return (total, keys.people(keys.bucket(bucket, scope), metric)) if recent else (total,)


@lru_cache(maxsize=65_536)
def _minute(bucket: int, scope: str) -> str:
    return keys.minute(windows.minute_of(bucket), scope)
