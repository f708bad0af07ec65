"""Rules over the minutes of a broadcast.

minute        100 … 109   110 … 119    120 …
gmv a minute  1000        100          1000
"""

import pytest

from streams.alerts import backtest, parse
from streams.material import Material

MINUTE = 60_000
START = 29_000_000


def rules(when: str, more: str = "") -> list:
    text = f"- id: one\n  kind: trade\n  when: {when}\n  title: {{zh: 题, en: T}}\n  message: {{zh: 文, en: M}}\n{more}"
    found, problems = parse(text)
    assert not problems
    return found


def broadcast() -> Material:
    material = Material("room", facts={"opened_at": str(START * MINUTE), "closed_at": str((START + 30) * MINUTE)})
    for number in range(30):
        gmv = 100 if 10 <= number < 20 else 1000
        material.minutes[START + number] = {"gmv": gmv, "orders_paid": 1, "entries": 10, "viewers": 10, "o11": 50, "likes": 2}
    return material


def steps(found: list, material: Material, people: dict | None = None) -> list[tuple[str, int]]:
    return [(each.to, (each.at + 1) // MINUTE - START) for each in backtest.run(found, material, people or {})]


def test_windows_are_whole_minutes() -> None:
    # last_5m : previous_5m after minute 13: 1400:5000 · 14: 500:5000 · 16: 500:3200 · 17: 500:2300
    assert steps(rules("last_5m.gmv < previous_5m.gmv * 0.2"), broadcast()) == [("firing", 15), ("resolved", 18)]


def test_the_same_rules_live_on_through_for_and_the_end_of_the_broadcast() -> None:
    found = rules("online.now == 50.0", "  for: 3m\n")
    assert steps(found, broadcast()) == [("pending", 1), ("firing", 4)]


def test_totals_count_until_then_and_people_come_from_outside() -> None:
    assert steps(rules("total.likes >= 20"), broadcast()) == [("firing", 10)]
    people = {START + 6: {"last_5m": {"viewers": 99}, "previous_5m": {}}}
    assert steps(rules("last_5m.viewers > 50"), broadcast(), people) == [("firing", 7), ("resolved", 8)]


def test_a_silent_topic_makes_it_unknown() -> None:
    material = broadcast()
    for number in range(12, 30):
        material.minutes[START + number] = {"gmv": 100, "orders_paid": 1}
    found = rules("last_5m.entries == 0", "  needs: {live.views: 60s}\n")
    assert steps(found, material) == []


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("last_5m.pay_rate < 0.1", "last_5m.pay_rate"),
        ("total.viewers > 5", "total.viewers"),
        ("unpaid.orders > 5", "unpaid.orders"),
        ("last_5m.viewers > 5 && total.gmv > 5", None),
    ],
)
def test_what_minutes_do_not_keep_is_not_judged(when: str, reason: str | None) -> None:
    (rule,) = rules(when)
    assert backtest.not_judged(rule) == reason


def test_rules_of_products_are_not_judged() -> None:
    (rule,) = rules("product.left < 5", "  subject: product\n")
    assert backtest.not_judged(rule) == "subject product"


def test_nothing_happened() -> None:
    assert steps(rules("total.likes >= 0"), Material("room")) == []
