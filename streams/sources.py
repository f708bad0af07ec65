"""Where viewers come from: each source, natural and paid channels together, and the plans that advertising was spent on."""

from typing import Any

from streams import metrics
from streams.events import UNKNOWN_SOURCE
from streams.material import Material
from streams.metrics import share
from streams.names import OVERFLOW

Row = dict[str, Any]
#: What the known sources are called (contract, section 2), and those that the system itself names; Chinese, English.
NAMES: dict[str, tuple[str, str]] = {
    "recommend": ("推荐", "Recommended"),
    "video": ("短视频", "Short videos"),
    "follow": ("关注", "Following"),
    "search": ("搜索", "Search"),
    "profile": ("个人主页", "Profile"),
    "mall": ("商城", "Mall"),
    "event": ("活动", "Events"),
    "other": ("其他", "Other"),
    "ads_feed": ("信息流广告", "Feed ads"),
    "ads_boost": ("加热", "Boost"),
    "ads_brand": ("品牌广告", "Brand ads"),
    "ads_other": ("其他广告", "Other ads"),
    UNKNOWN_SOURCE: ("未注明", "Not stated"),
    OVERFLOW: ("其余合计", "The rest"),
}
_SHARED = ("entries", "gmv")
_PAID = "ads_"


def table() -> dict[str, dict[str, str]]:
    """Source → its name in each language, for those who show it."""
    return {source: {"zh": zh, "en": en} for source, (zh, en) in NAMES.items()}


def natural(source: str) -> bool:
    """Whether a source costs nothing."""
    return not source.startswith(_PAID)


def build(material: Material) -> dict[str, Row]:
    """Source → its metrics, and its share of the room's entries and GMV."""
    rows = {name: metrics.result(metrics.SOURCE, counters) for name, counters in sorted(material.sources.items())}
    return {name: {**row, "natural": natural(name)} for name, row in _with_shares(rows, material).items()}


def channels(material: Material) -> dict[str, Row]:
    """The same of all natural sources together, and of all paid ones."""
    sums: dict[str, dict[str, int]] = {"natural": {}, "paid": {}}
    for name, counters in material.sources.items():
        found = sums["natural" if natural(name) else "paid"]
        for metric, value in counters.items():
            found[metric] = found.get(metric, 0) + value
    return _with_shares({name: metrics.result(metrics.SOURCE, counters) for name, counters in sums.items()}, material)


def plans(material: Material, sources: dict[str, Row]) -> list[Row]:
    """What was spent on each plan, the most first; `cost_share`: of all that its source cost.

    Orders name their source and no plan: a plan's ROI is known only where its source has no other.
    """
    rows = []
    for (source, plan), cost in sorted(material.plans.items(), key=lambda item: (-item[1], item[0])):
        of = sources.get(source, {})
        alone = of.get("cost") == cost
        returns = {name: of[name] if alone else None for name in ("gmv", "net_gmv", "roi", "net_roi")}
        rows.append({"source": source, "plan": plan, "cost": cost, "cost_share": share(cost, of.get("cost")), **returns})
    return rows


def _with_shares(rows: dict[str, dict[str, metrics.Value]], material: Material) -> dict[str, Row]:
    whole = {metric: material.total.get(metric, 0) for metric in _SHARED}
    return {name: {**row, **{f"{metric}_share": share(row[metric], whole[metric]) for metric in _SHARED}} for name, row in rows.items()}
