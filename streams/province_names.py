"""Provinces by one name each: the short ones of GB/T 2260. Platforms write 浙江, 浙江省, 浙江省杭州市, Zhejiang, CN-ZJ or 330000."""

import re
import unicodedata
from functools import lru_cache

UNKNOWN, OTHER = "unknown", "other"

#: GB/T 2260 code, short name, what follows it in the full name, ISO 3166-2:CN code, name in Latin letters.
_TABLE = """
11 北京 市 BJ Beijing              12 天津 市 TJ Tianjin              13 河北 省 HE Hebei
14 山西 省 SX Shanxi               15 内蒙古 自治区 NM Neimenggu      21 辽宁 省 LN Liaoning
22 吉林 省 JL Jilin                23 黑龙江 省 HL Heilongjiang       31 上海 市 SH Shanghai
32 江苏 省 JS Jiangsu              33 浙江 省 ZJ Zhejiang             34 安徽 省 AH Anhui
35 福建 省 FJ Fujian               36 江西 省 JX Jiangxi              37 山东 省 SD Shandong
41 河南 省 HA Henan                42 湖北 省 HB Hubei                43 湖南 省 HN Hunan
44 广东 省 GD Guangdong            45 广西 壮族自治区 GX Guangxi      46 海南 省 HI Hainan
50 重庆 市 CQ Chongqing            51 四川 省 SC Sichuan              52 贵州 省 GZ Guizhou
53 云南 省 YN Yunnan               54 西藏 自治区 XZ Xizang           61 陕西 省 SN Shaanxi
62 甘肃 省 GS Gansu                63 青海 省 QH Qinghai              64 宁夏 回族自治区 NX Ningxia
65 新疆 维吾尔自治区 XJ Xinjiang   71 台湾 省 TW Taiwan               81 香港 特别行政区 HK HongKong
82 澳门 特别行政区 MO Macau
"""
_ROWS = [tuple(row.split()) for row in re.findall(r"\d\d \S+ \S+ \S+ \S+", _TABLE)]
NAMES = frozenset(short for _, short, *_ in _ROWS)

#: Other names, in Latin letters and traditional characters.
_ALSO = {
    "内蒙古": "innermongolia neimonggol neimongol 內蒙古 内蒙 內蒙",
    "西藏": "tibet",
    "陕西": "陝西 shensi",
    "香港": "xianggang",
    "澳门": "macao aomen 澳門",
    "台湾": "臺灣 台灣 臺湾",
    "广东": "廣東 canton",
    "广西": "廣西",
    "江苏": "江蘇",
    "浙江": "chekiang",
    "辽宁": "遼寧",
    "黑龙江": "黑龍江",
    "山东": "山東",
    "四川": "szechwan szechuan",
    "贵州": "貴州",
    "云南": "雲南",
    "甘肃": "甘肅",
    "宁夏": "寧夏",
    "新疆": "sinkiang",
    "重庆": "重慶 chungking",
    "北京": "peking",
}
#: What may follow a name.
_BEHIND = re.compile(
    r"(province|sheng|municipality|shi|city|zhuang|hui|uygur|uyghur|autonomousregion|zizhiqu|specialadministrativeregion|sar|china)+$"
)
_FULL_END = re.compile(r"(省|市|(壮族|壯族|回族|维吾尔|維吾爾)?(自治区|自治區)|特别行政区|特別行政區)$")
_LONGEST = 64


def _named() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, short, _, iso, latin in _ROWS:
        names = (code, f"{code}0000", short, iso, f"cn{iso}", latin, *_ALSO.get(short, "").split())
        found |= {name.casefold(): short for name in names}
    return found


_NAMED = _named()
#: The full names: what stands behind one ("杭州市") says no more than the province.
_FULL = {short + end: short for _, short, end, *_ in _ROWS}


@lru_cache(maxsize=4_096)
def short(text: str) -> str:
    """The short name of one of the 34, `unknown` where nothing is said, `other` for all else ("海外", "杭州")."""
    plain = "".join(character for character in unicodedata.normalize("NFKC", text[:_LONGEST]).casefold() if character.isalnum())
    if plain in ("", UNKNOWN, "未知"):
        return UNKNOWN
    plain = plain.removeprefix("中国").removeprefix("中國").removeprefix("china")
    for name in (plain, _BEHIND.sub("", plain), _FULL_END.sub("", plain)):
        if name in _NAMED:
            return _NAMED[name]
    return next((province for full, province in _FULL.items() if plain.startswith(full)), OTHER)
