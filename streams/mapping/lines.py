"""Orders with `lines` as today's agents count them: one event a line, each line an order of its own.

The agents know one product an order. So that no money is lost, a line goes as `order:line`: GMV, items, buyers and products are right, and
orders are counted by line. Whoever has no user is a buyer of their own, named after the order. Once the agents count lines, this goes.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from streams import topics

_MOST_ID, _MOST_ORDER = 64, 256


def per_line(topic: str, event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The event, or an order's one for each of its lines."""
    if topic != topics.ORDERS:
        yield event
        return
    rest = {name: value for name, value in event.items() if name != "lines"}
    order = rest.get("order")
    if "user" not in rest and isinstance(order, str):
        rest["user"] = _bounded(f"guest-{order}", _MOST_ORDER)
    lines = event.get("lines")
    if not isinstance(lines, list):
        yield rest
        return
    seen: dict[tuple[Any, Any], int] = {}
    for line in lines:
        whose = (line.get("product"), line.get("sku"))
        number = seen[whose] = seen.get(whose, 0) + 1
        # Without a name the n-th line of one product and SKU in its event is the line (contract, section 2, repeats).
        name = line.get("line") or f"{whose[0]}:{whose[1] or ''}:{number}"
        ident, of = _bounded(f"{event['id']}:{name}", _MOST_ID), _bounded(f"{order}:{name}", _MOST_ORDER)
        yield rest | {field: value for field, value in line.items() if field != "line"} | {"id": ident, "order": of}


def _bounded(text: str, most: int) -> str:
    return text if len(text) <= most else blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
