from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from streams import strict_yaml
from streams.alerts import parse

ROOT = Path(__file__).parents[3]


def refused(text: str) -> tuple[int, str]:
    with pytest.raises(yaml.MarkedYAMLError) as caught:
        strict_yaml.compose(text)
    return caught.value.problem_mark.line, caught.value.problem


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("- id: a\n  x: &x {k: v}\n", 1, "anchors (&) and aliases (*) are not allowed"),
        ("- id: *a\n", 0, "anchors (&) and aliases (*) are not allowed"),
        ("- &a {id: *a}\n", 0, "anchors (&) and aliases (*) are not allowed"),
        ("- id: a\n\n  on: !!bool ja\n", 2, "tags (!) are not allowed"),
        ("- id: !!timestamp x\n", 0, "tags (!) are not allowed"),
        ("- id: !own x\n", 0, "tags (!) are not allowed"),
        ("- !!map\n", 0, "tags (!) are not allowed"),
        ("- id: a\n  <<: {k: v}\n", 1, "merge keys (<<) are not allowed"),
        ("- {? [a] : b}\n", 0, "a field's name must be a text"),
        ("- {a: 1, a: 2}\n", 0, "a stands here twice"),
        ("- a:\n    b: {c: 1,\n        c: 2}\n", 2, "c stands here twice"),
        ("- " + "[" * 3_000, 0, f"nested deeper than {strict_yaml.MAX_DEPTH}"),
    ],
)
def test_what_is_more_than_fields_and_texts_is_refused_by_line(text: str, line: int, reason: str) -> None:
    assert refused(text) == (line, reason)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, -2, 0, 1.5, yes, off, ~, '1', \"<<\"]", [1, -2, 0, 1.5, True, False, None, "1", "<<"]),
        (
            "[089, 0x1f, 1:30, 2001-13-45, 1e999999, =, .nan, 1_000]",
            ["089", "0x1f", "1:30", "2001-13-45", "1e999999", "=", ".nan", "1_000"],
        ),
        ("[" + "9" * 30 + "]", ["9" * 30]),
        ("a: |\n  text\n  more\nb:\n", {"a": "text\nmore\n", "b": None}),
    ],
)
def test_values_are_decimal_numbers_booleans_and_texts(text: str, value: object) -> None:
    assert strict_yaml.construct(strict_yaml.compose(text)) == value


def test_the_loader_of_everybody_else_is_as_it_was() -> None:
    assert yaml.safe_load("[0x1f]") == [31]


@pytest.mark.parametrize("bad", ["!!bool ja", "!!int ''", "!!float x", "!!binary x", "!!null x", "!!str [a]"])
def test_a_tag_in_a_rule_is_a_problem_of_its_line_and_takes_no_other_rule_along(bad: str) -> None:
    _, problems = parse(f"- id: a\n  enabled: {bad}\n- id: b\n")
    assert [(each.line, each.rule, each.reason) for each in problems[:1]] == [(2, "a", "tags (!) are not allowed")]


@given(st.text(alphabet="-:[]{}&*!<>|?#%@=~ \n\t\"'ab01._\x00\ud800", max_size=80))
def test_whatever_is_written_the_rules_file_is_read_or_refused(text: str) -> None:
    for problem in parse("- id: a\n  " + text)[1]:
        assert problem.line >= 1


def test_no_other_loader_is_used() -> None:
    for folder in ("streams", "agents", "screen", "deploy"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.name != "strict_yaml.py":
                text = path.read_text("utf-8")
                assert "yaml.load" not in text and "yaml.safe_load" not in text and "yaml.SafeLoader" not in text, path
