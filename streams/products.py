"""The products of a board: rows and badges (contract, section 3)."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from streams import shelf, windows
from streams.board_rules import BoardRules
from streams.material import Material
from streams.metrics import PRODUCT, PRODUCT_PART, product_result
from streams.rolling import Counters, Rolling
from streams.unpaid import Ledger

Row = dict[str, Any]


@dataclass(slots=True)
class _Kept:
    """A row, and what it was made of. `judged_by`: the room's median rate and the rules, by which it has its badges."""

    made_of: tuple[Any, ...]
    row: Row
    steady: bool
    judged_by: tuple[float | None, BoardRules] | None = None


def build(material: Material, now_ms: int, rules: BoardRules, ledger: Ledger) -> list[Row]:
    """The rows: those on the shelf first, by when they were listed; then those that are gone or were never listed.

    A row that stays the same is the same object: it must not be changed.
    """
    last, before = material.window("last_5m", windows.last_5m(now_ms)), material.window("previous_5m", windows.previous_5m(now_ms))
    kept = [_kept(material, name, last, before, ledger) for name in {**material.shelf, **material.products}]
    rates = [rate for each in kept if (rate := each.row["total"]["exposure_pay_rate"]) is not None]
    judged_by = (median(rates) if rates else None), rules
    for each in kept:
        if each.judged_by != judged_by:
            each.judged_by = judged_by
            badges = _badges(each.row, rules, judged_by[0], each.steady)
            if badges != each.row["badges"]:
                each.row = {**each.row, "badges": badges}
    return sorted([each.row for each in kept], key=lambda row: (not row["listed"], row["listed_at"] or 0, row["product"]))


def _clicks(window: Rolling, product: str) -> int:
    return window.products.get(product, {}).get("product_clicks", 0)


def _kept(material: Material, product: str, last: Rolling, before: Rolling, ledger: Ledger) -> _Kept:
    """The row, made anew only when something that it is made of has changed."""
    people = material.products_part.get(product)
    said, total = material.shelf.get(product), material.products.get(product)
    taken = _taken(material, product, said, ledger)
    open_orders = ledger.figures(product)
    made_of = said, total, taken, open_orders, people, last.changes.get(product), before.changes.get(product)
    kept: _Kept | None = material.product_rows.get(product)
    if kept is not None and kept.made_of == made_of:
        return kept
    part: Counters = {}
    if product in last.products:
        part = {**last.products[product], **(people or {}), "buyers": len(last.product_buyers.get(product, ()))}
    row = _row(product, said or shelf.Row(), {**(total or {}), **open_orders}, part, taken)
    kept = material.product_rows[product] = _Kept(made_of, row, _clicks(last, product) >= _clicks(before, product))
    return kept


def _taken(material: Material, product: str, said: shelf.Row | None, ledger: Ledger) -> tuple[int, int]:
    """Units taken since the stock was set, and between the setting of the campaign's and that: without those whose orders have lapsed."""
    since, before = material.taken.get(product, 0), material.taken_before.get(product, 0)
    if said is None or said.set_at == shelf.UNSET:
        return since, before
    of = ledger.of(product)
    return since - of.freed(said.set_at), before - of.freed(said.campaign_at, said.set_at)


def _row(product: str, said: shelf.Row, total: Counters, part: Counters, taken: tuple[int, int]) -> Row:
    stock, campaign_stock = shelf.left(said, *taken)
    return {
        "product": product,
        "title": said.title or product,
        "number": said.number,
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
