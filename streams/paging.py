"""A board's products in pages: a room may hold thousands of them, and nobody looks at more than some (contract, section 4)."""

from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import Any

from streams.metrics import PRODUCT

#: So many products a page has, and a frame carries.
PAGE = 500
#: What products can be sorted by; the most first.
SORTS = PRODUCT

Row = Mapping[str, Any]


def foremost(rows: Sequence[Row], most: int = PAGE) -> Sequence[Row]:
    """The rows that a frame carries, in their order: what is explained now, then what sold, and was clicked, most."""
    if len(rows) <= most:
        return rows
    chosen = set(nlargest(most, range(len(rows)), key=lambda number: (_weight(rows[number]), -number)))
    return [row for number, row in enumerate(rows) if number in chosen]


def page(board: dict[str, Any], sort: str, offset: int) -> dict[str, Any]:
    """The board with `PAGE` of its products from `offset` on, by a metric of `SORTS`, ties in the board's order."""
    rows = sorted(board["products"], key=lambda row: row["total"][sort] or 0, reverse=True)[offset : offset + PAGE]
    shown = {row["product"] for row in rows}
    ledgers = {product: ledger for product, ledger in board["ledgers"].items() if product in shown}
    return board | {"products": rows, "ledgers": ledgers, "offset": offset, "sort": sort}


def _weight(row: Row) -> tuple[bool, float, float, bool]:
    total = row["total"]
    return row["explaining"], total["gmv"] or 0, total["product_clicks"] or 0, row["listed"]
