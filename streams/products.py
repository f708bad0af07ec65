"""The products of a board: rows and badges (contract, section 3)."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from streams import shelf, windows
from streams.material import Material
from streams.metrics import PRODUCT, PRODUCT_PART, product_result
from streams.rolling import Counters, Rolling

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BoardRules:
    """What an operator may set. stock_urgent_below: units of stock and campaign stock together under which 库存告急 shows."""

    stock_urgent_below: int = 10


def build(material: Material, now_ms: int, rules: BoardRules) -> list[Row]:
    """The rows: those on the shelf first, by when they were listed; then those that are gone or were never listed.

    A row that stays the same is the same object: it must not be changed.
    """
    last, before = material.window("last_5m", windows.last_5m(now_ms)), material.window("previous_5m", windows.previous_5m(now_ms))
    names = sorted({*material.shelf, *material.products})
    rows = [_kept(material, name, last) for name in names]
    rates = [row["total"]["exposure_pay_rate"] for row in rows if row["total"]["exposure_pay_rate"] is not None]
    typical = median(rates) if rates else None
    for number, (name, row) in enumerate(zip(names, rows, strict=True)):
        steady = _clicks(last, name) >= _clicks(before, name)
        badges = _badges(row, rules, typical, steady)
        if badges != row["badges"]:
            rows[number] = {**row, "badges": badges}
            material.product_rows[name] = (material.product_rows[name][0], rows[number])
    return sorted(rows, key=lambda row: (not row["listed"], row["listed_at"] or 0, row["product"]))


def _clicks(window: Rolling, product: str) -> int:
    return window.products.get(product, {}).get("product_clicks", 0)


def _kept(material: Material, product: str, last: Rolling) -> Row:
    """The row, made anew only when something that it is made of has changed."""
    part: Counters = {}
    if product in last.products:
        buyers = {"buyers": len(last.product_buyers.get(product, ()))}
        part = {**last.products[product], **material.products_part.get(product, {}), **buyers}
    taken = material.taken.get(product, 0), material.taken_before.get(product, 0)
    made_of = material.shelf.get(product), material.products.get(product, {}), part, taken
    known = material.product_rows.get(product)
    if known is not None and known[0] == made_of:
        return known[1]
    said, total, *_ = made_of
    row = _row(product, said or shelf.Row(), total, part, taken)
    material.product_rows[product] = (said, dict(total), part, taken), row
    return row


def _row(product: str, said: shelf.Row, total: Counters, part: Counters, taken: tuple[int, int]) -> Row:
    stock, campaign_stock = shelf.left(said, *taken)
    return {
        "product": product,
        "title": said.title or product,
        "price": said.price if said.listed_at is not None else None,
        "image": said.image,
        "listed": said.listed,
        "listed_at": said.listed_at,
        "stock": stock,
        "campaign_stock": campaign_stock,
        "units_5m": part.get("units_taken", 0),
        "explaining": said.explaining_since is not None,
        "explaining_since": said.explaining_since,
        "explanations": said.explanations,
        "badges": [],
        "total": product_result(PRODUCT, total),
        "last_5m": product_result(PRODUCT_PART, part),
    }


def _badges(row: Row, rules: BoardRules, typical: float | None, steady: bool) -> list[str]:
    """stock_urgent 库存告急 · pending_orders 压单 · encore 推荐返场. `typical`: the room's median exposure_pay_rate."""
    urgent = row["stock"] is not None and row["stock"] + row["campaign_stock"] < rules.stock_urgent_below
    badges = ["stock_urgent"] if urgent else []
    if row["total"]["orders_unpaid"] > 0:
        badges.append("pending_orders")
    rate = row["total"]["exposure_pay_rate"]
    wanted = rate is not None and typical is not None and rate >= typical
    if row["explanations"] and not row["explaining"] and not urgent and wanted and steady:
        badges.append("encore")
    return badges
