"""The products of a board: rows and badges (contract, section 3)."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from streams import shelf, windows
from streams.material import Counters, Material, add_up
from streams.metrics import PRODUCT, PRODUCT_PART, product_result

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BoardRules:
    """What an operator may set. stock_urgent_below: units of stock and campaign stock together under which 库存告急 shows."""

    stock_urgent_below: int = 10


def build(material: Material, now_ms: int, rules: BoardRules) -> list[Row]:
    """The rows: those on the shelf first, by when they were listed; then those that are gone or were never listed."""
    clicks, clicks_before = _clicks(material, windows.last_5m(now_ms)), _clicks(material, windows.previous_5m(now_ms))
    part = _part(material, now_ms)
    names = sorted({*material.shelf, *material.products})
    rows = [_row(material, name, part.get(name, {})) for name in names]
    rates = [row["total"]["exposure_pay_rate"] for row in rows if row["total"]["exposure_pay_rate"] is not None]
    typical = median(rates) if rates else None
    for row in rows:
        steady = clicks.get(row["product"], 0) >= clicks_before.get(row["product"], 0)
        row["badges"] = _badges(row, rules, typical, steady)
    return sorted(rows, key=lambda row: (not row["listed"], row["listed_at"] or 0, row["product"]))


def _clicks(material: Material, span: range) -> Counters:
    return add_up(
        {product: counters.get("product_clicks", 0) for product, counters in bucket.products.items()} for bucket in material.within(span)
    )


def _part(material: Material, now_ms: int) -> dict[str, Counters]:
    """Product → its counters, people and buyers in the last 5 minutes."""
    parts: dict[str, list[Counters]] = {}
    buyers: dict[str, set[str]] = {}
    for bucket in material.within(windows.last_5m(now_ms)):
        for product, counters in bucket.products.items():
            parts.setdefault(product, []).append(counters)
        for user, product in bucket.buyers():
            buyers.setdefault(product, set()).add(user)
    return {
        product: add_up(counters) | material.products_part.get(product, {}) | {"buyers": len(buyers.get(product, ()))}
        for product, counters in parts.items()
    }


def _row(material: Material, product: str, part: Counters) -> Row:
    said = material.shelf.get(product) or shelf.Row()
    stock, campaign_stock = shelf.left(said, material.taken.get(product, 0), material.taken_before.get(product, 0))
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
        "total": product_result(PRODUCT, material.products.get(product, {})),
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
