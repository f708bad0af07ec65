"""A product's facts: what is left of it, how fast it goes, and when it will be gone at that pace."""

from collections.abc import Mapping
from math import inf
from typing import Any

from streams import windows

_WINDOW_MINUTES = 5


def facts(row: Mapping[str, Any], ledger: Mapping[str, Any] | None, now_ms: int) -> dict[str, Any]:
    """From a product's row of the board (`streams.products`) and its open orders (`streams.unpaid`), None: there are none."""
    left = None if row["stock"] is None else row["stock"] + row["campaign_stock"]
    listed_minutes = None if row["listed_at"] is None else max(0, now_ms - row["listed_at"]) / windows.MINUTE_MS
    pace = units_per_minute(row["units_5m"], listed_minutes)
    since = row["explaining_since"]
    unpaid = row["total"]["orders_unpaid"]
    copied = ("title", "price", "listed", "stock", "campaign_stock", "explaining", "explanations", "badges", "total", "last_5m")
    return {
        "id": row["product"],
        "number": row["number"],
        "label": row["title"] if row["number"] is None else f"#{row['number']} {row['title']}",
        **{name: row[name] for name in copied},
        "listed_minutes": listed_minutes,
        "left": left,
        "explaining_seconds": 0 if since is None else max(0, now_ms - since) / 1000,
        "units_per_minute": pace,
        "minutes_left": minutes_left(left, pace),
        "unpaid": unpaid,
        "unpaid_older_than_5m": 0 if ledger is None else ledger["older_than_5m"],
    }


def units_per_minute(units: int, listed_minutes: float | None) -> float:
    """The pace of the last 5 minutes, or of those since the product was listed, at least one: a new product is not slow."""
    minutes = _WINDOW_MINUTES if listed_minutes is None else min(_WINDOW_MINUTES, max(1.0, listed_minutes))
    return units / minutes


def minutes_left(left: int | None, pace: float) -> float | None:
    """Until nothing is left at this pace: 0 when nothing is, infinite while nothing sells, None where the stock was never set."""
    if left is None:
        return None
    if left <= 0:
        return 0.0
    return left / pace if pace > 0 else inf
