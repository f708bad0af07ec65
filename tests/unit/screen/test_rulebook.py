"""The rules as operators see them: where they come from, and one of them switched."""

from pathlib import Path

import pytest

from screen import rulebook
from streams.alerts import parse
from streams.store.memory import MemoryStore

RULE = "- id: {0}\n  kind: trade\n  when: total.entries > 3\n  title: {{zh: 题, en: T}}\n  message: {{zh: 文, en: M}}\n"
TEXT = "# mine\n\n" + RULE.format("one") + "\n# between\n" + RULE.format("two").rstrip()


def store() -> MemoryStore:
    return MemoryStore(lambda: 0)


async def test_the_watchers_file_comes_before_the_store(tmp_path: Path) -> None:
    kept = store()
    assert (await rulebook.find(kept, None)).origin == "shipped"
    await kept.alerts.put_rules(TEXT)
    assert (await rulebook.find(kept, None)) == rulebook.Book(TEXT, "store")
    own = tmp_path / "rules.yaml"
    own.write_text(RULE.format("own") + "- id: bad\n")
    page = rulebook.shown(await rulebook.find(kept, str(own)))
    assert (page["origin"], page["path"], [rule["id"] for rule in page["rules"]]) == ("file", str(own), ["own"])
    assert [(problem["line"], problem["rule"]) for problem in page["problems"]] == [(6, "bad")]


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"#" * 1_100_000])
async def test_a_file_that_cannot_be_read_is_a_problem_and_no_error(tmp_path: Path, content: bytes | None) -> None:
    own = tmp_path / "rules.yaml"
    if content is not None:
        own.write_bytes(content)
    page = rulebook.shown(await rulebook.find(store(), str(own)))
    ((line, reason),) = [(problem["line"], problem["reason"]) for problem in page["problems"]]
    assert (line, bool(reason), page["rules"], page["text"]) == (0, True, [], "")


@pytest.mark.parametrize("name", ["one", "two"])
def test_switching_changes_one_line_and_comes_back(name: str) -> None:
    off = rulebook.switched(TEXT, name, on=False)
    assert off is not None
    assert set(off.splitlines()) - set(TEXT.splitlines()) == {"  enabled: false"}
    assert [rule.id for rule in parse(off)[0]] == [other for other in ("one", "two") if other != name]
    assert [(rule["id"], rule["line"]) for rule in rulebook.shown(rulebook.Book(off, "store"))["off"]] == [
        (name, 3 if name == "one" else 10)
    ]
    assert rulebook.switched(off, name, on=True) == TEXT
    assert rulebook.switched(off, name, on=False) == off
    assert rulebook.switched(TEXT, "three", on=True) is None


def test_every_shipped_rule_can_be_switched_off() -> None:
    book = rulebook.shipped()
    text = book.text
    for rule in parse(text)[0]:
        changed = rulebook.switched(text, rule.id, on=False)
        assert changed is not None
        text = changed
    rules, problems = parse(text)
    assert (rules, problems) == ([], [])
    assert rulebook.Book(text, "store").version != book.version
