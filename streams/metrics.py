"""The metric dictionary: what each figure is called, what it means, and how it is counted or computed (contract, section 3).

A metric is one of three things:
    counted     a number in a hash of figures, added to by the events of COUNTED (and, after repeats are dropped, by `streams.orders`)
    people      different users, kept in a HyperLogLog by the events of PEOPLE (standard error 0.81 %); `buyers` alone is exact
    computed    a formula over the other two: `Metric.formula`
`result` turns what is stored of a room, product, source, minute or window into the metrics a reader sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, NamedTuple

from streams import topics

Value = int | float | None
Figures = Mapping[str, Value]
Unit = Literal["count", "people", "money", "seconds", "ratio", "rate"]
Group = Literal["traffic", "interaction", "trade"]

#: (topic, kind) → the counter that each event adds 1 to.
COUNTED: dict[tuple[str, str], str] = {
    (topics.VIEWS, "exposed"): "impressions",
    (topics.VIEWS, "entered"): "entries",
    (topics.VIEWS, "stayed"): "stays",
    (topics.VIEWS, "left"): "leaves",
    (topics.VIEWS, "liked"): "likes",
    (topics.VIEWS, "shared"): "shares",
    (topics.VIEWS, "followed"): "follows",
    (topics.VIEWS, "joined_club"): "joins",
    (topics.VIEWS, "disliked"): "dislikes",
    (topics.CLICKS, "exposed"): "product_impressions",
    (topics.CLICKS, "clicked"): "product_clicks",
    (topics.CLICKS, "carted"): "carts",
    (topics.COMMENTS, "commented"): "comments",
}

#: (topic, kind) → the metric that counts each event's user once.
PEOPLE: dict[tuple[str, str], str] = {
    (topics.VIEWS, "exposed"): "exposed_users",
    (topics.VIEWS, "entered"): "viewers",
    (topics.VIEWS, "liked"): "interacting_users",
    (topics.VIEWS, "shared"): "interacting_users",
    (topics.COMMENTS, "commented"): "interacting_users",
    (topics.VIEWS, "followed"): "new_fans",
    (topics.VIEWS, "joined_club"): "club_joins",
    (topics.CLICKS, "exposed"): "product_exposed_users",
    (topics.CLICKS, "clicked"): "product_click_users",
}
#: Who is there: heard of by any event on live.views but `exposed`.
WATCHING = "watching_users"
_HEARD = tuple(kind for topic, kind in COUNTED if topic == topics.VIEWS and kind != "exposed")
ROOM_PEOPLE = (*dict.fromkeys(PEOPLE.values()), WATCHING)
#: People metric → the counters of the events that it is of.
EVENTS_OF: dict[str, tuple[str, ...]] = {
    **{metric: tuple(COUNTED[kind] for kind, name in PEOPLE.items() if name == metric) for metric in dict.fromkeys(PEOPLE.values())},
    WATCHING: tuple(COUNTED[topics.VIEWS, kind] for kind in _HEARD),
}
PRODUCT_PEOPLE = ("product_exposed_users", "product_click_users")

#: Watched time is stored in ms, as an integer, and read as `average_watch_seconds`.
WATCHED_MS = "watched_ms"
#: Minutes on air and the online figures are put beside the stored ones by the reader (`streams.board`).
MINUTES_ON_AIR = "minutes_on_air"
#: So are the seconds that people were online in a part of the broadcast: 5 for each in each 5-s step.
ONLINE_SECONDS = "online_seconds"


class ratio(NamedTuple):  # noqa: N801 (read as a function in the table below)
    """`above` × `times` ÷ `below`; None where the denominator is 0."""

    above: str
    below: str
    times: int = 1

    def __call__(self, figures: Figures) -> Value:
        """The value from the figures it is computed of."""
        denominator = figures.get(self.below)
        return (figures.get(self.above) or 0) * self.times / denominator if denominator else None


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure: labels, unit, group on the screen, definition; `formula` computes it where it is not stored."""

    name: str
    zh: str
    en: str
    unit: Unit
    group: Group
    definition_zh: str
    definition_en: str
    formula: ratio | None = None


_ALL = (
    # --- traffic 流量
    Metric("impressions", "直播间曝光次数", "Impressions", "count", "traffic", "直播间被展示的次数", "Times the room was shown"),
    Metric("exposed_users", "直播间曝光人数", "People reached", "people", "traffic", "看到直播间的去重人数", "Different people the room was shown to"),
    Metric("entries", "进入次数", "Entries", "count", "traffic", "进入直播间的次数", "Times someone entered the room"),
    Metric("viewers", "观看人数", "Viewers", "people", "traffic", "进入直播间的去重人数", "Different people who entered"),
    Metric("watching_users", "在看人数", "People watching", "people", "traffic", "有过任何观看行为(曝光除外)的去重人数", "Different people heard of by anything but an exposure"),
    Metric("online", "实时在线人数", "Online now", "people", "traffic", "已进入、未离开且 60 秒内有观看事件的人数", "People who entered, have not left, and were heard of within 60 s"),
    Metric("online_peak", "最高在线人数", "Peak online", "people", "traffic", "实时在线人数的最大值(5 秒一格)", "The highest number online, by 5-second steps"),
    Metric("online_average", "平均在线人数", "Average online", "people", "traffic", "每分钟在线人数的平均值", "The mean of the minutes' online figures"),
    Metric("leaves", "离开次数", "Leaves", "count", "traffic", "离开直播间的次数", "Times someone left the room"),
    Metric("average_watch_seconds", "人均观看时长", "Average watch time", "seconds", "traffic", "观看总时长 ÷ 观看人数", "Seconds watched ÷ viewers", ratio("watched_seconds", "viewers")),
    Metric("view_rate", "曝光-观看率(次数)", "View rate", "ratio", "traffic", "进入次数 ÷ 直播间曝光次数", "Entries ÷ impressions", ratio("entries", "impressions")),
    # --- interaction 互动
    Metric("comments", "评论次数", "Comments", "count", "interaction", "评论的次数", "Number of comments"),
    Metric("likes", "点赞次数", "Likes", "count", "interaction", "点赞的次数", "Number of likes"),
    Metric("shares", "分享次数", "Shares", "count", "interaction", "分享的次数", "Number of shares"),
    Metric("interacting_users", "互动人数", "Interacting people", "people", "interaction", "评论、点赞或分享过的去重人数", "Different people who commented, liked or shared"),
    Metric("interaction_rate", "观看-互动率", "Interaction rate", "ratio", "interaction", "互动人数 ÷ 观看人数", "Interacting people ÷ viewers", ratio("interacting_users", "viewers")),
    Metric("new_fans", "新增粉丝", "New fans", "people", "interaction", "关注主播的去重人数", "Different people who followed"),
    Metric("follow_rate", "观看-关注率", "Follow rate", "ratio", "interaction", "新增粉丝 ÷ 观看人数", "New fans ÷ viewers", ratio("new_fans", "viewers")),
    Metric("club_joins", "新加团人数", "Club joins", "people", "interaction", "加入粉丝团的去重人数", "Different people who joined the fan club"),
    Metric("club_rate", "观看-加团率", "Club rate", "ratio", "interaction", "新加团人数 ÷ 观看人数", "Club joins ÷ viewers", ratio("club_joins", "viewers")),
    Metric("dislikes", "负反馈次数", "Negative feedback", "count", "interaction", "不感兴趣等负反馈的次数", "Times a viewer gave negative feedback"),
    Metric("comments_per_minute", "平均评论次数(分钟)", "Comments per minute", "rate", "interaction", "评论次数 ÷ 开播分钟数", "Comments ÷ minutes on air", ratio("comments", MINUTES_ON_AIR)),
    # --- trade 交易
    Metric("gmv", "成交金额", "GMV", "money", "trade", "已支付订单的金额，不减退款", "Amount of paid orders; refunds are not subtracted"),
    Metric("orders_created", "创建订单数", "Orders created", "count", "trade", "创建的订单数", "Orders created"),
    Metric("orders_paid", "成交订单数", "Orders paid", "count", "trade", "已支付的订单数", "Orders paid"),
    Metric("orders_cancelled", "取消订单数", "Orders cancelled", "count", "trade", "取消的订单数", "Orders cancelled"),
    Metric("orders_unpaid", "待支付订单数", "Orders unpaid", "count", "trade", "当前已创建而未支付、未取消、也未超时的订单数，记在下单的商品名下", "Orders created and neither paid, cancelled nor lapsed, now; under the product they were created with"),
    Metric("orders_lapsed", "超时未付订单数", "Orders lapsed", "count", "trade", "创建后超过设定时间(默认 30 分钟)仍未支付、未取消的订单数，库存已释放", "Orders neither paid nor cancelled within the set time (30 minutes by default), now; their stock is free again"),
    Metric("items_sold", "成交件数", "Items sold", "count", "trade", "已支付订单的件数", "Items in paid orders"),
    Metric("buyers", "成交人数", "Buyers", "people", "trade", "支付过订单的去重人数(精确)", "Different people who paid for an order (exact)"),
    Metric("refunds", "退款笔数", "Refunds", "count", "trade", "退款的笔数；一个订单可以多次退款", "Number of refunds; an order may have several"),
    Metric("refunded_orders", "退款订单数", "Orders refunded", "count", "trade", "有过退款的去重订单数，计入首次退款的时间", "Different orders with a refund, each at its first"),
    Metric("refund_amount", "退款金额", "Refunded", "money", "trade", "退款的金额", "Amount given back"),
    Metric("product_impressions", "商品曝光次数", "Product impressions", "count", "trade", "商品被展示的次数", "Times a product was shown"),
    Metric("product_exposed_users", "商品曝光人数", "People shown products", "people", "trade", "看到商品的去重人数", "Different people a product was shown to"),
    Metric("product_clicks", "商品点击次数", "Product clicks", "count", "trade", "商品被点击的次数", "Times a product was clicked"),
    Metric("product_click_users", "商品点击人数", "People clicking products", "people", "trade", "点击商品的去重人数", "Different people who clicked a product"),
    Metric("carts", "加购次数", "Added to cart", "count", "trade", "加入购物车的次数", "Times a product was added to a cart"),
    Metric("pay_rate", "观看-成交率", "Pay rate", "ratio", "trade", "成交人数 ÷ 观看人数", "Buyers ÷ viewers", ratio("buyers", "viewers")),
    Metric("click_pay_rate", "商品点击-成交率", "Click-to-pay rate", "ratio", "trade", "成交人数 ÷ 商品点击人数", "Buyers ÷ people clicking products", ratio("buyers", "product_click_users")),
    Metric("gpm", "千次观看成交金额", "GPM", "money", "trade", "成交金额 × 1000 ÷ 进入次数(商品：÷ 商品曝光次数)", "GMV × 1000 ÷ entries (of a product: ÷ its impressions)", ratio("gmv", "entries", 1000)),
    Metric("uv_value", "UV价值", "Value per viewer", "money", "trade", "成交金额 ÷ 观看人数", "GMV ÷ viewers", ratio("gmv", "viewers")),
    Metric("order_value", "笔单价", "Value per order", "money", "trade", "成交金额 ÷ 成交订单数", "GMV ÷ orders paid", ratio("gmv", "orders_paid")),
    Metric("customer_value", "客单价", "Value per buyer", "money", "trade", "成交金额 ÷ 成交人数", "GMV ÷ buyers", ratio("gmv", "buyers")),
    Metric("refund_rate", "退款率", "Refund rate", "ratio", "trade", "退款金额 ÷ 成交金额", "Amount refunded ÷ GMV", ratio("refund_amount", "gmv")),
    Metric("net_gmv", "净成交金额", "Net GMV", "money", "trade", "成交金额 − 退款金额(来源：只减写明来源的退款)", "GMV − amount refunded (of a source: refunds that name it)"),
    # --- advertising
    Metric("cost", "投放消耗", "Advertising cost", "money", "trade", "广告消耗", "Advertising cost"),
    Metric("cost_per_minute", "每分钟消耗", "Cost per minute", "money", "trade", "投放消耗 ÷ 开播分钟数", "Advertising cost ÷ minutes on air", ratio("cost", MINUTES_ON_AIR)),
    Metric("roi", "投产比", "ROI", "rate", "trade", "成交金额 ÷ 投放消耗", "GMV ÷ advertising cost", ratio("gmv", "cost")),
    Metric("net_roi", "净投产比", "Net ROI", "rate", "trade", "净成交金额 ÷ 投放消耗", "Net GMV ÷ advertising cost", ratio("net_gmv", "cost")),
    # --- of a product only
    Metric("click_rate", "商品曝光-点击率(人数)", "Click rate", "ratio", "trade", "商品点击人数 ÷ 商品曝光人数", "People clicking ÷ people shown", ratio("product_click_users", "product_exposed_users")),
    Metric("exposure_pay_rate", "商品曝光-成交率", "Exposure-to-pay rate", "ratio", "trade", "成交人数 ÷ 商品曝光人数", "Buyers ÷ people shown", ratio("buyers", "product_exposed_users")),
    Metric("best_minute_gmv", "单分钟最高成交金额", "Best minute", "money", "trade", "成交金额最高的一分钟的成交金额", "The GMV of its best minute"),
    Metric("payment_rate", "订单支付率", "Payment rate", "ratio", "trade", "成交订单数 ÷ 创建订单数", "Orders paid ÷ orders created", ratio("orders_paid", "orders_created")),
    # --- of a source only
    Metric("conversion", "进入-成交转化率(次数)", "Conversion", "ratio", "trade", "成交订单数 ÷ 进入次数", "Orders paid ÷ entries", ratio("orders_paid", "entries")),
)  # fmt: skip

#: Over a window or a minute the share is of those who are there: who is there now entered earlier.
PART: dict[str, ratio] = {
    metric.name: metric.formula._replace(below=WATCHING)
    for metric in _ALL
    if metric.formula is not None and metric.formula.below == "viewers"
} | {"average_watch_seconds": ratio(ONLINE_SECONDS, WATCHING)}


def _explained(metric: Metric) -> Metric:
    """The metric, with what it is divided by over a part of the broadcast."""
    if metric.name not in PART:
        return metric
    zh, en = "÷ 在看人数", "÷ people watching"
    if metric.name == "average_watch_seconds":
        zh, en = f"每 5 秒在线人数之和 × 5 秒 {zh}", f"5 s × people online in each 5 s {en}"
    definitions = f"{metric.definition_zh}；近 5 分钟与每分钟：{zh}", f"{metric.definition_en}; over 5 minutes or a minute: {en}"
    return replace(metric, definition_zh=definitions[0], definition_en=definitions[1])


DICTIONARY: dict[str, Metric] = {metric.name: _explained(metric) for metric in _ALL}

_OF_PRODUCT = (
    "product_impressions", "product_exposed_users", "product_clicks", "product_click_users", "carts", "orders_created", "orders_paid",
    "orders_cancelled", "orders_unpaid", "orders_lapsed", "items_sold", "gmv", "buyers", "refunds", "refunded_orders", "refund_amount", "click_rate", "exposure_pay_rate",
    "click_pay_rate", "gpm", "best_minute_gmv", "payment_rate", "order_value", "customer_value", "refund_rate",
)  # fmt: skip
_OF_SOURCE = (
    "impressions", "entries", "orders_created", "orders_paid", "items_sold", "gmv", "refunds", "refund_amount", "net_gmv", "gpm", "conversion",
    "order_value", "cost", "roi", "net_roi",
)  # fmt: skip
_NOT_OF_ROOM = {"click_rate", "exposure_pay_rate", "best_minute_gmv", "conversion"}
_ONLY_NOW = {"orders_unpaid", "orders_lapsed"}  # has no meaning for a part of the broadcast
_ONLY_TOTAL = {"online", "online_peak", "online_average", "best_minute_gmv", *_ONLY_NOW}

ROOM = tuple(name for name in DICTIONARY if name not in _NOT_OF_ROOM)
#: The room's metrics over a part of its time.
ROOM_PART = tuple(name for name in ROOM if name not in _ONLY_TOTAL)
PRODUCT = _OF_PRODUCT
PRODUCT_PART = tuple(name for name in _OF_PRODUCT if name not in _ONLY_TOTAL)
SOURCE = _OF_SOURCE

_PRODUCT_GPM = ratio("gmv", "product_impressions", 1000)


def part_result(names: tuple[str, ...], stored: Figures) -> dict[str, Value]:
    """As `result`, over a window or a minute: see PART."""
    return result(names, stored, part=True)


def result(names: tuple[str, ...], stored: Figures, part: bool = False) -> dict[str, Value]:
    """The metrics `names` from what is stored: counters and people as they are (0 where nothing happened), the rest computed."""
    watched_ms = stored.get(WATCHED_MS)
    figures = {**stored, "watched_seconds": watched_ms / 1000} if watched_ms else stored
    if "net_gmv" in names:
        figures = {**figures, "net_gmv": (stored.get("gmv") or 0) - (stored.get("refund_amount") or 0)}
    known = figures.get
    values: dict[str, Value] = {}
    for name, formula in _plan(names, part):  # asked for hundreds of rows at once: no call for each metric
        if formula is None:
            values[name] = known(name) or 0
        else:
            above, below, times = formula
            denominator = known(below)
            values[name] = (known(above) or 0) * times / denominator if denominator else None
    return values


def product_result(names: tuple[str, ...], stored: Figures) -> dict[str, Value]:
    """The same for a product, whose GPM goes by its impressions."""
    values = result(names, stored)
    values["gpm"] = _PRODUCT_GPM(stored)
    return values


@cache
def _plan(names: tuple[str, ...], part: bool) -> list[tuple[str, ratio | None]]:
    return [(name, (PART.get(name) if part else None) or DICTIONARY[name].formula) for name in names]


def share(part: Value, whole: Value) -> Value:
    """part ÷ whole; None where the whole is 0."""
    return (part or 0) / whole if whole else None
