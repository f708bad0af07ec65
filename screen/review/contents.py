"""Which tables a review has, and what stands in them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from screen.review.tables import Column, Row, Sort, Table, Writing, metrics, sort_of
from screen.review.words import source

_MINUTE = ("online", "impressions", "entries", "comments", "likes", "new_fans", "product_clicks", "orders_created", "orders_paid", "gmv")
_SOURCE = ("entries", "orders_paid", "gmv", "gpm", "conversion", "order_value", "cost", "roi", "net_gmv", "net_roi")
_PRODUCT = (
    "product_impressions", "product_clicks", "carts", "orders_created", "orders_paid", "orders_unpaid", "orders_lapsed",
    "items_sold", "gmv", "buyers",
    "click_rate", "click_pay_rate", "exposure_pay_rate", "gpm", "best_minute_gmv", "refunds", "refunded_orders", "refund_amount",
)  # fmt: skip
_COMPARED = ("online", "entries", "product_clicks", "orders_paid", "gmv")
_OF_NOTE: tuple[tuple[str, Sort], ...] = (("at", "time"), ("text", "text"), ("author", "text"), ("number", "count"), ("product", "text"))
_HOST: tuple[tuple[str, Sort], ...] = (
    ("host", "text"), ("shifts", "count"), ("hours", "number"), ("gmv", "money"), ("gmv_per_hour", "money"), ("entries", "count"),
    ("watch_per_entry", "number"), ("new_fans", "count"), ("orders_paid", "count"), ("conversion", "ratio"),
)  # fmt: skip
_ALERT: tuple[tuple[str, Sort], ...] = (
    ("fired_at", "time"), ("severity", "word"), ("title", "text"), ("alert_message", "text"), ("status", "word"), ("resolved_at", "time"),
    ("false_alarm", "word"), ("acknowledged_by", "text"), ("comment", "text"),
)  # fmt: skip


def tables(review: Row, alerts: Sequence[Row], writing: Writing) -> list[Table]:
    """All of them, in the order of reading."""
    return [
        _totals(review, writing),
        writing.table("funnel", (("stage", "word"), ("users", "count"), ("rate", "ratio")), review["funnel"]),
        _sources(review, writing),
        writing.table("hosts", _HOST, [{**row, "watch_per_entry": row["average_watch_seconds"]} for row in review["hosts"]]),
        products(review, writing),
        explanations(review, writing),
        notes(review["notes"], writing),
        _alerts(alerts, writing),
        writing.table("trend", (("at", "time"), *metrics(_MINUTE)), review["minutes"]),
    ]


def products(review: Row, writing: Writing) -> Table:
    """The products with their figures."""
    columns: list[tuple[str, Sort]] = [("number", "count"), ("product", "text"), ("title", "text"), ("price", "money"), ("stock", "count")]
    return writing.table("products", columns + metrics(_PRODUCT), [{**row, **row["total"]} for row in review["products"]])


def explanations(review: Row, writing: Writing) -> Table:
    """What each explanation did."""
    rows = [
        {
            **span,
            **{name: row[name] for name in ("number", "product", "title")},
            **_compared(span, "before", "during"),
            "caveat": _caveat(span),
        }
        for row in review["products"]
        for span in row["explained"]
    ]
    columns: list[tuple[str, Sort]] = [("number", "count"), ("product", "text"), ("title", "text"), ("start", "time"), ("end", "time")]
    compared, headings = _columns(writing, _COMPARED, "before", "during")
    return writing.table("explained", [*columns, *compared, ("caveat", "word")], rows, headings)


def notes(rows: Iterable[Row], writing: Writing) -> Table:
    """The notes, each with its effect."""
    flat = [{**row, **_compared(row["effect"], "before", "after"), "caveat": _caveat(row["effect"])} for row in rows]
    compared, headings = _columns(writing, (*_COMPARED, "conversion"), "before", "after")
    return writing.table("notes", [*_OF_NOTE, *compared, ("caveat", "word")], flat, headings)


def _totals(review: Row, writing: Writing) -> Table:
    rows = [[writing.word(name), writing.cell(value, sort_of(name))] for name, value in review["total"].items()]
    return Table("totals", writing.word("totals"), [Column(writing.word("metric"), "text"), Column(writing.word("value"), "number")], rows)


def _sources(review: Row, writing: Writing) -> Table:
    columns = [("source", "text"), *metrics(_SOURCE), ("entries_share", "ratio"), ("gmv_share", "ratio")]
    rows = [{"source": source(name, writing.language), **row} for name, row in review["sources"].items()]
    return writing.table("sources", columns, rows)


def _alerts(rows: Sequence[Row], writing: Writing) -> Table:
    language = writing.language
    flat = [
        {
            **row,
            "title": row[f"title_{language}"],
            "alert_message": row[f"message_{language}"],
            "false_alarm": "yes" if row["false_alarm"] else None,
        }
        for row in rows
    ]
    return writing.table("alerts", _ALERT, flat, {"fired_at": writing.word("start"), "resolved_at": writing.word("end")})


def _compared(effect: Row, first: str, second: str) -> dict[str, Any]:
    return {f"{part}.{name}": value for part in (first, second) for name, value in effect[part].items()}


def _columns(writing: Writing, names: Iterable[str], first: str, second: str) -> tuple[list[tuple[str, Sort]], Mapping[str, str]]:
    """Each figure before and after, side by side, and the headings of both."""
    columns: list[tuple[str, Sort]] = []
    headings = {}
    for name in names:
        for part in (first, second):
            columns.append((f"{part}.{name}", sort_of(name) if name != "online" else "number"))
            headings[f"{part}.{name}"] = f"{writing.word(name)} · {writing.word(part)}"
    return columns, headings


def _caveat(effect: Row) -> str | None:
    if not effect["on_air"]:
        return "off_air"
    if not effect.get("complete", True):
        return "incomplete"
    return None if effect["enough"] else "few"
