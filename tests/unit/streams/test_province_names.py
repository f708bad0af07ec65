"""A province has one name, however a platform writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.province_names import NAMES, short


def test_there_are_34() -> None:
    assert len(NAMES) == 34


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("浙江", "浙江"),
        ("浙江省", "浙江"),
        ("Zhejiang", "浙江"),
        ("ZHEJIANG Province", "浙江"),
        ("zhejiang sheng", "浙江"),
        (" 浙 江 ", "浙江"),
        ("中国浙江", "浙江"),
        ("China - Zhejiang", "浙江"),
        ("Zhejiang, China", "浙江"),
        ("CN-ZJ", "浙江"),
        ("330000", "浙江"),
        ("33", "浙江"),
        ("浙江省杭州市", "浙江"),
        ("内蒙古自治区", "内蒙古"),
        ("Inner Mongolia", "内蒙古"),
        ("Nei Mongol Autonomous Region", "内蒙古"),
        ("广西壮族自治区", "广西"),
        ("Guangxi Zhuang Autonomous Region", "广西"),
        ("廣東省", "广东"),
        ("新疆维吾尔自治区", "新疆"),
        ("宁夏回族自治区", "宁夏"),
        ("北京市", "北京"),
        ("Chongqing Municipality", "重庆"),
        ("Shanghai Shi", "上海"),
        ("香港特别行政区", "香港"),
        ("Hong Kong SAR", "香港"),
        ("Macao", "澳门"),
        ("臺灣", "台湾"),
        ("Shanxi", "山西"),
        ("Shaanxi", "陕西"),
        ("Tibet", "西藏"),
        ("海南藏族自治州", "other"),  # in Qinghai
        ("河北区", "other"),  # in Tianjin
        ("杭州", "other"),
        ("海外", "other"),
        ("California", "other"),
        ("99", "other"),
        ("other", "other"),
        ("unknown", "unknown"),
        ("未知", "unknown"),
        ("", "unknown"),
        (" ", "unknown"),
    ],
)
def test_one_name(written: str, name: str) -> None:
    assert short(written) == name


@given(st.text(max_size=80))
def test_whatever_is_written_there_are_36_answers(text: str) -> None:
    assert short(text) in NAMES | {"unknown", "other"}


@given(st.sampled_from(sorted(NAMES)), st.sampled_from(["", "省", "市", " ", "自治区"]))
def test_twice_is_once(name: str, end: str) -> None:
    assert short(name + end) == short(short(name + end)) == name
