import pytest

from streams.alerts.expression import Unknown
from streams.alerts.texts import BadTemplate, clean, template

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
    assert template(text).render(NAMES, values) == shown


@pytest.mark.parametrize(("currency", "shown"), [("USD", "$1.00"), ("JPY", "JPY 1.00"), (None, "None 1.00"), ("<b>\n", "<b> 1.00")])
def test_money_has_the_rooms_currency(currency: str | None, shown: str) -> None:
    assert template("{v:money}").render({"room": {"currency": currency}}, {"v": 100}) == shown


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
    assert template("{room.title:text}").render({"room": {"title": title}}, {}) == shown
    assert clean(title) == shown


@pytest.mark.parametrize("text", ["{", "a}", "{a b}", "{}", "{a:date}", "{a.}", "{__class__.x!r}", "x" * 501, "{{a}}"])
def test_bad_templates(text: str) -> None:
    with pytest.raises(BadTemplate):
        template(text)
