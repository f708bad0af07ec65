"""`livescreen simulate` into the real broker."""

import asyncio
import json
import re
import signal
import time

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.topics import INPUTS


async def events_of(kafka, room, so_far=False):
    """All events of a room, by topic; `so_far`: only the first there are, where more and more come."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for topic in INPUTS for number in range(4)])
        found = {topic: [] for topic in INPUTS}
        while fetched := await consumer.getmany(timeout_ms=1_000):
            for place, records in fetched.items():
                found[place.topic] += [json.loads(record.value) for record in records if record.key == room.encode()]
            if so_far and any(found.values()):
                break
        return found
    finally:
        await consumer.stop()


def test_a_short_broadcast(livescreen, broker):
    done = livescreen.run("simulate", "--room", "short", "--rate", 200, "--minutes", 0.05, "--seed", 7, KAFKA=broker)
    match = re.search(r"^sent (\d+)$", done.stdout, re.MULTILINE)
    assert done.returncode == 0 and match is not None, done.stderr
    found = asyncio.run(events_of(broker, "short"))
    assert sum(map(len, found.values())) == int(match[1]) > 100
    kinds = [event["kind"] for event in found["live.scenes"]]
    assert kinds[0] == "opened" and kinds[-1] == "closed"


def test_ctrl_c_closes_the_broadcast(livescreen, broker):
    running = livescreen.start("simulate", "--room", "cut", "--rate", 100, "--minutes", 60, KAFKA=broker)
    try:
        end = time.monotonic() + 60
        while not any(asyncio.run(events_of(broker, "cut", so_far=True)).values()):
            assert time.monotonic() < end, running.said()
        assert running.stop(signal.SIGINT) == 0, running.said()
    finally:
        running.kill()
    assert asyncio.run(events_of(broker, "cut"))["live.scenes"][-1]["kind"] == "closed"


def test_a_room_that_cannot_be(livescreen, broker, no_traceback):
    done = livescreen.run("simulate", "--room", "a room", KAFKA=broker)
    assert done.returncode == 2 and "--room" in no_traceback(done.stderr)
