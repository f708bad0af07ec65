"""Minutes of products, which no board shows and no view keeps: read when asked for."""

from collections.abc import Iterable, Mapping
from typing import Any

from streams import keys
from streams.metrics import DICTIONARY, PRODUCT_PART, product_result
from streams.store.port import Store

Row = dict[str, Any]
#: A product's minutes count no people.
_COUNTED = tuple(metric for metric in PRODUCT_PART if DICTIONARY[metric].unit == "count" or metric in {"gmv", "refund_amount"})
_AT_ONCE = 1_000


async def read(store: Store, room: str, wanted: Mapping[str, Iterable[int]]) -> dict[str, dict[int, Row]]:
    """Product → minute → the product's metrics, of those minutes in which something happened to it."""
    found: dict[str, dict[int, Row]] = {product: {} for product in wanted}
    places = [(product, number) for product, numbers in wanted.items() for number in sorted(numbers)]
    for first in range(0, len(places), _AT_ONCE):
        part = places[first : first + _AT_ONCE]
        hashes = await store.hashes(room, [keys.minute(number, keys.product(product)) for product, number in part])
        for (product, number), fields in zip(part, hashes, strict=True):
            if fields:
                found[product][number] = product_result(_COUNTED, {metric: int(text) for metric, text in fields.items()})
    return found
