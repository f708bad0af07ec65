from collections.abc import Callable
from math import inf
from typing import Any

import pytest

from streams import shelf
from streams.alerts.facts import Facts, Named
from streams.material import Material
from streams.unpaid import Open
from tests.rooms.build import MINUTE, NOW

Shown = Callable[..., dict[str, Any]]


def rows(**metrics: dict[int, float]) -> list[dict[str, Any]]:
    """Minute rows by metric: {age in minutes: value}; NOW begins a minute."""
    ages = sorted({age for values in metrics.values() for age in values}, reverse=True)
    return [{"at": NOW - age * MINUTE, **{name: values[age] for name, values in metrics.items() if age in values}} for age in ages]


def test_fifteen_minutes_are_the_running_one_and_fourteen_before(shown: Shown) -> None:
    facts = Facts(shown(), rows(gmv={0: 1, 1: 10, 14: 100, 15: 1_000}), NOW)
    assert facts["last_15m"]["gmv"] == 111
    assert facts["last_15m"]["orders_paid"] == 0


def test_online_is_compared_with_five_full_minutes(shown: Shown) -> None:
    minutes = rows(online={0: 999, 1: 10, 2: 20, 3: 30, 5: 40, 6: 999})
    assert Facts(shown(total={"online": 7}), minutes, NOW)["online"] == {"now": 7, "before": 20}


def test_a_room_younger_than_five_minutes_has_no_before(shown: Shown) -> None:
    assert Facts(shown(), rows(online={0: 1, 1: 10, 4: 10}), NOW)["online"]["before"] is None
    assert Facts(shown(), [], NOW)["online"]["before"] is None


def test_minutes_have_their_age(shown: Shown) -> None:
    found = Facts(shown(), rows(gmv={0: 1, 3: 2, 29: 3, 30: 4}), NOW + 59_999)["minutes"]
    assert [(row["age"], row["gmv"]) for row in found] == [(29, 3), (3, 2), (0, 1)]


def material_with_orders(*minutes_ago: int) -> Material:
    made = Material("room", products={"p": {}})
    for number, ago in enumerate(minutes_ago):
        order = Open(f"e{number}", NOW - ago * MINUTE, "user", "p", 1, 100)
        made.put_open(order.at // MINUTE, {**made.opens.get(order.at // MINUTE, {}), f"o{number}": order})
    return made


def test_unpaid_orders_by_their_age_and_those_that_have_lapsed(shown: Shown) -> None:
    facts = Facts(shown(material_with_orders(0, 4, 5, 14, 15, 29, 30, 99)), [], NOW)
    assert facts["unpaid"] == {"orders": 6, "lapsed": 2, "older_than_5m": 4, "older_than_15m": 2, "older_than_30m": 0}
    product = dict(facts.subjects("product"))["p"]
    assert (product["unpaid"], product["unpaid_older_than_5m"]) == (6, 4)


def test_minutes_on_air(shown: Shown) -> None:
    assert Facts(shown(), [], NOW)["room"]["minutes_on_air"] == 60
    said = [{"kind": kind, "id": kind, "at": NOW - ago * MINUTE} for kind, ago in (("opened", 50), ("closed", 20))]
    assert Facts(shown(Material("room", scenes=said)), [], NOW)["room"]["minutes_on_air"] == 30
    never_opened = Material("room", minutes={NOW // MINUTE - 4: {"entries": 1}})
    assert Facts(shown(never_opened), [], NOW)["room"]["minutes_on_air"] == 4 + NOW % MINUTE / MINUTE


def test_topics_say_how_long_and_how_far_behind(shown: Shown) -> None:
    board = shown(last_5m={"entries": 5, "impressions": 7}, previous_5m={"orders_paid": 2, "orders_created": 3})
    board["as_of"]["live.views"] = NOW - 61_000
    board["as_of"]["live.clicks"] = None
    board["backlog"] = {"live.orders": 20_000}
    found = dict(Facts(board, [], NOW).subjects("topic"))
    assert found["live.views"] == {
        "name": "live.views", "silent_seconds": 61, "behind_seconds": None, "last_5m": 12, "previous_5m": 0
    }  # fmt: skip
    assert found["live.clicks"]["silent_seconds"] is None
    assert (found["live.orders"]["behind_seconds"], found["live.orders"]["previous_5m"]) == (20, 5)


def test_a_violation_told_twice_is_one_the_newer(shown: Shown) -> None:
    board = shown()
    board["scenes"] = [
        {"id": "violated:2", "kind": "violated", "at": NOW - 1_000, "violation": "v", "reason": "new"},
        {"id": "noted:1", "kind": "noted", "at": NOW},
        {"id": "violated:1", "kind": "violated", "at": NOW - 9_000, "violation": "v", "reason": "old", "advice": "a"},
        {"id": "violated:3", "kind": "violated", "at": NOW + 5_000, "violation": "w", "reason": "r"},
    ]
    found = dict(Facts(board, [], NOW).subjects("violation"))
    assert found["v"] == {"id": "v", "reason": "new", "advice": "", "age_seconds": 1}
    assert found["w"]["age_seconds"] == 0


def test_findings_are_one_subject_a_rule_with_the_newest_text(shown: Shown) -> None:
    plain = {"user": None, "nickname": "n", "term": "t", "count": 1}
    board = shown()
    board["violations"] = [
        {**plain, "rule": "abuse", "text": "new", "at": NOW - 2_000},
        {**plain, "rule": "flood_text", "text": "f", "at": NOW - 60_000, "count": 30},
        {**plain, "rule": "abuse", "text": "old", "at": NOW - 299_999},
        {**plain, "rule": "abuse", "text": "gone", "at": NOW - 300_000},
        {**plain, "rule": "link", "text": "gone", "at": NOW - 300_000},
    ]
    found = dict(Facts(board, [], NOW).subjects("finding"))
    assert {rule: (row["text"], row["rows"], row["times"], row["age_seconds"]) for rule, row in found.items()} == {
        "abuse": ("new", 2, 1, 2), "flood_text": ("f", 1, 30, 60)
    }  # fmt: skip
    assert found["abuse"]["user"] == ""


def test_a_product_of_the_board(shown: Shown) -> None:
    row = shelf.Row(title="T", listed=True, listed_at=NOW - 2 * MINUTE, stock=30, campaign_stock=10, campaign_at=0, set_at=0)
    row.explaining_since = NOW - 5_000
    material = Material("room", facts={"opened_at": "0"}, shelf={"p": row}, products={"p": {}})
    product = dict(Facts(shown(material), [], NOW).subjects("product"))["p"]
    assert (product["left"], product["listed_minutes"], product["explaining_seconds"], product["unpaid"]) == (40, 2, 5, 0)
    assert (product["units_per_minute"], product["minutes_left"]) == (0, inf)


def test_names_are_the_subjects_own_and_the_rooms(shown: Shown) -> None:
    facts = Facts(shown(), [], NOW)
    names = Named(facts, "product", {"left": 3})
    assert names["product"] == {"left": 3}
    assert names["room"] == facts["room"]
    with pytest.raises(KeyError):
        names["source"]
    assert Named(facts, "room", {})["room"] == facts["room"]
