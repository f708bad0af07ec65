"""The real logs, folded and stored, against the reference count that lies beside them: every figure.

The data sets and their tools are no part of the project. They are looked for in `../shared`, or where LIVESCREEN_SHARED says.
"""

import asyncio
import importlib.util
import time
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import msgspec
import pytest

from streams import board as boards
from streams.board_rules import BoardRules
from streams.events import Event, decode
from streams.store.memory import MemoryStore
from streams.store.port import Store
from streams.store.redis import RedisStore
from streams.store.view import RoomView
from streams.topics import INPUTS, Partition
from tests.real import TOOLS, real_events, real_log
from tests.rooms.drive import Worker
from tests.rooms.logs import Logs

pytestmark = [pytest.mark.data, real_log]

_MINUTE = (
    "impressions",
    "entries",
    "leaves",
    "product_impressions",
    "product_clicks",
    "carts",
    "comments",
    "orders_created",
    "orders_paid",
    "gmv",
    "items_sold",
)
_PRODUCT = (
    "product_impressions", "product_clicks", "carts", "orders_created", "orders_paid", "gmv", "items_sold", "buyers",
    "product_exposed_users", "product_click_users",
)  # fmt: skip
_SOURCE = ("entries", "orders_paid", "gmv")
AGE_SECONDS = 20


@pytest.fixture(scope="module")
def oracle() -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracle", TOOLS / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real events as a file, the last of them a few seconds old."""
    return real_events(tmp_path_factory.mktemp("real") / "events.ndjson", "--age", str(AGE_SECONDS))


async def deliver(path: Path, store: Store, now_ms: int) -> None:
    """Decodes and folds the file, topics one chunk after the other, chunks of many sizes."""
    logs: Logs = {Partition(topic, 0): [] for topic in INPUTS}
    for line in path.open("rb"):
        topic = msgspec.json.decode(line)["topic"]
        event = decode(topic, line.strip(), now_ms)
        assert isinstance(event, Event), event
        logs[Partition(topic, 0)].append(event)
    rng, worker = Random(1), Worker(store, now_ms)
    done = dict.fromkeys(logs, 0)
    while unread := [partition for partition, log in logs.items() if done[partition] < len(log)]:
        partition = rng.choice(unread)
        first, size = done[partition], rng.choice([1, 100, 2_000])
        await worker.deliver(partition, list(enumerate(logs[partition][first : first + size], first)))
        done[partition] += size


async def shown(store: Store, room: str, now_ms: int) -> dict[str, Any]:
    view = RoomView(store, room)
    await view.refresh(now_ms)
    board = boards.build(view.material, now_ms, BoardRules())
    return board | {"minutes": {row["at"]: row for row in boards.minutes(view.material, 0, 2**60, now_ms)}}


def differences(oracle: ModuleType, want: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """What the oracle finds different, as it does against a running screen."""
    everything = [*oracle.EXACT, *sorted(oracle.ESTIMATED)]
    found = [*oracle.differences("total", want["total"], got["total"], [*everything, "average_watch_seconds"])]
    for window in ("last_5m", "previous_5m"):
        found += oracle.differences(window, want[window], got[window], everything)
    for at, figures in want["minutes"].items():
        found += oracle.differences(f"minute {at}", figures, got["minutes"].get(int(at), {}), _MINUTE)
    products = {row["product"]: row["total"] for row in got["products"]}
    for product, figures in want["products"].items():
        found += oracle.differences(f"product {product}", figures, products.get(product, {}), _PRODUCT)
    for source, figures in want["sources"].items():
        found += oracle.differences(f"source {source}", figures, got["sources"].get(source, {}), _SOURCE)
    return found


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of an embedded store, or none for the fake."""
    return None if request.param == "memory" else str(request.getfixturevalue("redis_url"))


def test_every_figure_of_the_real_logs_equals_the_reference(oracle: ModuleType, events: Path, url: str | None) -> None:
    now_ms = int(time.time() * 1000)

    async def run() -> dict[str, dict[str, Any]]:
        store: Store = MemoryStore(lambda: now_ms) if url is None else RedisStore.connect(url, prefix="real")
        try:
            await deliver(events, store, now_ms)
            return {room: await shown(store, room, now_ms) for room in await store.rooms()}
        finally:
            await store.close()

    want = oracle.answer(events, now_ms)
    got = asyncio.run(run())
    assert set(got) == set(want)
    assert min(room["last_5m"]["entries"] for room in want.values()) > 0
    for room, figures in want.items():
        assert differences(oracle, figures, got[room]) == []
