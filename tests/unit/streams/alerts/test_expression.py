from typing import Any

import pytest

from streams.alerts.expression import MAX_ROWS, Expression, Unknown
from streams.cel_source import NotCompiled

FACTS: dict[str, Any] = {
    "total": {"gmv": 100, "rate": None, "big": 2**70},
    "minutes": [{"gmv": number, "other": object()} for number in range(3)],
    "sources": [{"cost": 5, "name": "ads_feed"}],
    "product": {"badges": ["stock_urgent"], "listed": True, "left": float("inf")},
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("total.gmv * 0.3 < 31", True),
        ("total.gmv / 8 == 12.5", True),
        ("minutes.exists(m, m.gmv > 1)", True),
        ("minutes[2].gmv - minutes[0].gmv", 2.0),
        ("size(minutes) >= 3", True),
        ('sources.filter(s, s.name == "ads_feed")[0].cost', 5.0),
        ('sources.exists(s, s.cost > 4) && "stock_urgent" in product.badges && product.listed', True),
        ("product.left > 1000000", True),
        ("has(total.nothing)", False),
        ("total.rate < 1 && false", False),
        ("total.rate == null ? 1 : 2", 1.0),
    ],
)
def test_values(source: str, value: Any) -> None:
    assert Expression(source).execute(FACTS) == value


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("total.rate < 1", Unknown("no_value", "total.rate")),
        ("total.rate * 2 < 1", Unknown("no_value", "total.rate")),
        ("total.none > 1", Unknown("no_value", "total.none")),
        ("minutes[7].gmv > 1", Unknown("error", "index out of bounds: 7")),
        ("minutes.all(m, m.none > 1)", Unknown("error", "no fact none")),
        ("total.gmv / 0 > 1 && total.rate > 1", Unknown("no_value", "total.rate")),
    ],
)
def test_what_cannot_be_told_says_why(source: str, reason: Unknown) -> None:
    assert Expression(source).holds(FACTS) == reason


def test_a_condition_is_true_or_false() -> None:
    assert Expression("total.gmv").holds(FACTS) == Unknown("error", "neither true nor false but float")


def test_a_number_too_big_is_no_crash() -> None:
    assert Expression("total.big > 1").holds(FACTS) is True
    assert isinstance(Expression("int(total.big) > 1").holds(FACTS), Unknown)


def test_a_long_list_is_cut() -> None:
    assert Expression("size(minutes)").execute({"minutes": [{}] * 10_000}) == MAX_ROWS


def test_only_what_is_named_is_read() -> None:
    class Strict(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            assert name == "total"
            return super().__getitem__(name)

    assert Expression("total.gmv > 1").holds(Strict(FACTS)) is True


def test_a_fact_named_whole_and_in_part_is_given_whole() -> None:
    assert Expression("minutes[0].gmv == 0 && size(minutes) == 3 && total.gmv > 1").holds(FACTS) is True


@pytest.mark.parametrize(("source", "line", "column"), [("a.b >", 1, 6), ("a.b >\n  b.c d.e", 2, 7), ("matches", 0, 0)])
def test_broken_says_where(source: str, line: int, column: int) -> None:
    with pytest.raises(NotCompiled) as broken:
        Expression(source)
    assert (broken.value.line, broken.value.column) == (line, column)


def test_the_facts_it_names() -> None:
    assert Expression("total.gmv > 1 && minutes.exists(m, m.gmv > total.rate)").facts(FACTS) == {"total.gmv": 100, "total.rate": None}
