"""Samples of platforms that are not part of the project, through the whole way; skipped where they are absent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from streams import topics
from streams.platforms import PLATFORMS
from tests.integration.connect.conftest import Stack, api, running, sources
from tests.real import SHARED

SAMPLES = SHARED / "platforms" / "samples"
FILES = [path for path in sorted(SAMPLES.glob("*/*.case.json")) if path.parent.name in PLATFORMS]
pytestmark = pytest.mark.skipif(not FILES, reason=f"no samples: {SAMPLES} is not there (set LIVESCREEN_SHARED)")

#: Which room each platform's account has open.
ROOMS = {"wechat-shop": "wx-3f34e6507a99ca76", "kuaishou-shop": "ks-room-1", "youzan": "yz-room-1", "tiktok-shop": "7461000000000000099"}
ACCOUNTS = {"wechat-shop": "sphInvented"}
#: A word of the look-up's address.
LOOKUPS = {"doudian": "orderDetail", "tiktok-shop": "/order/202309", "kuaishou-shop": "order/detail", "wechat-shop": "order/get"}
#: What two ways of naming the same order and event differ in.
_OURS = {"topic", "id", "order"}


def rows(path: Path) -> list[dict[str, Any]]:
    """What should come: where contract 2 has more to say of it, that."""
    proposed = path.with_name(path.name.replace(".case.json", ".proposed.ndjson"))
    wanted = proposed if proposed.exists() else path.with_name(path.name.replace(".case.json", ".events.ndjson"))
    return [json.loads(line) for line in wanted.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def shared_stack(broker: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("shared")
    secrets = {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in SAMPLES.glob("*/secrets.json")}
    accounts = {name: ACCOUNTS.get(name, f"account of {name}") for name in secrets}
    with api() as made, running(broker, redis_url, folder, sources(folder, made.url, secrets, accounts), made) as stack:
        opened = {"id": "o", "at": 1_795_600_000_000, "kind": "opened", "title": "T"}
        stack.write(topics.SCENES, *[{**opened, "room": room, "account": accounts[name]} for name, room in ROOMS.items()])
        yield stack


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name} {path.name.partition('.')[0]}" for path in FILES])
def test_each_sample_gives_its_answer_and_its_events(shared_stack: Stack, path: Path):
    case, name = json.loads(path.read_text(encoding="utf-8")), path.parent.name
    asked = case["request"]
    if asked["method"] not in ("GET", "POST"):
        pytest.skip("a poll, which is not built")
    for lookup in case["lookups"]:
        shared_stack.api.answers[LOOKUPS[name]] = lookup["answer"]
    signed = (asked["headers"], asked.get("query", {}), asked["body"].encode())
    answer = shared_stack.push(name, signed, asked["method"])
    assert answer.status_code == case["answer"]["status"], answer.text
    if case["answer"]["status"] == 200 and isinstance(case["answer"]["body"], dict):
        assert answer.json() == case["answer"]["body"]
    elif case["answer"]["status"] == 200:
        assert answer.text == case["answer"]["body"]
    for wanted in rows(path):
        said = {field: value for field, value in wanted.items() if field not in _OURS}
        found = shared_stack.wait(wanted["topic"], lambda rows, said=said: any(row | said == row for row in rows))
        assert sum(row | said == row for row in found) == 1
