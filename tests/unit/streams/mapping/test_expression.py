"""Whole numbers stay whole, and nothing that costs much is let in."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.cel_source import NotCompiled
from streams.mapping.expression import Expression, Wrong
from streams.mapping.work import TooMuch, Work


def value(source: str, **given: Any) -> Any:
    return Expression(source).value(given, Work())


@settings(deadline=None)
@given(st.integers(-(2**63), 2**64 - 1))
def test_ids_of_64_bits_stay_whole(number: int):
    assert value("payload.id", payload={"id": number}) == number
    assert value("id(payload.id)", payload={"id": number}) == str(number)


def test_money_is_added_in_whole_numbers():
    rows = [{"amount": "0.10"}, {"amount": "0.20"}]
    assert value("sum(rows.map(row, minor(row.amount, 2)))", rows=rows) == 30


def test_a_field_that_is_not_there():
    assert value('has(payload.user) ? payload.user : "nobody"', payload={}) == "nobody"
    with pytest.raises(Wrong, match="there is no user"):
        value("payload.user", payload={"id": 1})


def test_what_a_function_of_ours_says_is_said():
    with pytest.raises(Wrong, match=r"^19\.999 has more than 2 digits behind its point$"):
        value('minor("19.999", 2)')


def test_nothing_of_a_strangers_text_is_logged(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture):
    with pytest.raises(Wrong):
        value("whole(payload)", payload="secret words")
    assert "secret" not in capfd.readouterr().err + caplog.text


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("a.map(x, b.map(y, y))", "one loop inside another"),
        ("a.all(x, x) || a.all(x, x) || a.all(x, x) || a.all(x, x)", "more than 3 loops"),
        ('payload.matches("(a+)+")', "no function matches"),
        ("eval(payload)", "no function eval"),
        ("1 +", "mismatched|extraneous|no viable|no expression|unexpected"),
        ("a" * 2_000, "longer than"),
        ('"""a"""', "triple quotes"),
    ],
)
def test_what_is_refused(source: str, says: str):
    with pytest.raises(NotCompiled, match=says):
        Expression(source)


def test_large_payloads_are_refused_not_worked_through():
    rows = [{"a": [1] * 100} for _ in range(1_000)]
    work, expression = Work(), Expression("rows")
    begin = time.process_time()
    with pytest.raises(TooMuch):
        for _ in range(100):
            expression.value({"rows": rows}, work)
    assert time.process_time() - begin < 30
    with pytest.raises(TooMuch, match="a list of 6000 entries"):
        value("payload", payload=[1] * 6_000)
    deep: Any = 1
    for _ in range(50):
        deep = [deep]
    with pytest.raises(TooMuch, match="nested"):
        value("payload", payload=deep)


def test_cel_is_handed_only_what_is_named():
    """Else each line of a large order would cost the whole order."""
    work = Work(100)
    payload = {"currency": "CNY", "rows": list(range(5_000))}
    assert [Expression("payload.currency").value({"payload": payload}, work) for _ in range(40)] == ["CNY"] * 40
