"""What viewers call themselves."""

from random import Random

_HEADS = (
    "小", "小", "小", "阿", "阿", "大", "爱吃", "爱吃", "一只", "一只", "一只", "今天也要", "南方的", "北方的", "不加糖的",
    "不加糖的", "晒太阳的", "慢半拍的", "隔壁", "追风的", "家有", "家有", "温柔的", "早睡的", "努力的", "佛系", "会飞的",
    "爱逛街的",
)  # fmt: skip
_BODIES = (
    "橘子", "云朵", "月亮", "栗子", "麻薯", "芒果", "糯米", "豆包", "雨滴", "向日葵", "松鼠", "柚子", "海盐", "青柠", "团子",
    "奶酪", "小满", "木槿", "星星", "桃子", "萌宝", "麦芽", "布丁", "毛豆", "白茶", "石榴", "海棠", "年糕", "锦鲤", "熊猫",
    "可可", "西西", "果果", "朵朵", "安然", "静静", "芳芳", "丽姐", "老周", "阿梅",
)  # fmt: skip
_TAILS = (
    "", "", "", "", "妈", "呀", "酱", "同学", "的日常", "89", "66", "520", "_", "🌸", "🍀", "爱生活", "在路上", "小姐",
    "不熬夜", "2号",
)  # fmt: skip
_GIVEN = 0.18  # have kept the name the platform gave them


def nickname(rng: Random) -> str:
    """A name as people give themselves, or the one the platform gave them."""
    if rng.random() < _GIVEN:
        return f"用户{rng.randrange(10**7, 10**10)}"
    return rng.choice(_HEADS) + rng.choice(_BODIES) + rng.choice(_TAILS)
