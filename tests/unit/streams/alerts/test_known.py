"""Conditions are worked out again when a fact that they name is another, and only then."""

from collections.abc import Callable
from typing import Any

import pytest

from streams.alerts import Known, Rule, Unknown, evaluate
from streams.alerts.expression import Expression
from tests.rooms.build import NOW


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources of the conditions that were worked out."""
    found: list[str] = []
    holds = Expression.holds

    def noted(self: Expression, names: Any) -> bool | Unknown:
        found.append(self.source)
        return holds(self, names)

    monkeypatch.setattr(Expression, "holds", noted)
    return found


def test_only_what_its_facts_say_anew_is_worked_out(
    rule: Callable[..., Rule], shown: Callable[..., dict[str, Any]], worked: list[str]
) -> None:
    rules = [rule(id="e", when="last_5m.entries > 50"), rule(id="l", when="total.likes > 50"), rule(id="m", when="size(minutes) > 3")]
    worked.clear()  # each is tried when it is read
    known = Known()
    evaluate(rules, shown(last_5m={"entries": 1}), [], {}, NOW, known)
    assert sorted(worked) == sorted(each.when.source for each in rules)
    worked.clear()
    evaluate(rules, shown(last_5m={"entries": 1}, total={"shares": 7}), [], {}, NOW + 1, known)
    assert worked == []
    states, told = evaluate(rules, shown(last_5m={"entries": 51}), [], {}, NOW + 2, known)
    assert worked == ["last_5m.entries > 50"] and [each.rule for each in told] == ["e"]
    worked.clear()
    evaluate(rules, shown(last_5m={"entries": 51}), [{"at": NOW, "likes": 1}], states, NOW + 3, known)
    assert worked == ["size(minutes) > 3"]


def test_another_rule_under_the_same_id_is_asked(rule: Callable[..., Rule], shown: Callable[..., dict[str, Any]]) -> None:
    known, board = Known(), shown(last_5m={"entries": 10})
    assert evaluate([rule(when="last_5m.entries > 50")], board, [], {}, NOW, known)[1] == []
    assert len(evaluate([rule(when="last_5m.entries > 5")], board, [], {}, NOW, known)[1]) == 1


def test_a_fact_that_is_not_there_is_asked_for_each_time(rule: Callable[..., Rule], shown: Callable[..., dict[str, Any]]) -> None:
    known, made = Known(), rule(when="last_5m.uv_value > 50")
    for value, firings in ((None, 0), (60.0, 1)):
        assert len(evaluate([made], shown(last_5m={"uv_value": value}), [], {}, NOW, known)[1]) == firings
