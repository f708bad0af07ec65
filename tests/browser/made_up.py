"""A made-up broadcast: figures follow from the seconds on air alone, so that two browsers see the same."""

import math
import random
import time
from typing import Any

from made_up_events import LAPSED, UNPAID, alerts, channels, feed, plans, violations
from made_up_texts import HOSTILE, POLL, SAYINGS, SPLITS, TITLES, WORDS

from streams.metrics import DICTIONARY


class Broadcast:
    """One made-up room; figures follow from the seconds on air alone, so that two browsers see the same."""

    def __init__(self, room: str) -> None:
        self.room, self.epoch, self.made = room, f"{random.getrandbits(32):x}", time.time()
        self.over: dict[int, dict[str, float]] = {}
        self.hostile = room == "hostile"
        self.on_air_s = 0 if room in ("empty", "unopened") else 12 * 3600 if room == "long" else 2 * 3600 + 760
        self.products = 200 if room in ("busy", "long") else 0 if room in ("empty", "unopened") else 24

    def pace(self, minute: float) -> float:
        """Relative traffic at a minute on air: it ebbs and surges."""
        return max(
            0.15,
            0.75
            + 0.3 * math.sin(minute / 17)
            + 0.22 * math.sin(minute / 5.3 + 1)
            + 0.35 * math.exp(-(((minute % 47) - 30) ** 2) / 18)
            + 0.05 * math.sin(minute * 7.7),
        )

    def figures(self, start_s: float, end_s: float) -> dict[str, float]:
        """All room metrics over seconds on air [start, end)."""
        total = 0.0
        step = max(5.0, (end_s - start_s) / 400)
        at = max(0.0, start_s)
        while at < end_s:
            total += self.pace(at / 60) * min(step, end_s - at) / 60
            at += step
        return self.metrics(total, (end_s - max(0.0, start_s)) / 60, end_s / 60)

    def minute(self, number: int, on_air_s: float) -> dict[str, float]:
        """One minute on air; what is over stays as it is."""
        if (number + 1) * 60 > on_air_s:
            return self.figures(number * 60, on_air_s)
        if number not in self.over:
            self.over[number] = self.figures(number * 60, number * 60 + 60)
        return self.over[number]

    def part(self, start_s: float, end_s: float) -> dict[str, float]:
        """The metrics of a window: those that have a meaning for a part of the broadcast."""
        return {
            name: value
            for name, value in self.figures(start_s, end_s).items()
            if name not in ("online", "online_peak", "online_average", "orders_unpaid", "orders_lapsed")
        }

    def metrics(self, load: float, minutes: float, now_minute: float) -> dict[str, Any]:
        """All room metrics for an amount of traffic."""
        spread = 1 + 0.13 * math.sin(now_minute / 9)
        n = {
            "impressions": 2900 * load,
            "entries": 610 * load,
            "leaves": 590 * load,
            "comments": 96 * load,
            "likes": 420 * load,
            "shares": 9 * load,
            "dislikes": 0.8 * load,
            "product_impressions": 1500 * load,
            "product_clicks": 330 * load,
            "carts": 61 * load,
            "orders_created": 31 * load * spread,
            "orders_paid": 26 * load * spread,
            "orders_cancelled": 3 * load,
            "items_sold": 33 * load * spread,
            "refunds": 0.9 * load,
        }
        value: dict[str, Any] = {k: int(v) for k, v in n.items()}
        people = {
            "exposed_users": 0.82 * value["impressions"],
            "viewers": 0.88 * value["entries"],
            "interacting_users": 0.21 * value["entries"],
            "new_fans": 0.021 * value["entries"],
            "club_joins": 0.006 * value["entries"],
            "product_exposed_users": 0.61 * value["entries"],
            "product_click_users": 0.27 * value["entries"],
            "buyers": 0.93 * value["orders_paid"],
        }
        value |= {k: int(v) for k, v in people.items()}
        value["cost"] = int(value["orders_paid"] * 940)
        value["gmv"] = int(value["orders_paid"] * 9870 * (1 + 0.02 * math.sin(now_minute)))
        value["refund_amount"] = value["refunds"] * 8900
        value["net_gmv"] = value["gmv"] - value["refund_amount"]
        value["orders_unpaid"], value["orders_lapsed"] = (UNPAID, LAPSED) if load else (0, 0)
        value["online"] = int(2100 * self.pace(now_minute)) if load else 0
        value["online_peak"], value["online_average"] = (4410, 2012.4) if load else (0, None)
        for name, metric in DICTIONARY.items():
            if metric.formula:
                value[name] = metric.formula({**value, "watched_seconds": value["viewers"] * 83.4, "minutes_on_air": minutes})
        return value

    def product(self, i: int, on_air_s: float, entries: float) -> dict[str, Any]:
        """One row of the products table."""
        weight = 1 / (i + 3) ** 0.8
        load = entries / 610 * weight
        m = self.metrics(load, on_air_s / 60, on_air_s / 60 + i)
        m["gpm"] = m["gmv"] * 1000 / m["product_impressions"] if m["product_impressions"] else None
        m["best_minute_gmv"] = m["gmv"] // 40
        m["orders_unpaid"] = (i * 7) % 5
        current = int(on_air_s // 240) % max(1, min(self.products, 9))
        stock = 0 if i == 5 else (i * 37 + 6) % 640 if i % 6 else 4
        badges = [
            b
            for b, on in (
                ("stock_urgent", stock < 10),
                ("pending_orders", m["orders_unpaid"] > 0),
                ("encore", i % 5 == 1 and i != current and stock >= 10),
            )
            if on
        ]
        title = (
            HOSTILE[i % len(HOSTILE)]
            if self.hostile
            else TITLES[i % len(TITLES)] + ("" if i < len(TITLES) else f" · 款式 {i // len(TITLES) + 1}")
        )
        row = {
            "position": i + 1,
            "number": i + 1 if i != 7 else None,
            "listed_at": None if i == 7 else 1,
            "title": title,
            "price": 2990 + i * 913 % 40000,
            "image": None,
            "stock": stock,
            "campaign_stock": 20 if i % 7 == 3 else None,
            "listed": i % 19 != 18 and i != 7,
            "explaining": i == current,
            "explanations": int(on_air_s // 240 > i) + int(i % 3 == 0),
            "badges": badges,
        }
        parts = ("product_impressions", "product_clicks", "gmv", "orders_paid", "buyers")
        return (
            row
            | {f"total.{k}": v for k, v in m.items()}
            | {f"last_5m.{k}": int((m[k] or 0) * 300 / max(300, on_air_s) * self.pace(on_air_s / 60 + i)) for k in parts}
        )

    def sources(self, total: dict[str, Any]) -> dict[str, Any]:
        """The table of sources."""
        shares = {
            "recommend": (0.41, 0.33),
            "ads_feed": (0.19, 0.27),
            "video": (0.13, 0.1),
            "follow": (0.11, 0.17),
            "ads_boost": (0.06, 0.05),
            "search": (0.05, 0.06),
            "mall": (0.03, 0.01),
            "profile": (0.01, 0.005),
            "ads_brand": (0.004, 0.003),
            "ads_other": (0.003, 0.001),
            "event": (0.002, 0.001),
            "ads_达人合作": (0.001, 0.0),
        }
        rows = {}
        for name, (entries, gmv) in shares.items():
            n, money, orders = int(total["entries"] * entries), int(total["gmv"] * gmv), int(total["orders_paid"] * gmv)
            cost = int(money / (2.1 if name == "ads_feed" else 3.4)) if name.startswith("ads") else 0
            net = money - int(money * 0.06)
            rows[name] = {
                "natural": not name.startswith("ads"),
                "impressions": n * 4,
                "entries": n,
                "entries_share": entries,
                "orders_paid": orders,
                "gmv": money,
                "gmv_share": gmv,
                "gpm": money * 1000 / n if n else None,
                "conversion": orders / n if n else None,
                "order_value": money / orders if orders else None,
                "cost": cost,
                "roi": money / cost if cost else None,
                "refund_amount": money - net,
                "net_gmv": net,
                "net_roi": net / cost if cost else None,
            }
        return rows

    def audience(self, total: dict[str, Any]) -> dict[str, Any]:
        """The audience table."""
        rows = {}
        for dimension, values in SPLITS.items():
            whole, bought = (sum(v[i] for v in values.values()) for i in (0, 1))
            for value, (views, buys) in values.items():
                tgi = 100 * (buys / bought) / (views / whole)
                label = HOSTILE[0] if self.hostile and value == "精致妈妈" else value
                rows[f"{dimension}:{label}"] = {
                    "dimension": dimension,
                    "value": label,
                    "viewers": int(total["viewers"] * views / whole),
                    "buyers": int(total["buyers"] * buys / bought),
                    "tgi": tgi,
                    "watching": int(2100 * views / whole),
                    "paid": int(120 * buys / bought),
                    "unpaid": int(2100 * views / whole) - int(120 * buys / bought),
                }
        return rows

    def scenes(self, now_ms: int, on_air_s: float) -> dict[str, Any]:
        """The table of scenes."""
        start, rows = now_ms - int(on_air_s * 1000), {}
        text = HOSTILE[2] if self.hostile else "主播状态很好,3 号链接转化高,建议返场"
        for i in range(int(on_air_s // 240) + 1):
            rows[f"e{i}"] = {"kind": "explain_started", "at": start + i * 240_000, "product": f"p{i % 9}"}
        extra = [
            (900, "noted", {"note": "n1", "author": "小林", "text": text}),
            (
                2500,
                "violated",
                {"violation": "v1", "reason": "使用绝对化用语「最好」", "advice": "请更正口播", "clip": "https://clips.example/v1"},
            ),
            (3600, "bag_started", {"bag": "b1", "prize": "面膜一盒"}),
            (3900, "bag_drawn", {"bag": "b1", "prize": "面膜一盒"}),
            (5400, "host_on", {"host": "阿宁"}),
            (6900, "noted", {"note": "n2", "author": "场控", "text": "库存见底,改推 7 号"}),
            (7900, "prompted", {"prompt": "q1", "author": "场控", "text": "再讲一遍优惠券怎么领"}),
        ]
        for i, (at, kind, fields) in enumerate(extra):
            if at < on_air_s:
                rows[f"x{i}"] = {"kind": kind, "at": start + at * 1000, **fields}
        return rows

    def comments(self, now_ms: int, on_air_s: float) -> dict[str, Any]:
        """The newest comments."""
        newest, rows = int(on_air_s * 1.3), {}
        for i in range(max(0, newest - 80), newest):
            texts = HOSTILE if self.hostile else SAYINGS
            rows[f"c{i}"] = {
                "at": now_ms - int((newest - i) / 1.3 * 1000),
                "user": f"u{i}",
                "nickname": HOSTILE[i % 7][:60] if self.hostile else f"用户{i * 7919 % 9973}",
                "text": texts[i * 31 % len(texts)],
                "fan": i % 3 == 0,
                "customer": ["new", "old", "unknown"][i % 3],
            }
        return rows

    def tables(self) -> tuple[int, dict[str, Any]]:
        """Everything, as of now."""
        now = time.time()
        now_ms, s = int(now * 1000), self.on_air_s + (now - self.made if self.products else 0)
        opened = None if self.room == "unopened" else now_ms - int(s * 1000)
        status = {"unopened": "unopened", "ended": "ended"}.get(self.room, "live")
        title = HOSTILE[2] if self.hostile else "秋季焕新专场 · 好物直降"
        link = {"store": "ok", "since": 0}
        fresh: dict[str, int | None] = (
            dict.fromkeys(("live.views", "live.clicks", "live.orders", "live.comments"), now_ms - 900) if self.products else {}
        )
        if self.room == "away":
            link = {"store": "away", "since": now_ms - 42_000}
        if self.room == "silent":
            fresh |= {"live.orders": now_ms - 700_000}
        facts = {
            "title": None if status == "unopened" else title,
            "status": status,
            "host": "小鹿" if s else None,
            "currency": "CNY",
            "goal_gmv": 50_000_000 if self.products else None,
            "opened_at": opened,
            "closed_at": now_ms - 4_000_000 if status == "ended" else None,
            "spans": [] if opened is None else [[opened, now_ms - 4_000_000 if status == "ended" else None]],
        }
        limits = {"late_seconds": 15, "unpaid_minutes": 30, "silent_hours": 6}
        total = self.figures(0, s)
        stages = ("exposed_users", "viewers", "product_exposed_users", "product_click_users", "buyers")
        funnel: dict[str, Any] = {}
        for i, (stage, name) in enumerate(zip(("exposed", "entered", "product_exposed", "product_clicked", "paid"), stages, strict=True)):
            above = total[stages[i - 1]] if i else None
            rate = total[name] / above if above else None
            late = None if rate is None else rate * (0.8, 1.0, 1.004, 0.7, 1.4)[i]
            funnel[stage] = {"position": i, "users": total[name], "rate": rate, "rate_5m": late, "rate_hour": rate if s > 3_600 else None}
        first = (now_ms - int(s * 1000)) // 60_000 * 60_000
        minutes = {str(first + k * 60_000): self.minute(k, s) for k in range(int(s // 60) + 1)} if s else {}
        sources = self.sources(total) if self.products else {}
        words = (
            {(HOSTILE[1] if self.hostile and i == 1 else w): {"count": int(900 / (i + 2)) + i % 3} for i, w in enumerate(WORDS)}
            if self.products
            else {}
        )
        return now_ms, {
            "room": {
                "facts": facts,
                "as_of": fresh,
                "limits": limits,
                "ledger": {"orders": UNPAID, "lapsed": LAPSED, "oldest_at": None},
                "link": link,
            },
            "figures": {"total": total, "last_5m": self.part(s - 300, s), "previous_5m": self.part(s - 600, s - 300)},
            "funnel": funnel,
            "sources": sources,
            "channels": channels(sources),
            "plans": plans(sources),
            "products": {f"p{i}": self.product(i, s, total["entries"]) for i in range(self.products)},
            "audience": self.audience(total) if self.products else {},
            "minutes": minutes,
            "comments": self.comments(now_ms, s),
            "words": words,
            "scenes": self.scenes(now_ms, s) if s else {},
            "polls": {answer: {"users": users, "times": users + users // 3} for answer, users in POLL} if self.products else {},
            "words_5m": {word: {"count": row["count"] // 40 + 1} for word, row in list(words.items())[3:14]},
            "feed": feed(now_ms, s, self.products) if s else {},
            "alerts": alerts(now_ms, self.hostile) if s and status == "live" else {},
            "violations": violations(now_ms, s, self.hostile),
            "violation_counts": {"contact": {"count": int(s / 240)}, "abuse": {"count": 3}} if s else {},
        }
