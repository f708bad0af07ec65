"""The words of a review, in Chinese and English, beside those of the metric dictionary."""

from typing import Literal

from streams import sources
from streams.metrics import DICTIONARY

Language = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "review": ("直播复盘", "Broadcast review"),
    "as_of": ("数据截至", "Figures as of"),
    "live": ("直播中", "Live"),
    "silent": ("无数据", "No data"),
    "ended": ("已结束", "Ended"),
    "closed": ("系统已关闭", "Closed by the system"),
    "unopened": ("未开播", "Not opened"),
    "opened_at": ("开播", "Opened"),
    "closed_at": ("下播", "Closed"),
    "host": ("主播", "Host"),
    "hosts": ("主播表现", "Hosts"),
    "totals": ("核心数据", "Totals"),
    "metric": ("指标", "Metric"),
    "value": ("数值", "Value"),
    "trend": ("每分钟趋势", "Minute by minute"),
    "at": ("时间", "Time"),
    "funnel": ("转化漏斗", "Funnel"),
    "stage": ("环节", "Stage"),
    "users": ("人数", "People"),
    "rate": ("转化率", "Rate"),
    "exposed": ("直播间曝光", "Room shown"),
    "entered": ("进入直播间", "Entered"),
    "product_exposed": ("商品曝光", "Product shown"),
    "product_clicked": ("商品点击", "Product clicked"),
    "paid": ("成交", "Paid"),
    "sources": ("流量来源", "Sources"),
    "source": ("渠道", "Source"),
    "entries_share": ("进入占比", "Share of entries"),
    "gmv_share": ("成交占比", "Share of GMV"),
    "products": ("商品", "Products"),
    "number": ("链接号", "Link"),
    "product": ("商品编号", "Product"),
    "title": ("名称", "Title"),
    "price": ("价格", "Price"),
    "stock": ("库存", "Stock"),
    "explained": ("讲解效果", "What explanations did"),
    "start": ("开始", "Start"),
    "end": ("结束", "End"),
    "before": ("之前", "before"),
    "during": ("讲解中", "during"),
    "after": ("之后", "after"),
    "notes": ("场记", "Notes"),
    "text": ("内容", "Text"),
    "author": ("记录人", "Author"),
    "caveat": ("说明", "Caveat"),
    "off_air": ("对比时段不全在直播中，差异不说明问题", "Not on air in all of the minutes compared: the difference says nothing"),
    "few": ("样本量太小，差异不说明问题", "Too few clicks: the difference says nothing"),
    "incomplete": ("之后 5 分钟尚未结束", "The 5 minutes after are not over yet"),
    "shifts": ("班次", "Shifts"),
    "hours": ("时长(小时)", "Hours"),
    "gmv_per_hour": ("每小时成交金额", "GMV per hour"),
    "watch_per_entry": ("次均观看时长(秒)", "Watch time per entry (s)"),
    "alerts": ("预警", "Alerts"),
    "severity": ("级别", "Severity"),
    "alert_message": ("内容", "Message"),
    "status": ("状态", "Status"),
    "pending": ("待触发", "Pending"),
    "firing": ("告警中", "Firing"),
    "acknowledged": ("已确认", "Acknowledged"),
    "resolved": ("已恢复", "Resolved"),
    "false_alarm": ("误报", "False alarm"),
    "info": ("提示", "Info"),
    "warning": ("警告", "Warning"),
    "critical": ("严重", "Critical"),
    "acknowledged_by": ("确认人", "By"),
    "comment": ("备注", "Comment"),
    "simulated": ("模拟数据", "Simulated"),
    "none": ("无", "None"),
    "yes": ("是", "yes"),
}


def word(name: str, language: Language) -> str:
    """The word, else the metric's label (with the unit where the figure alone does not tell it), else the name itself."""
    if name in _WORDS:
        return _WORDS[name][language == "en"]
    if name in DICTIONARY:
        metric = DICTIONARY[name]
        seconds = metric.unit == "seconds"
        return f"{metric.en}{' (s)' if seconds else ''}" if language == "en" else f"{metric.zh}{'(秒)' if seconds else ''}"
    return name


def source(name: str, language: Language) -> str:
    """What a known source is called; any other is called what its senders call it."""
    return sources.NAMES[name][language == "en"] if name in sources.NAMES else name
