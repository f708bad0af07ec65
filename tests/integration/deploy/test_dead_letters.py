"""Dead letters listed, mended and replayed, on a real broker."""

import asyncio
import json
import time

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from agents.chunk import Bad
from agents.rejects.letters import letter
from agents.topics import create_missing
from streams.events import Rejected
from streams.kafka.brokers import Brokers
from streams.topics import DEAD_LETTERS, VIEWS, Partition

NOW_MS = int(time.time() * 1_000)
GOOD = {"id": "a", "room": "r", "at": NOW_MS, "kind": "liked", "user": "u"}


class Record:
    def __init__(self, offset, value):
        self.offset, self.value, self.timestamp = offset, value, NOW_MS


@pytest.fixture
def letters(livescreen, kafka):
    """Runs the command on a broker that has four letters, one of them twice."""
    asyncio.run(write(kafka.bootstrap))

    def run(*arguments):
        return livescreen.run("dead-letters", *arguments, KAFKA=kafka.bootstrap)

    run.kafka = kafka.bootstrap
    return run


def test_where_nothing_was_rejected(livescreen, kafka):
    asyncio.run(create_missing(kafka.brokers, 2))
    done = livescreen.run("dead-letters", KAFKA=kafka.bootstrap)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_reason_that_there_is_not_is_said_with_those_that_there_are(livescreen, no_traceback):
    done = livescreen.run("dead-letters", "--reason", "not-json", "--reason", "nope")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--reason must be one of undecodable, too-large, not-json," in no_traceback(done.stderr) and "'nope'" in done.stderr


async def write(kafka):
    await create_missing(Brokers(kafka), 2)
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    views = Partition(VIEWS, 0)
    old, new = NOW_MS - 86_400_000, NOW_MS
    rows = [
        (3, b"{", "not-json", old),
        (5, json.dumps({**GOOD, "user": 5}).encode(), "wrong-type", new),
        (5, json.dumps({**GOOD, "user": 5}).encode(), "wrong-type", new),
        (8, b"\xff", "not-json", new),
        (9, json.dumps({**GOOD, "user": None}).encode(), "wrong-type", new),
    ]
    for offset, raw, reason, at in rows:
        value = letter(views, Bad(Record(offset, raw), Rejected(reason, "…")), at)
        await producer.send_and_wait(DEAD_LETTERS, value, key=f"{views}:{offset}".encode())
    await producer.send_and_wait(DEAD_LETTERS, b"no letter at all", key=b"?")
    await producer.stop()


def listed(answer):
    assert answer.returncode == 0, answer.stderr
    return {row["letter"]: row for row in map(json.loads, answer.stdout.splitlines())}


def test_lists_each_once_by_reason_and_time(letters):
    everything = listed(letters())
    assert sorted(everything) == [f"live.views:0:{n}" for n in (3, 5, 8, 9)]
    assert sorted(listed(letters("--reason", "not-json"))) == ["live.views:0:3", "live.views:0:8"]
    today = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(NOW_MS / 1_000 - 3_600))
    assert sorted(listed(letters("--reason", "not-json", "--since", today))) == ["live.views:0:8"]


def test_replays_what_was_mended_once(letters, tmp_path):
    rows = listed(letters("--reason", "wrong-type"))
    for row in rows.values():
        row["mended"] = json.loads(row["text"]) | {"user": "u"}
    file = tmp_path / "mended.ndjson"
    file.write_text("\ufeff" + "\n".join(map(json.dumps, rows.values())) + "\n")  # as some editors begin a file

    answer = letters("--replay", file)
    assert (answer.returncode, json.loads(answer.stdout)) == (0, {"replayed": 2}), answer.stderr
    assert asyncio.run(read(letters.kafka)) == [GOOD, GOOD]
    assert sorted(listed(letters())) == ["live.views:0:3", "live.views:0:8"], "what is mended is not shown again"

    again = letters("--replay", file)
    assert again.returncode == 1
    assert "mended.ndjson:1: no such letter waits" in again.stderr
    assert asyncio.run(read(letters.kafka)) == [GOOD, GOOD]


def test_nothing_is_sent_when_one_line_is_wrong(letters, tmp_path, no_traceback):
    row = listed(letters())["live.views:0:5"]
    file = tmp_path / "mended.ndjson"
    file.write_text(json.dumps(row | {"mended": GOOD}) + "\n" + json.dumps(row | {"mended": GOOD}) + "\n\n{\n")
    answer = letters("--replay", file)
    assert answer.returncode == 1
    said = no_traceback(answer.stderr)
    assert "mended.ndjson:2: no such letter waits" in said and "mended.ndjson:4: " in said
    assert "2 of 3 lines are wrong; nothing was sent" in said
    assert asyncio.run(read(letters.kafka)) == []


async def read(kafka):
    """What stands in live.views."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    consumer.assign([TopicPartition(VIEWS, number) for number in range(2)])
    found = []
    while batch := await consumer.getmany(timeout_ms=1_000):
        found += [json.loads(record.value) for records in batch.values() for record in records]
    await consumer.stop()
    return found
