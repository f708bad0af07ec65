"""`livescreen backtest` over a room in a real store: people over windows are counted, not summed."""

import asyncio
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from deploy import backtest
from deploy.problem import Problem
from deploy.settings import Settings
from streams import events, fold
from streams.change import Position
from streams.store.port import Applied, State
from streams.store.redis import RedisStore
from streams.topics import VIEWS, Partition

MINUTE = 60_000
RULES = """
- id: same_people
  kind: traffic
  when: last_5m.viewers > 3
  title: {zh: 人多, en: Many}
  message: {zh: "{last_5m.viewers} 人", en: "{last_5m.viewers}"}
- id: many_entries
  kind: traffic
  when: last_5m.entries >= 15
  title: {zh: 进入多, en: Many}
  message: {zh: "{last_5m.entries} 次", en: "{last_5m.entries}"}
- id: sold_out
  kind: stock
  subject: product
  when: product.left == 0
  title: {zh: 售罄, en: Sold out}
  message: {zh: 售罄, en: Sold out}
- id: broken
  kind: trade
  when: total.nothing > 1
  title: {zh: 坏, en: B}
  message: {zh: 坏, en: B}
"""


async def fill(redis_url: str, room: str, years_ago: int = 0) -> None:
    """The same three people enter in each of 8 minutes, an hour ago."""
    start = (time.time_ns() // 1_000_000 // MINUTE - 60 - years_ago * 525_600) * MINUTE
    batch: list[Any] = []
    for number in range(24):
        user, at = f"u{number % 3}", start + number // 3 * MINUTE
        row = {"id": f"e{number}", "room": room, "at": at, "kind": "entered", "user": user, "source": "search", "person": {}}
        batch.append((number, events.decode(VIEWS, msgspec.json.encode(row), at)))
    store = RedisStore.connect(redis_url)
    wants = fold.wants(VIEWS, {room: batch})
    state = (await store.read(wants, fold.GUARDS[VIEWS])).get(room, State())
    change = fold.fold(VIEWS, room, batch, state, Position(f"log {years_ago}", Partition(VIEWS, 0), 0, 23), start)
    (outcome,) = await store.apply([change])
    await store.close()
    assert isinstance(outcome, Applied)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, "utf-8")
    return path


async def test_says_what_fired_what_was_not_judged_and_what_is_broken(
    redis_url: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    room = f"room-{uuid4().hex[:8]}"
    await fill(redis_url, room)
    await asyncio.to_thread(backtest.run, Settings(redis=redis_url), tmp_path, file, room)
    output = capsys.readouterr().out
    lines = output.splitlines()
    assert [line.split()[2:] for line in lines if "firing" in line] == [["many_entries", "warning", "firing", "(at_once)", "15", "次"]]
    assert "8 minutes, looked at after each; 2 rules judged, 1 of them fired" in lines
    assert "not judged: sold_out (subject product)" in lines
    assert "broken is refused" in output


async def test_an_unknown_room(redis_url: str, file: Path, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no room"):
        await asyncio.to_thread(backtest.run, Settings(redis=redis_url), tmp_path, file, "nowhere")


async def test_a_file_that_is_no_text(redis_url: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(Problem, match="not UTF-8"):
        await asyncio.to_thread(backtest.run, Settings(redis=redis_url), tmp_path, file, "nowhere")


async def test_one_event_of_years_ago_does_not_keep_anyone_waiting(redis_url: str, file: Path, tmp_path: Path) -> None:
    room = f"room-{uuid4().hex[:8]}"
    await fill(redis_url, room)
    await fill(redis_url, room, years_ago=5)
    with pytest.raises(Problem, match="31 days"):
        await asyncio.to_thread(backtest.run, Settings(redis=redis_url), tmp_path, file, room)
