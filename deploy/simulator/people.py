"""The people of a broadcast: who they are, and how ready to buy."""

from collections.abc import Mapping
from random import Random
from typing import NamedTuple

import orjson

_POOL = 1_500  # profiles of each kind: enough that every combination that matters appears, few enough to encode beforehand

_AGES = {"<18": 3.0, "18-23": 15, "24-30": 24, "31-40": 29, "41-50": 17, "50+": 9, "unknown": 3}
_PROVINCES = {
    "广东": 11.0, "浙江": 8, "江苏": 8, "山东": 7.5, "河南": 7, "四川": 6.5, "河北": 5, "湖北": 4.5, "湖南": 4.5, "安徽": 4.5, "福建": 4,
    "上海": 3.5, "北京": 3.5, "江西": 3, "辽宁": 3, "陕西": 3, "广西": 2.6, "重庆": 2.5, "云南": 2.4, "山西": 2.2, "黑龙江": 2, "贵州": 1.8,
    "吉林": 1.6, "天津": 1.5, "甘肃": 1.3, "内蒙古": 1.2, "新疆": 1.1, "海南": 0.7, "宁夏": 0.5, "青海": 0.3, "西藏": 0.2, "香港": 0.2,
    "unknown": 1.5,
}  # fmt: skip
_YOUNG = {"Z世代": 5.0, "小镇青年": 3, "新锐白领": 1, "都市蓝领": 1}
_MIDDLE = {"精致妈妈": 4.0, "新锐白领": 2.5, "资深中产": 2.5, "都市蓝领": 2, "小镇青年": 1.5}
_OLDER = {"都市银发": 3.0, "小镇中老年": 3.5, "资深中产": 1.5, "精致妈妈": 0.6}
_CROWDS = {
    "<18": _YOUNG,
    "18-23": _YOUNG,
    "24-30": {**_MIDDLE, "Z世代": 2.0, "精致妈妈": 2.5},
    "31-40": _MIDDLE,
    "41-50": {**_OLDER, **_MIDDLE},
    "50+": _OLDER,
}

#: Who buys more than they watch: this is what the audience panel should find.
_EAGER = {
    "f": 1.35, "m": 0.6, "<18": 0.15, "18-23": 0.6, "31-40": 1.5, "41-50": 1.15, "50+": 0.65, "精致妈妈": 1.7, "资深中产": 1.3,
    "Z世代": 0.7, "浙江": 1.35, "江苏": 1.25, "上海": 1.3, "广东": 0.9, "新疆": 0.5, "西藏": 0.4, "old": 1.9,
}  # fmt: skip
_EAGER_FAN = 1.5


class Profile(NamedTuple):
    """A kind of person, as the platform describes them. `eager`: how ready to buy, 1 being the average stranger."""

    fan: bool
    eager: float
    person: orjson.Fragment


class Crowd:
    """A pool of profiles to pick from."""

    def __init__(self, rng: Random) -> None:
        self._random = rng.random
        self._bits = rng.getrandbits
        pools = {fan: [_draw(rng, fan) for _ in range(_POOL)] for fan in (False, True)}
        usual = sum(profile.eager for profile in pools[False]) / _POOL
        self._pools = {fan: [profile._replace(eager=profile.eager / usual) for profile in pool] for fan, pool in pools.items()}

    def profile(self, fan: bool) -> Profile:
        """Someone, a fan of the room or not."""
        return self._pools[fan][int(self._random() * _POOL)]

    def user(self) -> str:
        """A user id nobody had before (52 random bits)."""
        return f"u{self._bits(52):013x}"


def _draw(rng: Random, fan: bool) -> Profile:
    age = _one(rng, _AGES)
    gender = _one(rng, {"f": 60, "m": 37, "unknown": 3})
    crowds = _CROWDS.get(age, _MIDDLE)
    person = {
        "gender": gender,
        "age": age,
        "province": _one(rng, _PROVINCES),
        "crowd": _one(rng, {crowd: weight for crowd, weight in crowds.items() if gender != "m" or crowd != "精致妈妈"}),
        "fan": fan,
        "customer": _one(rng, {"new": 35, "old": 60, "unknown": 5} if fan else {"new": 83, "old": 12, "unknown": 5}),
    }
    eager = _EAGER_FAN if fan else 1.0
    for value in person.values():
        eager *= _EAGER.get(str(value), 1.0)
    # What is unknown is as often left out as said to be unknown: both are allowed.
    told = {name: value for name, value in person.items() if value != "unknown" or rng.random() < 0.5}
    return Profile(fan, eager, orjson.Fragment(orjson.dumps(told)))


def _one(rng: Random, weights: Mapping[str, float]) -> str:
    return rng.choices(tuple(weights), tuple(weights.values()))[0]
