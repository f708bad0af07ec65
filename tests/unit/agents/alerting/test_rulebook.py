import json
from pathlib import Path

import pytest

from agents.alerting.rulebook import NoRules, Rulebook
from streams.store.memory import MemoryStore

GOOD = """
- id: {id}
  kind: traffic
  when: total.likes >= {likes}
  title: {{zh: 赞, en: Likes}}
  message: {{zh: "赞", en: "likes"}}
"""


async def test_without_a_file_the_shipped_rules_hold() -> None:
    rules = Rulebook(None, MemoryStore().alerts.rules)
    assert await rules.load()
    assert len(rules.rules) > 15 and rules.problems == []
    assert not await rules.load()


async def test_a_changed_file_is_read_and_what_is_broken_in_it_stays_as_it_was(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD.format(id="one", likes=1) + GOOD.format(id="two", likes=2))
    rules = Rulebook(path, MemoryStore().alerts.rules)
    assert await rules.load() and not await rules.load()
    before = {rule.id: rule for rule in rules.rules}
    path.write_text(GOOD.format(id="one", likes=5) + GOOD.format(id="two", likes="nothing"))
    assert await rules.load()
    after = {rule.id: rule for rule in rules.rules}
    assert after["two"] is before["two"] and after["one"] != before["one"]
    assert [(problem.rule, problem.line > 7) for problem in rules.problems] == [("two", True)]
    assert f"line {rules.problems[0].line}: two is refused" in caplog.text
    said = json.loads(rules.said())
    assert (said["path"], said["rules"], said["unread"]) == (str(path), ["one", "two"], "")
    (problem,) = said["problems"]
    assert (problem["line"], problem["rule"], problem["reason"]) == (rules.problems[0].line, "two", rules.problems[0].reason)


async def test_a_file_that_goes_away_or_is_no_text_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD.format(id="one", likes=1))
    rules = Rulebook(path, MemoryStore().alerts.rules)
    await rules.load()
    path.unlink()
    assert not await rules.load()
    assert "No such file" in json.loads(rules.said())["unread"]
    path.write_bytes(b"\xff\xfe")
    assert not await rules.load()
    assert [rule.id for rule in rules.rules] == ["one"]
    path.write_text(GOOD.format(id="one", likes=1))
    assert not await rules.load() and json.loads(rules.said())["unread"] == ""


async def test_a_file_that_was_never_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoRules):
        await Rulebook(tmp_path / "none.yaml", MemoryStore().alerts.rules).load()


async def test_rules_of_the_store_hold_where_there_is_no_file(tmp_path: Path) -> None:
    store = MemoryStore()
    rules = Rulebook(None, store.alerts.rules)
    await store.alerts.put_rules(GOOD.format(id="mine", likes=1))
    assert await rules.load()
    assert [rule.id for rule in rules.rules] == ["mine"]
    await store.alerts.put_rules(None)
    assert await rules.load()
    assert "mine" not in [rule.id for rule in rules.rules]
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD.format(id="file", likes=1))
    rules = Rulebook(path, store.alerts.rules)
    await store.alerts.put_rules(GOOD.format(id="mine", likes=1))
    await rules.load()
    assert [rule.id for rule in rules.rules] == ["file"]
