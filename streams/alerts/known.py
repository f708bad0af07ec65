"""What the conditions of one room's rules came to, and from which facts: a look asks only those again whose facts are others now.

A busy room changes with every look, but most of what its rules name does not: the stock of most products, the badges, how far a topic is
behind. Comparing those facts costs a tenth of working the condition out.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from streams.alerts.expression import Expression, Names
from streams.alerts.life import Truth, state_key
from streams.alerts.rules import Rule


class Found:
    """What one rule's condition came to on one subject. `key`: of its state."""

    __slots__ = ("_condition", "_inputs", "_value", "key")

    def __init__(self, rule: Rule, subject: str) -> None:
        self.key = state_key(rule.id, subject)
        self._condition: Expression = rule.when
        self._inputs: list[Any] | None = None
        self._value: Truth = False

    def holds(self, names: Names) -> Truth:
        """Whether the condition holds now."""
        inputs = self._condition.inputs(names)
        if inputs is None or inputs != self._inputs:
            self._inputs, self._value = inputs, self._condition.holds(names)
        return self._value


class Known:
    """Of one room, kept from look to look; it forgets subjects that are gone, and everything when the rules are others."""

    def __init__(self) -> None:
        self._rules: Sequence[Rule] = ()
        self._found: list[dict[str, Found]] = []

    def turn_to(self, rules: Sequence[Rule]) -> None:
        """The rules of this look: the very same sequence as long as they are the same."""
        if rules is not self._rules:
            self._rules, self._found = rules, [{} for _ in rules]

    def of(self, number: int, subjects: Sequence[tuple[str, Any]]) -> Iterable[Found]:
        """What is known of the rule with this number on each of the subjects."""
        before = self._found[number]
        now = self._found[number] = {subject: before.get(subject) or Found(self._rules[number], subject) for subject, _ in subjects}
        return now.values()
