"""Sums over a window of buckets, kept while the window moves: boards are built four times a second, and most buckets stay as they were.

number    … 7   8   9  10  11
before      ├── window ────┤
after           ├── window ────┤      take out 7 and the old 11, add the new 11 and 12
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from streams import keys

Counters = dict[str, int]


@dataclass(frozen=True, slots=True)
class Bucket:
    """5 seconds of a room: its counters, those of each product, who paid (buyer and product → profile), who was last heard of then.

    It never changes: whoever reads more of it puts a new one in its place. So a bucket is known by its identity.
    """

    room: Counters = field(default_factory=dict)
    products: Mapping[str, Counters] = field(default_factory=dict)
    paid: Mapping[tuple[str, str], str] = field(default_factory=dict)
    watching: Counters = field(default_factory=dict)


_EMPTY = Bucket()


class Rolling:
    """The sums of one window; sums of 0 are left out. `move` brings them up to date; they are for reading only.

    products   product → its counters                buyers           user → purchases of different products in different buckets
    watching   profile value → people                product_buyers   product → user → buckets
    """

    def __init__(self) -> None:
        self.room: Counters = {}
        self.products: dict[str, Counters] = {}
        self.watching: Counters = {}
        self.buyers: Counters = {}
        self.product_buyers: dict[str, Counters] = {}
        #: product → bucket → its counters there
        self.product_buckets: dict[str, dict[int, Counters]] = {}
        #: product → how often its sums have changed
        self.changes: Counters = {}
        self._made_of: tuple[int, int] | None = None
        self._counted: dict[int, Bucket] = {}

    def move(self, buckets: Mapping[int, Bucket], span: range, puts: int) -> None:
        """Makes the window cover the buckets of `span`. `puts`: how often one was put among them; while it stands, so do the sums."""
        if self._made_of == (made_of := (span.start, puts)):
            return
        self._made_of = made_of
        counted = self._counted
        for number in [number for number, bucket in counted.items() if number not in span or buckets.get(number) is not bucket]:
            self._replace(number, counted.pop(number), buckets.get(number, _EMPTY) if number in span else _EMPTY)
            if number in span and number in buckets:
                counted[number] = buckets[number]
        for number in span:
            if number not in counted and (bucket := buckets.get(number)) is not None:
                counted[number] = bucket
                self._replace(number, _EMPTY, bucket)

    def _replace(self, number: int, old: Bucket, new: Bucket) -> None:
        self._count(old, -1)
        self._count(new, 1)
        for product in old.products:
            del self.product_buckets[product][number]
        for product, counters in new.products.items():
            self.product_buckets.setdefault(product, {})[number] = counters
        changed = {name for name in {*old.products, *new.products} if old.products.get(name) != new.products.get(name)}
        if old.paid is not new.paid:
            changed |= {product for _, product in {*old.paid, *new.paid}}
        for product in changed:
            self.changes[product] = self.changes.get(product, 0) + 1

    def _count(self, bucket: Bucket, times: int) -> None:
        _add(self.room, bucket.room, times)
        _add(self.watching, bucket.watching, times)
        _add_each(self.products, bucket.products, times)
        buyers: Counters = {}
        by_product: dict[str, Counters] = {}
        for user, product in bucket.paid:
            buyers[user] = buyers.get(user, 0) + 1
            by_product.setdefault(product, {})[user] = 1
        _add(self.buyers, buyers, times)
        _add_each(self.product_buyers, by_product, times)


def split(fields: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Who paid for what, from the fields of a hash."""
    return {keys.unpair(name): profile for name, profile in fields.items()}


def _add(sums: Counters, part: Mapping[str, int], times: int) -> None:
    for name, number in part.items():
        total = sums.get(name, 0) + number * times
        if total:
            sums[name] = total
        else:
            sums.pop(name, None)


def _add_each(sums: dict[str, Counters], parts: Mapping[str, Counters], times: int) -> None:
    for name, part in parts.items():
        known = sums.setdefault(name, {})
        _add(known, part, times)
        if not known:
            del sums[name]
