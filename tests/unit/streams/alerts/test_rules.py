import json
from collections.abc import Callable

import pytest

from streams.alerts import parse, reload
from streams.alerts.rules import MAX_RULES, Rule

Write = Callable[..., str]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": "A b"}, "an id has 1 to 64 of a-z 0-9 _ -"),
        ({"when": "last_5m.gvm < 1"}, "no fact last_5m.gvm"),
        ({"when": "lost_5m.gmv < 1"}, "no fact lost_5m"),
        ({"when": "last_5m.gmv"}, "when: neither true nor false but float"),
        ({"when": "room.title < 1"}, "when: No such overload"),
        ({"when": "product.left < 1"}, "no fact product"),
        ({"when": "minutes.all(m, m.gvm > 1)"}, "when: no fact gvm"),
        ({"when": "minutes.all(m, minutes.all(n, n.gmv > 1))"}, "when: minutes stands for all its facts here"),
        ({"when": "''"}, "when: Syntax error: mismatched input '<EOF>'"),
        ({"minimum": "total.gmv + 1"}, "minimum: neither true nor false but float"),
        ({"resolve_when": "total.gmv >"}, "resolve_when: Syntax error"),
        ({"for_": "5 minutes"}, "no duration: 5 minutes"),
        ({"needs": "{live.vews: 60s}"}, "no topic live.vews"),
        ({"needs": "{live.views: ever}"}, "no duration: ever"),
        ({"message": "{zh: '{last_5m.gvm}', en: b}"}, "no fact last_5m.gvm"),
        ({"message": "{zh: a, en: '{b:when}'}"}, "no format when"),
        ({"values": "{Change: total.gmv}"}, "a value's name has 1 to 32 of a-z 0-9 _"),
        ({"values": "{change: total.gvm}"}, "no fact total.gvm"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(write: Write, fields: dict[str, str], reason: str) -> None:
    rules, problems = parse(write(**fields) + write(id="whole"))
    assert [rule.id for rule in rules] == ["whole"]
    assert len(problems) == 1
    assert problems[0].reason.startswith(reason)


def test_the_line_is_that_of_the_field_and_in_a_block_that_of_the_error(write: Write) -> None:
    text = (
        write(id="a")
        + write(id="b", when="|\n    last_5m.gmv < 1 &&\n    last_5m.gmv <<\n    3")
        + write(id="c", message="\n    zh: a\n    en: '{'")
    )
    _, problems = parse(text)
    assert [(problem.line, problem.rule) for problem in problems] == [(10, "b"), (20, "c")]


@pytest.mark.parametrize(
    "when",
    ["minutes[20].gmv > 1", "1 / (total.gmv - total.gmv) > 0", 'sources.filter(s, s.name == "video")[0].cost > 100', "goal() || true"],
)
def test_what_only_the_figures_decide_is_left_to_them(write: Write, when: str) -> None:
    rules, problems = parse(write(when=json.dumps(when)))
    assert bool(rules) == ("goal" not in when), problems


@pytest.mark.parametrize(
    ("subject", "when"),
    [
        ("product", "product.minutes_left < 5 && product.last_5m.gmv > 1 && room.minutes_on_air > 3"),
        ("source", "source.roi < 1 && source.natural == false"),
        ("violation", "violation.age_seconds < 60"),
        ("finding", "finding.rows > 3 && finding.rule == 'abuse'"),
        ("topic", "topic.silent_seconds > 60 && topic.last_5m < 3"),
        ("room", "products.exists(p, p.left == 0) && sources.exists(s, s.cost > 0)"),
    ],
)
def test_each_kind_of_subject_has_its_facts(write: Write, subject: str, when: str) -> None:
    rules, problems = parse(write(subject=subject, when=json.dumps(when)))
    assert not problems
    assert rules[0].subject == subject


def test_two_rules_of_one_name(write: Write) -> None:
    rules, problems = parse(write() + write(kind="trade"))
    assert [rule.kind for rule in rules] == ["traffic"]
    assert [(problem.line, problem.reason) for problem in problems] == [(6, "another rule is called a")]


def test_too_many_rules(write: Write) -> None:
    rules, problems = parse("".join(write(id=f"r{number}") for number in range(MAX_RULES + 1)))
    assert len(rules) == MAX_RULES
    assert [problem.rule for problem in problems] == [f"r{MAX_RULES}"]


def test_rooms(rule: Callable[..., Rule]) -> None:
    made = rule(rooms="[shop-*, '??']")
    assert [made.applies_to(room) for room in ("shop-1", "shop", "ab", "abc", "SHOP-1")] == [True, False, True, False, False]


def test_reload_keeps_what_is_broken_now_and_only_that(write: Write) -> None:
    before, _ = parse(write(id="a") + write(id="b") + write(id="c") + write(id="d"))
    after, problems = reload(write(id="a", when="1 <") + write(id="b", for_="1m") + write(id="c", enabled="false"), before)
    assert [(rule.id, rule.for_ms) for rule in after] == [("b", 60_000), ("a", 0)]
    assert after[1] is before[0]
    assert [problem.rule for problem in problems] == ["a"]


def test_reload_does_not_bring_back_a_rule_because_of_its_namesake(write: Write) -> None:
    before, _ = parse(write(id="a"))
    after, _ = reload(write(id="a", enabled="false") + write(id="a", when="1 <"), before)
    assert after == []
