"""Whatever an operator writes into a file of rules, or the world into a fact: a value or a reason comes out, soon, and nothing breaks."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from streams.alerts import parse
from streams.alerts.evaluation import named
from streams.alerts.expression import Expression
from streams.cel_source import NotCompiled
from streams.wording import BadTemplate, filled, template

FACTS: dict[str, Any] = {
    "total": {"gmv": 100, "rate": None, "inf": float("inf"), "nan": float("nan")},
    "room": {"title": "T'\"{x}", "currency": "CNY"},
    "minutes": [{"gmv": number, "rate": None} for number in range(30)],
    "badges": ["a", "b"],
}
ATOMS = st.sampled_from(
    [
        "total.gmv", "total.rate", "total.inf", "total.nan", "total.none", "total", "room.title", "minutes", "minutes[0].gmv", "badges",
        "x",
        "x.gmv",
        "nowhere",
        "0", "1", "2.5", "9223372036854775807", "1e308", "'a'", "''", "true", "null", "[]", "[1, 2]", "{}", "{'a': 1}", "'\\n'", "0x10",
    ]
)  # fmt: skip


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "!=", "&&", "||", "in", "?"])
    methods = st.sampled_from(["all", "exists", "exists_one", "map", "filter"])
    functions = st.sampled_from(["size", "has", "double", "int", "string", "timestamp", "matches", "-", "!"])
    return st.one_of(
        st.builds(lambda a, o, b: f"({a} ? {b} : {a})" if o == "?" else f"({a} {o} {b})", inner, operators, inner),
        st.builds(lambda f, a: f"{f}({a})", functions, inner),
        st.builds(lambda a, m, b: f"{a}.{m}(x, {b})", inner, methods, inner),
        st.builds(lambda a, m, b: f"{a}.{m}({b})", inner, st.sampled_from(["contains", "startsWith", "size", "matches"]), inner),
        st.builds(lambda a, b: f"{a}[{b}]", inner, inner),
    )


@given(st.recursive(ATOMS, deeper, max_leaves=12))
@example("minutes.filter(x, minutes.all(y, true))")
@example("(" * 400 + "1" + ")" * 400)
@example("!" * 990 + "true")
@example("+".join(["total.gmv"] * 90))
@example("[" * 90 + "]" * 90)
def test_an_expression_gives_a_value_or_a_reason(source: str) -> None:
    try:
        expression = Expression(source)
    except NotCompiled:
        return
    expression.execute(FACTS)
    assert expression.holds(FACTS) in (True, False) or str(expression.holds(FACTS))
    expression.facts(FACTS)


@given(st.text(max_size=60))
@example("'''a' + minutes.map(x, minutes)")
@example("\x00")
@example("\ud800")
def test_any_text_is_an_expression_or_is_not(source: str) -> None:
    try:
        Expression(source).holds(FACTS)
    except NotCompiled as broken:
        assert broken.reason


RULE = "- id: a\n  kind: trade\n  when: last_5m.gmv < 1\n  title: {zh: a, en: a}\n  message: {zh: a, en: a}\n"


@given(st.integers(0, len(RULE)), st.text(max_size=12), st.integers(0, 12))
@example(0, "- &a [*a]\n", 0)
@example(0, "- id: &a {x: *a}\n", 0)
@example(0, "[" * 5_000, 0)
@example(2, "[" * 5_000, 0)
@example(0, "- !!python/object/apply:os.system [ls]\n", 0)
def test_any_file_is_read_and_a_whole_rule_in_it_found(at: int, put: str, cut: int) -> None:
    text = RULE[:at] + put + RULE[at + cut :] + "\n" + RULE.replace("id: a", "id: whole")
    rules, problems = parse(text)
    assert "whole" in {rule.id for rule in rules} or any(problem.rule == "whole" for problem in problems)
    assert all(problem.line >= 1 and problem.reason for problem in problems)


@given(st.text(max_size=40), st.text(max_size=200))
def test_any_title_fills_its_place_and_only_that(text: str, title: str) -> None:
    try:
        made = template(text)
    except BadTemplate:
        made = template("{room.title:text}!")
    shown = made.fill(named([made], {**FACTS, "room": {"title": title, "currency": title}}, {}), "zh")
    assert shown.count("\n") <= text.count("\n")
    assert filled("{room.title:text}!", {"room.title": title}, "en").isprintable() or not title.isprintable()
