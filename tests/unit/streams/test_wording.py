from typing import Any

import pytest

from streams.alerts.evaluation import named
from streams.alerts.expression import Unknown
from streams.wording import BadTemplate, Language, clean, filled, template


def render(text: str, names: dict[str, Any], values: dict[str, Any], language: Language = "en") -> str:
    made = template(text)
    return made.fill(named([made], names, values), language)


NAMES = {"room": {"title": "T", "currency": "CNY"}, "total": {"gmv": 123450, "none": None, "rate": 0.12345}}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GMV {total.gmv:money}!", "GMV ¥1,234.50!"),
        ("{total.gmv}", "123,450"),
        ("{total.rate:percent} {v:percent} {w:percent}", "12.3% 50% –"),
        ("{total.none} {total.nothing:money} {nowhere}", "– – –"),
        ("{v} {big} {far}", "0.5 123 –"),
        ("{room.title:text}{room.title}", "TT"),
        ("", ""),
    ],
)
def test_places(text: str, shown: str) -> None:
    values = {"v": 0.5, "w": Unknown("error"), "big": 123.4, "far": float("inf")}
    assert render(text, NAMES, values) == shown


@pytest.mark.parametrize(("currency", "shown"), [("USD", "$1.00"), ("JPY", "JPY 100"), (None, "None 1.00"), ("<b>\n", "<b> 1.00")])
def test_money_has_the_rooms_currency(currency: str | None, shown: str) -> None:
    assert render("{v:money}", {"room": {"currency": currency}}, {"v": 100}) == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("{total.gmv}", "{total.gmv}"),
        ("a\r\nb\tc\x00", "a b c"),
        ("x\u202egpj.exe\u200b", "x gpj.exe"),
        ("长" * 200, "长" * 79 + "…"),
    ],
)
def test_a_fact_is_one_plain_line(title: str, shown: str) -> None:
    assert render("{room.title:text}", {"room": {"title": title}}, {}) == shown
    assert clean(title) == shown


@pytest.mark.parametrize("text", ["{", "a}", "{a b}", "{}", "{a:date}", "{a.}", "{__class__.x!r}", "x" * 501, "{{a}}"])
def test_bad_templates(text: str) -> None:
    with pytest.raises(BadTemplate):
        template(text)


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0.4, "0 秒", "0 s"),
        (67.7, "1 分 8 秒", "1 min 8 s"),
        (60, "1 分 0 秒", "1 min 0 s"),
        (3725, "1 小时 2 分", "1 h 2 min"),
        (None, "–", "–"),
        (float("inf"), "–", "–"),
        ("x", "x", "x"),
    ],
)
def test_a_duration_is_said_in_words(seconds: object, zh: str, en: str) -> None:
    names = {"topic": {"silent_seconds": seconds}}
    assert [render("{topic.silent_seconds:duration}", names, {}, language) for language in ("zh", "en")] == [zh, en]


@pytest.mark.parametrize("form", ["", ":text", ":number"])
def test_a_topic_is_called_as_people_call_it(form: str) -> None:
    names = {"topic": {"name": "live.views"}}
    assert [render(f"{{topic.name{form}}}", names, {}, language) for language in ("zh", "en")] == ["观看数据", "viewing data"]
    assert filled("{topic.name}", {"topic.name": "my.topic"}, "zh") == "my.topic"


def test_a_stored_text_that_is_no_template_stands_as_it_is() -> None:
    assert filled("还有 {3 件", {}, "zh") == "还有 {3 件"
