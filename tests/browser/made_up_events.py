"""Alerts, the event feed and a product's page of the made-up broadcast; every number follows from the time on air."""

from typing import Any

from made_up_texts import HOSTILE

Row = dict[str, Any]
MINUTE_MS = 60_000
_KINDS = ("created", "paid", "followed", "created", "paid", "joined_club", "created", "refunded", "followed", "cancelled")
_ALERTS = (
    (
        "critical",
        "firing",
        95,
        "traffic",
        "在线人数骤降",
        "The audience is leaving",
        "在线 812 人,比前 5 分钟平均(2,104 人)少 61.4%",
        "812 online, 61.4% fewer than the mean of the 5 minutes before (2,104)",
    ),
    (
        "warning",
        "firing",
        310,
        "orders",
        "订单压单",
        "Orders wait for payment",
        "待支付订单 37 单,最早的已等 6 分钟",
        "37 orders wait for payment, the oldest for 6 minutes",
    ),
    (
        "warning",
        "acknowledged",
        700,
        "stock",
        "库存告急",
        "Little stock",
        "「玻尿酸补水面膜 30 片装」只剩 4 件",
        "“玻尿酸补水面膜 30 片装” has 4 left",
    ),
    ("info", "firing", 130, "traffic", "点赞激增", "Likes are surging", "近 5 分钟点赞 2,204 次", "2,204 likes in 5 minutes"),
    ("warning", "resolved", 2900, "trade", "成交金额下降", "Less GMV", "近 5 分钟成交 ¥1,204,少 72%", "¥1,204 in 5 minutes, 72% less"),
)


def alerts(now_ms: int, hostile: bool) -> Row:
    """The table of alerts: one critical, others acknowledged and over."""
    rows: Row = {}
    for i, (severity, status, seconds, kind, title, title_en, message, message_en) in enumerate(_ALERTS):
        fired = now_ms // MINUTE_MS * MINUTE_MS - seconds * 1000
        rows[f"rule{i}:digest:1"] = {
            "rule": f"rule{i}",
            "subject": "",
            "status": status,
            "at": fired,
            "fired_at": fired,
            "resolved_at": fired + 400_000 if status == "resolved" else None,
            "severity": severity,
            "kind": kind,
            "title_zh": title,
            "title_en": title_en,
            "message_zh": HOSTILE[i] if hostile else message,
            "message_en": HOSTILE[i] if hostile else message_en,
            "false_alarm": False,
            "unknown": None,
            "acknowledged_by": (HOSTILE[2] if hostile else "小林") if status == "acknowledged" else None,
            "assigned_to": None,
            "comment": None,
        }
    return rows


def violations(now_ms: int, on_air_s: float, hostile: bool) -> Row:
    """The newest of what was found, one every two minutes: a comment each, and a flood."""
    rows: Row = {}
    for i in range(int(on_air_s / 120))[-20:]:
        rule = ("contact", "link", "flood_user", "abuse", "trade", "superlative")[i % 6]
        rows[f"f{i}"] = {
            "id": f"f{i}",
            "kind": "violation_found",
            "at": now_ms - int((on_air_s - i * 120) * 1000),
            "user": f"u{i}",
            "nickname": HOSTILE[i % 7][:60] if hostile else f"用户{i * 7919 % 9973}",
            "text": HOSTILE[i % 7] if hostile else "加薇信 abc123 有优惠",
            "rule": rule,
            "term": "薇信",
            "count": 24 if rule == "flood_user" else 1,
        }
    return rows


def feed(now_ms: int, on_air_s: float, products: int) -> Row:
    """The newest hundred events: orders in every state, follows, joins."""
    newest = int(on_air_s / 9)
    rows = [_event(i, now_ms - int((on_air_s - i * 9) * 1000), products) for i in range(max(0, newest - 100), newest)]
    return {f"{row['kind']}:{row['id']}": row for row in rows}


#: How many orders wait for payment in the whole room, and how many have waited too long: more than a page of them, and than the feed.
UNPAID, LAPSED = 149, 3


def open_orders(now_ms: int, lapsed: bool) -> list[Row]:
    """Those that wait for payment, the oldest first; or those that lapsed, the newest first."""
    made = {"kind": "created", "user": "z***9", "product": "p3", "quantity": 1, "amount": 2990, "sku": None}
    ages = range(31, 31 + LAPSED) if lapsed else range(UNPAID, 0, -1)
    minute = MINUTE_MS if lapsed else MINUTE_MS // 10
    return [{**made, "id": f"old{age}", "order": f"old{age}", "at": now_ms - age * minute} for age in ages]


def _event(i: int, at: int, products: int) -> Row:
    kind = _KINDS[i % len(_KINDS)]
    row: Row = {"id": f"e{i}", "kind": kind, "at": at, "user": f"{'abcdefgh'[i % 8]}***{i % 10}"}
    if kind in {"followed", "joined_club"}:
        return row
    # What is paid was made by the event before it; other orders stay alone.
    number = i - 1 if kind == "paid" else i
    product = number * 5 % max(1, min(products, 7))
    return row | {
        "order": f"o{number}",
        "product": f"p{product}",
        "quantity": 1 + number % 3,
        "amount": 2990 * (1 + number % 3),
        "sku": f"p{product}-01",
    }


def channels(sources: Row) -> Row:
    """All natural sources together, and all paid ones."""
    found = {}
    for name in ("natural", "paid"):
        rows = [row for row in sources.values() if row["natural"] == (name == "natural")]
        counted = ("impressions", "entries", "entries_share", "orders_paid", "gmv", "gmv_share", "cost", "refund_amount", "net_gmv")
        sums = {metric: sum(row[metric] for row in rows) for metric in counted}
        found[name] = {
            **sums,
            "gpm": sums["gmv"] * 1000 / sums["entries"] if sums["entries"] else None,
            "conversion": sums["orders_paid"] / sums["entries"] if sums["entries"] else None,
            "order_value": sums["gmv"] / sums["orders_paid"] if sums["orders_paid"] else None,
            "roi": sums["gmv"] / sums["cost"] if sums["cost"] else None,
            "net_roi": sums["net_gmv"] / sums["cost"] if sums["cost"] else None,
        }
    return found


def plans(sources: Row) -> Row:
    """Two plans of one source, and the only one of another."""
    found: Row = {}
    for source, plan, share in (("ads_feed", "短视频引流", 0.7), ("ads_feed", "直播间成交", 0.3), ("ads_boost", "直播加热", 1.0)):
        if row := sources.get(source):
            returns = {name: row[name] if share == 1 else None for name in ("gmv", "net_gmv", "roi", "net_roi")}
            found[f"{source}{plan}"] = {"source": source, "plan": plan, "cost": int(row["cost"] * share), "cost_share": share, **returns}
    return found


def source_minutes(source: Row, minutes: list[Row]) -> list[Row]:
    """A source's part of the room's minutes; an advertisement begins and ends."""
    found = []
    for i, row in enumerate(minutes):
        if not source["natural"] and i % 40 > 25:
            continue
        entries, orders = int(row["entries"] * (source["entries_share"] or 0)), int(row["orders_paid"] * (source["gmv_share"] or 0) + 0.5)
        money = {"gmv": orders * 9870, "cost": 0 if source["natural"] else orders * 3100}
        rates = {"conversion": orders / entries if entries else None, "gpm": money["gmv"] * 1000 / entries if entries else None}
        found.append({"at": row["at"], "impressions": entries * 4, "entries": entries, "orders_paid": orders, **money, **rates})
    return found


def product_page(name: str, tables: Row, now_ms: int) -> Row | None:
    """What `GET /api/rooms/{room}/products/{product}` gives; None for a product that is not there."""
    flat = tables["products"].get(name)
    if flat is None:
        return None
    own: Row = {key: value for key, value in flat.items() if "." not in key}
    parts: Row = {
        part: {key.partition(".")[2]: value for key, value in flat.items() if key.startswith(f"{part}.")} for part in ("total", "last_5m")
    }
    last = now_ms // MINUTE_MS
    minutes = [_minute(last - back, back) for back in range(120, -1, -1) if back % 11 != 5]
    return {
        "product": {"product": name, **own, **parts},
        "minutes": minutes,
        "explanations": [
            _explanation(last - 90, 6, True),
            _explanation(last - 40, 3, False),
            _explanation(last - 3, 4, True) | {"end": None},
        ],
        "skus": [
            {
                "sku": f"{name}-0{i}",
                "orders_created": 40 - 9 * i,
                "orders_paid": 35 - 9 * i,
                "items_sold": 37 - 9 * i,
                "gmv": 229_900 - 60_000 * i,
            }
            for i in range(3)
        ],
        "orders": [row for row in tables["feed"].values() if row.get("product") == name],
        "ledger": {"orders": UNPAID, "lapsed": LAPSED, "oldest_at": None},
    }


def _minute(minute: int, back: int) -> Row:
    explained = 84 <= back <= 90 or back <= 3
    clicks = (back * 7 % 13 + 3) * (4 if explained else 1)
    paid = clicks // 9
    return {
        "at": minute * MINUTE_MS,
        "product_impressions": clicks * 4,
        "product_clicks": clicks,
        "carts": clicks // 4,
        "orders_created": paid + 1,
        "orders_paid": paid,
        "orders_cancelled": 0,
        "items_sold": paid,
        "gmv": paid * 5990,
        "refunds": 0,
        "refund_amount": 0,
    }


def _explanation(minute: int, length: int, enough: bool) -> Row:
    clicks = 214 if enough else 9
    return {
        "start": minute * MINUTE_MS + 12_000,
        "end": (minute + length) * MINUTE_MS - 20_000,
        "duration_ms": length * MINUTE_MS - 32_000,
        "minutes": length,
        "during": {"product_clicks": clicks, "orders_paid": clicks // 9, "gmv": clicks // 9 * 5990, "entries": 2210, "online": 2184.5},
        "before": {
            "product_clicks": clicks // 3,
            "orders_paid": clicks // 27,
            "gmv": clicks // 27 * 5990,
            "entries": 1893,
            "online": 2011.3,
        },
        "on_air": True,
        "enough": enough,
    }
