"""Counting: what the events of one room in one bucket add to the figures of the room, its minute, its bucket and its product."""

from collections.abc import Collection

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
        self._rooms: dict[int, list[_Fields]] = {}
        self._products: dict[tuple[int, str], list[_Fields]] = {}
        self._sources: dict[tuple[int, str], list[_Fields]] = {}

    def room(self, bucket: int, metric: str, amount: int) -> None:
        """Adds to a metric of the room."""
        for fields in self._rooms.get(bucket) or self._open_room(bucket):
            fields[metric] = fields.get(metric, 0) + amount

    def _open_room(self, bucket: int) -> list[_Fields]:
        figures = [keys.TOTAL, keys.minute(windows.minute_of(bucket))]
        if bucket >= self.oldest:
            figures.append(self._recent(keys.bucket(bucket)))
        self.change.touched.update(figures)
        found = self._rooms[bucket] = [self._fields(key) for key in figures]
        return found

    def room_people(self, bucket: int, metric: str, users: Collection[str]) -> None:
        """Counts users in a people metric of the room."""
        figures = [keys.TOTAL, keys.minute(windows.minute_of(bucket))]
        if bucket >= self.oldest:
            figures.append(keys.bucket(bucket))
            self._recent(keys.people(figures[-1], metric))
        self.change.meet(tuple(keys.people(key, metric) for key in figures), users)

    def product(self, bucket: int, product: str, metric: str, amount: int) -> None:
        """Adds to a metric of a product."""
        found = self._products.get((bucket, product)) or self._open_product(bucket, product)
        for fields in found[:2]:
            fields[metric] = fields.get(metric, 0) + amount
        for fields in found[2:]:
            name = f"{metric}{keys.SEP}{product}"
            fields[name] = fields.get(name, 0) + amount

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
        scope = keys.product(product)
        figures = [keys.people(scope, metric)]
        if bucket >= self.oldest:
            figures.append(self._recent(keys.people(keys.bucket(bucket, scope), metric)))
        self.change.meet(tuple(figures), users)

    def source(self, bucket: int, source: str, metric: str, amount: int) -> None:
        """Adds to a metric of a source."""
        found = self._sources.get((bucket, source))
        if found is None:
            found = self._sources[bucket, source] = self._open_scope(bucket, keys.source(source), source)
        for fields in found:
            fields[metric] = fields.get(metric, 0) + amount

    def _open_scope(self, bucket: int, scope: str, name: str) -> list[_Fields]:
        """The fields of a product or source, and of its minute, which no reader follows."""
        self.change.put.setdefault(scope, {})["name"] = name
        self.change.touched.add(scope)
        return [self._fields(scope), self._fields(keys.minute(windows.minute_of(bucket), scope))]

    def _fields(self, key: str) -> _Fields:
        return self.change.add.setdefault(key, {})

    def _recent(self, key: str) -> str:
        self.change.expire[key] = windows.KEEP_BUCKET_SECONDS
        return key
