from collections.abc import Callable

import pytest

from streams.alerts.written import MAX_BYTES, MAX_PIECES, Problem, Written, duration_ms, pieces, written


def problems(text: str) -> list[Problem]:
    return [found for piece in pieces(text) if isinstance(found := written(piece), Problem)]


@pytest.mark.parametrize(
    ("text", "ms"),
    [("0s", 0), ("500ms", 500), ("90s", 90_000), ("5m", 300_000), ("1h", 3_600_000), ("5", None), ("-5s", None), ("1d", None), ("", None)],
)
def test_durations(text: str, ms: int | None) -> None:
    assert duration_ms(text) == ms


def test_a_rule_with_all_its_fields(write: Callable[..., str]) -> None:
    text = write(for_="30s", values="{change: total.gmv}", rooms="[a, 'b*']", needs="{live.views: 60s}", after_end="true")
    found = written(next(iter(pieces("# head\n---\n\n" + text))))
    assert isinstance(found, Written)
    assert (found.for_, found.values, found.rooms, found.needs) == ("30s", {"change": "total.gmv"}, ("a", "b*"), {"live.views": "60s"})
    assert (found.after_end, found.severity, found.title.zh) == (True, "warning", "标")


def test_a_rule_may_begin_on_the_line_below_its_dash(write: Callable[..., str]) -> None:
    below = write(id="b").replace("- ", "-\n  ", 1)
    assert [(piece.id, piece.problem) for piece in pieces(write() + below + write(id="c"))] == [("a", None), ("b", None), ("c", None)]


def test_lines_are_those_of_the_file(write: Callable[..., str]) -> None:
    text = "# one\n\n" + write() + "\n# more\n" + write(id="b", severity="loud") + write(id="c", surprise="1") + write(id="d", for_="5")
    assert [(problem.line, problem.rule, problem.reason) for problem in problems(text)] == [
        (15, "b", "severity: Invalid enum value 'loud'"),
        (16, "c", "Object contains unknown field `surprise`"),
        (27, "d", "for: Expected `str`, got `int`"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("rules:\n  - id: a\n", 1, 'a rule starts with "- " at the beginning of a line'),
        ("- just text\n", 1, "a rule is a list of fields"),
        ("- - id: a\n", 1, "a rule is a list of fields"),
        ("- id: a\n  id: b\n", 2, "id stands here twice"),
        ("- id: a\n  when: x\n  when: y\n", 3, "when stands here twice"),
        ("- id: a\n  title: {zh: a\n", 3, "expected ',' or '}', but got '<stream end>'"),
        ("- id: *b\n", 1, "anchors (&) and aliases (*) are not allowed"),
        ("- id: !!python/name:os.system x\n", 1, "tags (!) are not allowed"),
        ("- " + "[" * 3_000, 1, "nested deeper than 20"),
        ("x" * (MAX_BYTES + 1), 1, "more than 256 KiB"),
    ],
)
def test_what_is_no_rule(text: str, line: int, reason: str) -> None:
    assert [(problem.line, problem.reason) for problem in problems(text)] == [(line, reason)]


def test_an_empty_file_has_no_rules_and_no_problems() -> None:
    assert list(pieces("# nothing\n\n")) == []


def test_a_rule_that_is_no_yaml_is_still_known_by_its_id() -> None:
    assert [(problem.line, problem.rule) for problem in problems('- kind: "x\n  id: abc\n- id: other\n  kind: [\n')] == [
        (3, "abc"),
        (5, "other"),
    ]


def test_of_many_thousand_rules_the_first_are_read_and_the_rest_is_one_problem() -> None:
    found = list(pieces("".join(f"- id: r{n}\n" for n in range(20_000))))
    assert [(piece.line, piece.fields) for piece in found[:2]] == [(1, {"id": "r0"}), (2, {"id": "r1"})]
    assert len(found) == MAX_PIECES + 1
    assert found[-1].problem is not None and found[-1].problem.line == MAX_PIECES + 1
