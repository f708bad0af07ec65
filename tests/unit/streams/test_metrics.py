"""The dictionary against the contract's table, read here from a copy of its names and labels."""

from typing import Any

import pytest

from streams import metrics
from streams.metrics import DICTIONARY, PRODUCT, ROOM, ROOM_PART, SOURCE, product_result, result

#: Name → the contract's label.
LABELS = {
    "impressions": "直播间曝光次数", "exposed_users": "直播间曝光人数", "entries": "进入次数", "viewers": "观看人数",
    "online": "实时在线人数", "online_peak": "最高在线人数", "online_average": "平均在线人数", "leaves": "离开次数",
    "average_watch_seconds": "人均观看时长", "comments": "评论次数", "likes": "点赞次数", "shares": "分享次数",
    "interacting_users": "互动人数",
    "new_fans": "新增粉丝", "club_joins": "新加团人数", "dislikes": "负反馈次数",
    "product_impressions": "商品曝光次数", "product_exposed_users": "商品曝光人数", "product_clicks": "商品点击次数",
    "product_click_users": "商品点击人数", "carts": "加购次数", "orders_created": "创建订单数", "orders_paid": "成交订单数",
    "orders_cancelled": "取消订单数", "orders_unpaid": "待支付订单数", "items_sold": "成交件数", "gmv": "成交金额", "buyers": "成交人数",
    "watching_users": "在看人数", "orders_lapsed": "超时未付订单数", "refunds": "退款笔数", "refunded_orders": "退款订单数",
    "refund_amount": "退款金额", "view_rate": "曝光-观看率(次数)", "interaction_rate": "观看-互动率",
    "follow_rate": "观看-关注率", "club_rate": "观看-加团率", "pay_rate": "观看-成交率", "click_pay_rate": "商品点击-成交率",
    "gpm": "千次观看成交金额", "uv_value": "UV价值", "order_value": "笔单价", "customer_value": "客单价", "refund_rate": "退款率",
    "comments_per_minute": "平均评论次数(分钟)", "net_gmv": "净成交金额", "net_roi": "净投产比", "cost": "投放消耗", "roi": "投产比",
}  # fmt: skip
OF_PRODUCTS_AND_SOURCES = {"click_rate", "exposure_pay_rate", "best_minute_gmv", "payment_rate", "conversion", "cost_per_minute"}

#: Computed → (numerator, factor, denominator) of the contract.
FORMULAS = {
    "average_watch_seconds": ("watched_ms", 0.001, "viewers"),
    "view_rate": ("entries", 1, "impressions"),
    "interaction_rate": ("interacting_users", 1, "viewers"),
    "follow_rate": ("new_fans", 1, "viewers"),
    "club_rate": ("club_joins", 1, "viewers"),
    "pay_rate": ("buyers", 1, "viewers"),
    "click_pay_rate": ("buyers", 1, "product_click_users"),
    "gpm": ("gmv", 1000, "entries"),
    "uv_value": ("gmv", 1, "viewers"),
    "order_value": ("gmv", 1, "orders_paid"),
    "customer_value": ("gmv", 1, "buyers"),
    "refund_rate": ("refund_amount", 1, "gmv"),
    "comments_per_minute": ("comments", 1, "minutes_on_air"),
    "click_rate": ("product_click_users", 1, "product_exposed_users"),
    "exposure_pay_rate": ("buyers", 1, "product_exposed_users"),
    "payment_rate": ("orders_paid", 1, "orders_created"),
    "conversion": ("orders_paid", 1, "entries"),
    "roi": ("gmv", 1, "cost"),
    "cost_per_minute": ("cost", 1, "minutes_on_air"),
    "net_roi": ("net_gmv", 1, "cost"),
}


def test_every_metric_of_the_contract_is_in_the_dictionary_under_its_label() -> None:
    assert {name: DICTIONARY[name].zh for name in LABELS} == LABELS
    assert set(DICTIONARY) == {*LABELS, *OF_PRODUCTS_AND_SOURCES}


@pytest.mark.parametrize("metric", DICTIONARY.values(), ids=lambda metric: metric.name)
def test_every_metric_explains_itself_in_both_languages(metric: metrics.Metric) -> None:
    assert all((metric.zh, metric.en, metric.definition_zh, metric.definition_en))
    assert metric.unit in {"count", "people", "money", "seconds", "ratio", "rate"}
    assert (metric.formula is not None) == (metric.name in FORMULAS)


@pytest.mark.parametrize(("name", "above", "times", "below"), [(name, *rest) for name, rest in FORMULAS.items()])
def test_formulas(name: str, above: str, times: float, below: str) -> None:
    stored: dict[str, Any] = {above: 7, below: 4}
    assert result((name,), stored)[name] == pytest.approx(7 * times / 4)
    assert result((name,), {below: 4})[name] == 0
    for nothing in ({above: 7}, {above: 7, below: 0}, {}):
        assert result((name,), nothing)[name] is None


def test_a_products_gpm_goes_by_its_impressions() -> None:
    stored = {"gmv": 500, "product_impressions": 20, "entries": 5}
    assert product_result(("gpm",), stored)["gpm"] == 25_000
    assert product_result(("gpm",), {"gmv": 500, "entries": 5})["gpm"] is None


def test_net_figures_subtract_refunds() -> None:
    stored = {"gmv": 900, "refund_amount": 300, "cost": 200}
    assert result(("net_gmv", "roi", "net_roi"), stored) == {"net_gmv": 600, "roi": 4.5, "net_roi": 3.0}
    assert result(("net_gmv", "net_roi"), {"refund_amount": 5}) == {"net_gmv": -5, "net_roi": None}


def test_what_never_happened_is_0() -> None:
    assert result(("gmv", "viewers", "orders_unpaid"), {}) == {"gmv": 0, "viewers": 0, "orders_unpaid": 0}


def test_every_scope_has_the_contracts_figures() -> None:
    assert set(LABELS) <= set(ROOM)
    assert set(ROOM) - set(ROOM_PART) == {"online", "online_peak", "online_average", "orders_unpaid", "orders_lapsed"}
    assert {"orders_unpaid", "payment_rate", "best_minute_gmv", "exposure_pay_rate", "click_pay_rate", "click_rate", "gpm"} <= set(PRODUCT)
    assert {"entries", "orders_paid", "gmv", "gpm", "conversion", "order_value", "cost", "roi", "net_gmv", "net_roi"} <= set(SOURCE)


def test_over_a_part_of_the_broadcast_the_share_is_of_those_who_are_there() -> None:
    stored = {
        "viewers": 2,
        "watching_users": 10,
        "interacting_users": 4,
        "buyers": 1,
        "gmv": 500,
        "online_seconds": 900,
        "watched_ms": 6_360_000,
    }
    names = ("interaction_rate", "pay_rate", "uv_value", "average_watch_seconds")
    assert metrics.part_result(names, stored) == {"interaction_rate": 0.4, "pay_rate": 0.1, "uv_value": 50.0, "average_watch_seconds": 90.0}
    assert result(names, stored) == {"interaction_rate": 2.0, "pay_rate": 0.5, "uv_value": 250.0, "average_watch_seconds": 3_180.0}


def test_the_dictionary_says_what_a_part_is_divided_by() -> None:
    divided = {name for name, metric in DICTIONARY.items() if metric.formula is not None and metric.formula.below == "viewers"}
    assert divided == set(metrics.PART) == {name for name, metric in DICTIONARY.items() if "÷ 在看人数" in metric.definition_zh}
    assert all("people watching" in DICTIONARY[name].definition_en for name in divided)
