from pathlib import Path

import pytest

from agents.alerting.rules_file import RulesFile

GOOD = """
- id: {id}
  kind: traffic
  when: total.likes >= {likes}
  title: {{zh: 赞, en: Likes}}
  message: {{zh: "赞", en: "likes"}}
"""


def test_without_a_file_the_shipped_rules_hold() -> None:
    rules = RulesFile(None)
    assert rules.load()
    assert len(rules.rules) > 15 and rules.problems == []
    assert not rules.load()


def test_a_changed_file_is_read_and_what_is_broken_in_it_stays_as_it_was(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD.format(id="one", likes=1) + GOOD.format(id="two", likes=2))
    rules = RulesFile(path)
    assert rules.load() and not rules.load()
    before = {rule.id: rule for rule in rules.rules}
    path.write_text(GOOD.format(id="one", likes=5) + GOOD.format(id="two", likes="nothing"))
    assert rules.load()
    after = {rule.id: rule for rule in rules.rules}
    assert after["two"] is before["two"] and after["one"] != before["one"]
    assert [(problem.rule, problem.line > 7) for problem in rules.problems] == [("two", True)]
    assert f"line {rules.problems[0].line}: two is refused" in caplog.text


def test_a_file_that_goes_away_or_is_no_text_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD.format(id="one", likes=1))
    rules = RulesFile(path)
    rules.load()
    path.unlink()
    assert not rules.load()
    path.write_bytes(b"\xff\xfe")
    assert not rules.load()
    assert [rule.id for rule in rules.rules] == ["one"]


def test_a_file_that_was_never_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        RulesFile(tmp_path / "none.yaml").load()
