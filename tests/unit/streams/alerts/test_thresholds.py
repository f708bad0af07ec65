"""Numbers of rules, found and turned in their text."""

from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.alerts import parse
from streams.alerts.thresholds import CannotChange, Change, changed, form, same
from streams.alerts.written import Written, pieces, written

SHIPPED = files("streams.alerts").joinpath("defaults.yaml").read_text("utf-8")
RULE = """# mine
- id: a   # the first
  kind: trade
  when: >-
    last_5m.gmv < previous_5m.gmv * 0.3   &&
    online.now > 1000 && minutes[0].gmv > 5
  minimum: previous_5m.orders_paid >= 20 # orders
  for: 30s
  title: {zh: 题, en: T}
  message: {zh: 文, en: M}
- id: b
  kind: trade
  when: product.stock < 5
  subject: product
  title: {zh: 题, en: T}
  message: {zh: 文, en: M}
"""


def read(text: str) -> dict[str, Written]:
    found = {piece.id: written(piece) for piece in pieces(text)}
    return {name: made for name, made in found.items() if isinstance(made, Written)}


def numbers(made: Written) -> dict[str, list[float]]:
    return {name: [part["number"] for part in parts if "number" in part] for name, parts in form(made)["conditions"].items()}


def test_a_condition_is_facts_words_and_numbers_with_units() -> None:
    found = form(read(SHIPPED)["pay_rate_low"])["conditions"]
    assert found["when"] == [{"fact": "last_5m.pay_rate"}, {"text": "<"}, {"number": 0.005, "unit": "ratio"}]
    assert found["minimum"][2] == {"number": 1000, "unit": "people"}
    assert form(read(SHIPPED)["online_falling"])["conditions"]["when"][-1] == {"number": 0.7, "unit": "factor"}
    assert form(read(RULE)["a"])["durations"] == {"for": "30s", "keep_firing_for": "0s", "cooldown": "0s"}


@pytest.mark.parametrize("rule", sorted(read(SHIPPED)))
def test_every_shipped_rule_can_be_turned_and_nothing_else_changes(rule: str) -> None:
    before = read(SHIPPED)
    wish = Change({name: [each + 1.5 for each in found] for name, found in numbers(before[rule]).items()}, {"for": "90s"}, "info")
    text = changed(SHIPPED, rule, wish)
    assert text is not None
    after = read(text)
    assert same(before[rule], after[rule], wish)
    assert {**after, rule: None} == {**before, rule: None}
    rules, problems = parse(text)
    assert problems == []
    assert next(each for each in rules if each.id == rule).for_ms == 90_000
    assert changed(SHIPPED, rule, Change(numbers(before[rule]))) == SHIPPED


def test_comments_and_layout_stay() -> None:
    text = changed(RULE, "a", Change({"when": [0.25, 900, 0, 6], "minimum": [30]}, {"cooldown": "5m"}))
    assert text == RULE.replace("0.3 ", "0.25 ").replace("1000", "900").replace("gmv > 5", "gmv > 6").replace(">= 20", ">= 30").replace(
        "gmv > 6\n", "gmv > 6\n  cooldown: 5m\n"
    )


@pytest.mark.parametrize(
    "wish",
    [
        Change({"when": [1]}),
        Change({"when": [1, 2, 3, 4, 5]}),
        Change({"minimum": [1e20]}),
        Change({"minimum": [float("nan")]}),
        Change({"resolve_when": [1]}),
        Change({"title": [1]}),
        Change({}, {"for": "soon"}),
        Change({}, {"rooms": "5m"}),
    ],
)
def test_what_cannot_be_turned_is_said(wish: Change) -> None:
    with pytest.raises(CannotChange):
        changed(RULE, "a", wish)


def test_a_rule_that_is_not_there() -> None:
    assert changed(RULE, "c", Change()) is None


@settings(deadline=None)  # each example reads the whole text three times
@given(st.lists(st.floats(0, 1e9, allow_nan=False), min_size=1, max_size=1), st.sampled_from(["info", "warning", "critical", None]))
def test_any_number_is_written_so_that_it_is_read_again(number: list[float], severity: Any) -> None:
    wish = Change({"when": [round(number[0], 6)]}, {}, severity)
    text = changed(RULE, "b", wish)
    assert text is not None
    assert same(read(RULE)["b"], read(text)["b"], wish)
