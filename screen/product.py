"""`GET /api/rooms/{room}/products/{product}`: one product, minute by minute, with what its explanations did, its SKUs and newest orders."""

from typing import Any

from screen import product_minutes
from streams import board, keys, review, unpaid, windows
from streams.board_rules import BoardRules
from streams.material import Material
from streams.products import build
from streams.store.port import Store

Row = dict[str, Any]


async def page(store: Store, material: Material, name: str, now_ms: int, rules: BoardRules) -> Row | None:
    """The page of a product; None when the room has none of that name. Money in minor units, times in ms."""
    ledger = unpaid.read(material, now_ms, rules)
    row = next((row for row in build(material, now_ms, rules, ledger) if row["product"] == name), None)
    if row is None:
        return None
    minutes = (await product_minutes.read(store, material.room, {name: material.minutes}))[name]
    room = {row["at"] // windows.MINUTE_MS: row for row in board.minutes(material, 0, now_ms + 1, now_ms)}
    (skus,) = await store.hashes(material.room, [keys.skus(name)])
    return {
        "product": row,
        "minutes": [{"at": minute * windows.MINUTE_MS, **figures} for minute, figures in minutes.items()],
        "explanations": review.explained(material, name, room, minutes, now_ms),
        "skus": _skus(skus),
        "ledger": ledger.of(name).row(now_ms),
        "orders": [event for event in material.feed if event.get("product") == name],
    }


def _skus(fields: dict[str, str]) -> list[Row]:
    """Each SKU with the figures of its orders, the best sold first."""
    rows: dict[str, Row] = {}
    for field, text in fields.items():
        metric, _, sku = field.partition(keys.SEP)
        rows.setdefault(sku, {"sku": sku})[metric] = int(text)
    return sorted(rows.values(), key=lambda row: (-row.get("gmv", 0), row["sku"]))
