"""Counting: what the events of one room in one bucket add to the figures of the room, its minute, its bucket and its product."""

from collections.abc import Collection

from streams import keys, windows
from streams.change import Change


class Tally:
    """Adds to a change's figures. Buckets older than `oldest` count in their minute and in the total only (`windows.RECENT_MS`)."""

    def __init__(self, change: Change, now_ms: int) -> None:
        self.change = change
        self.oldest = windows.oldest_recent(now_ms)

    def room(self, bucket: int, metric: str, amount: int) -> None:
        """Adds to a metric of the room."""
        change = self.change
        change.count(keys.TOTAL, metric, amount)
        change.count(keys.minute(windows.minute_of(bucket)), metric, amount)
        if bucket >= self.oldest:
            change.count(self._recent(keys.bucket(bucket)), metric, amount)

    def room_people(self, bucket: int, metric: str, users: Collection[str]) -> None:
        """Counts users in a people metric of the room."""
        figures = [keys.TOTAL, keys.minute(windows.minute_of(bucket))]
        if bucket >= self.oldest:
            figures.append(keys.bucket(bucket))
            self._recent(keys.people(figures[-1], metric))
        self.change.meet(tuple(keys.people(key, metric) for key in figures), users)

    def product(self, bucket: int, product: str, metric: str, amount: int) -> None:
        """Adds to a metric of a product."""
        change, scope = self.change, keys.product(product)
        change.put.setdefault(scope, {})["name"] = product
        change.count(scope, metric, amount)
        change.count_quietly(keys.minute(windows.minute_of(bucket), scope), metric, amount)
        if bucket >= self.oldest:
            change.count(self._recent(keys.bucket(bucket)), f"{metric}{keys.SEP}{product}", amount)

    def product_people(self, bucket: int, product: str, metric: str, users: Collection[str]) -> None:
        """Counts users in a people metric of a product. A product's minutes count no people."""
        scope = keys.product(product)
        figures = [keys.people(scope, metric)]
        if bucket >= self.oldest:
            figures.append(self._recent(keys.people(keys.bucket(bucket, scope), metric)))
        self.change.meet(tuple(figures), users)

    def source(self, bucket: int, source: str, metric: str, amount: int) -> None:
        """Adds to a metric of a source."""
        change, scope = self.change, keys.source(source)
        change.put.setdefault(scope, {})["name"] = source
        change.count(scope, metric, amount)
        change.count_quietly(keys.minute(windows.minute_of(bucket), scope), metric, amount)

    def _recent(self, key: str) -> str:
        self.change.expire[key] = windows.KEEP_BUCKET_SECONDS
        return key
