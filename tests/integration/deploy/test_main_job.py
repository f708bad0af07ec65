"""The main job as a person tries it: `livescreen up`, `livescreen replay`, and the board against a count of its own."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from tests.real import TOOLS, real_events, real_log


@pytest.fixture
def stack(livescreen, tmp_path):
    running = livescreen.up("--token-file", tmp_path / "token")
    yield running
    running.kill()


@pytest.fixture
def token(stack, tmp_path):
    return (tmp_path / "token").read_text().strip()


def differences(stack, path: Path, token: str, *arguments: str) -> str:
    """What the reference count says of the running stack, once its figures stand still."""
    command = [
        sys.executable,
        str(TOOLS / "oracle.py"),
        str(path),
        "--against",
        str(stack.listening()["screen"]),
        "--token",
        token,
        *arguments,
    ]
    end = time.monotonic() + 60
    while True:
        said = subprocess.run(command, check=False, capture_output=True, text=True)
        if said.returncode == 0 or time.monotonic() > end:
            return said.stdout + said.stderr
        time.sleep(1)


def total(stack, room: str, token: str) -> dict[str, int]:
    """The room's totals; all zero while nothing of it has arrived."""
    status, body = stack.get(f"/api/rooms/{room}", token)
    return json.loads(body)["total"] if status == 200 else defaultdict(int)


def settled(stack, room: str, token: str, metric: str, value: int) -> dict[str, int]:
    """The room's totals, once a metric has reached a value."""
    end = time.monotonic() + 60
    while (found := total(stack, room, token))[metric] < value and time.monotonic() < end:
        time.sleep(0.2)
    return found


@real_log
@pytest.mark.data
def test_every_figure_of_a_real_log_and_its_windows_and_a_second_replay(livescreen, stack, token, tmp_path):
    path = real_events(tmp_path / "events.ndjson", "--age", "20")

    sent = livescreen.run("replay", path, "--data", livescreen.data)
    assert "sent 70470, rejected 0" in sent.stdout + sent.stderr
    said = differences(stack, path, token, "--windows")
    assert "\n0 differences" in said and "figures compared in 3 rooms" in said, said

    before = {room: total(stack, room, token) for room in ("room-1", "room-2", "room-3")}
    livescreen.run("replay", path, "--data", livescreen.data)
    for room, once in before.items():
        twice = settled(stack, room, token, "comments", 2 * once["comments"])
        twice = settled(stack, room, token, "entries", 2 * once["entries"])
        twice = settled(stack, room, token, "product_clicks", 2 * once["product_clicks"])
        doubled = ("impressions", "entries", "leaves", "comments", "product_impressions", "product_clicks", "carts")
        assert {name: twice[name] for name in doubled} == {name: 2 * once[name] for name in doubled}
        same = ("orders_created", "orders_paid", "gmv", "items_sold", "buyers", "refunds")
        assert {name: twice[name] for name in same} == {name: once[name] for name in same}, "orders repeat: they count once"


def test_bad_lines_are_dead_letters_and_what_follows_counts(livescreen, stack, token, tmp_path):
    now = int(time.time() * 1000)
    good = {"id": "1", "room": "r", "at": now, "kind": "liked", "user": "u"}
    late = {**good, "at": now + 365 * 86_400_000}
    bad = [
        b"\xff" + os.urandom(999).replace(b"\n", b"\0"),  # as it may begin like a number, and then be of a wrong type
        json.dumps(good).encode()[:-9],
        json.dumps({**good, "user": 7}).encode(),
        json.dumps({**good, "padding": "x" * 1_048_576}).encode(),
        json.dumps(late).encode(),
        json.dumps({**good, "kind": "danced"}).encode(),
        json.dumps({name: value for name, value in good.items() if name != "user"}).encode(),
    ]
    path = tmp_path / "live.views.ndjson"
    path.write_bytes(b"".join(line + b"\n" + json.dumps(good).encode() + b"\n" for line in bad))

    said = livescreen.run("replay", path, "--data", livescreen.data)

    assert f"sent {len(bad)}, rejected {len(bad)}" in said.stdout + said.stderr
    assert settled(stack, "r", token, "likes", len(bad))["likes"] == len(bad)
    reasons = [letter["reason"] for letter in dead_letters(str(stack.listening()["kafka"]))]
    wanted = ["not-json", "not-json", "wrong-type", "too-large", "future", "unknown-kind", "missing-field"]
    assert sorted(reasons) == sorted(wanted)


def dead_letters(kafka: str) -> list[dict[str, object]]:
    """All that is on live.dead-letters, read by a consumer of its own."""
    script = """
import asyncio, sys
from aiokafka import AIOKafkaConsumer
async def read():
    consumer = AIOKafkaConsumer("live.dead-letters", bootstrap_servers=sys.argv[1], auto_offset_reset="earliest")
    await consumer.start()
    while found := await consumer.getmany(timeout_ms=3000):
        for records in found.values():
            for record in records:
                print(record.value.decode())
    await consumer.stop()
asyncio.run(read())
"""
    lines = subprocess.run([sys.executable, "-c", script, kafka], check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]
