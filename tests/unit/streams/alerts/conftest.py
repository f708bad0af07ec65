from collections.abc import Callable
from typing import Any

import pytest

from streams import board, topics
from streams.alerts import Rule, parse
from streams.board_rules import BoardRules
from streams.material import Material
from tests.rooms.build import NOW

FIELDS = {"id": "a", "kind": "traffic", "when": "last_5m.entries < 50", "title": "{zh: 标, en: T}", "message": "{zh: 文, en: M}"}


@pytest.fixture
def write() -> Callable[..., str]:
    """A rule's text, of plain fields but for what is said."""

    def make(**fields: str) -> str:
        given = {**FIELDS, **fields}
        return "- " + "\n  ".join(f"{name.rstrip('_')}: {text}" for name, text in given.items()) + "\n"

    return make


@pytest.fixture
def rule(write: Callable[..., str]) -> Callable[..., Rule]:
    def make(**fields: str) -> Rule:
        rules, problems = parse(write(**fields))
        assert not problems
        return rules[0]

    return make


@pytest.fixture
def shown() -> Callable[..., dict[str, Any]]:
    """A live room's board at NOW, an hour after it opened, with `figures` for groups of it: last_5m={"entries": 1}."""

    def make(material: Material | None = None, now_ms: int = NOW, **figures: dict[str, Any]) -> dict[str, Any]:
        opened = {"kind": "opened", "id": "o", "at": now_ms - 3_600_000}
        made = material or Material("room", facts={"title": "T", "arrived_at": str(now_ms)}, scenes=[opened])
        found = {**board.build(made, now_ms, BoardRules()), "backlog": {}, "as_of": dict.fromkeys(topics.INPUTS, now_ms)}
        return {**found, **{name: {**found[name], **group} for name, group in figures.items()}}

    return make
