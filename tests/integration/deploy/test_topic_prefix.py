"""The commands on topics with another prefix, on a real broker."""

import asyncio
import json
import time

from aiokafka import AIOKafkaProducer

from agents.chunk import Bad
from agents.rejects.letters import letter
from streams.events import Rejected
from streams.topics import VIEWS, Partition
from tests.integration.deploy.test_dead_letters import Record
from tests.servers import redis

NOW_MS = int(time.time() * 1_000)
GOOD = {"id": "a", "room": "r", "at": NOW_MS, "kind": "liked", "user": "u", "topic": "live.views"}


async def reject(kafka, topic):
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    try:
        value = letter(Partition(VIEWS, 0), Bad(Record(7, b'{"user": 5}'), Rejected("wrong-type", "…")), NOW_MS)
        await producer.send_and_wait(topic, value, key=b"live.views:0:7")
    finally:
        await producer.stop()


def test_replay_dead_letters_and_doctor_work_with_a_prefix(livescreen, kafka, tmp_path):
    file = tmp_path / "events.ndjson"
    file.write_text(json.dumps(GOOD) + "\n")
    with redis.running(redis.embedded_binary(), tmp_path / "store") as store:
        where = {"KAFKA": kafka.bootstrap, "REDIS": store.url, "TOPIC_PREFIX": "shop."}
        replayed = livescreen.run("replay", str(file), **where)
        asyncio.run(reject(kafka.bootstrap, "shop.dead-letters"))
        listed = livescreen.run("dead-letters", **where)
        checked = livescreen.run("doctor", **where)
        elsewhere = livescreen.run("doctor", **where | {"TOPIC_PREFIX": "other."})

    assert "1" in replayed.stdout, replayed.stderr
    (row,) = map(json.loads, listed.stdout.splitlines())
    assert (row["reason"], row["topic"]) == ("wrong-type", "live.views")
    assert "shop.views (" in checked.stdout and "live.views: 1 records wait" in checked.stdout, checked.stdout
    assert "topic other.views is missing" in elsewhere.stdout
