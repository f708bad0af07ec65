"""Whoever may write to the topic of dead letters neither stops nor fills those who read it."""

import asyncio
import json
import time

import pytest
from aiokafka import AIOKafkaProducer

from agents import unpacking
from agents.topics import create_missing
from deploy.doctor.agents import check_rejects
from streams.kafka.brokers import Brokers
from streams.topics import DEAD_LETTERS

LETTER = {"reason": "future", "topic": "live.views", "partition": 0, "detail": "…"}


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_a_letter_that_unpacks_to_too_much_is_named_and_its_neighbours_are_read(livescreen, kafka, no_traceback, codec):
    asyncio.run(write(kafka.bootstrap, codec))
    done = livescreen.run("dead-letters", KAFKA=kafka.bootstrap)
    assert done.returncode == 0, done.stderr
    no_traceback(done.stderr)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["letter"] for row in rows] == ["live.views:0:4", "live.dead-letters:0:1", "live.views:0:9"]
    assert rows[1]["reason"] == "undecodable" and f"more than {unpacking.MOST_BYTES} bytes" in rows[1]["detail"]
    (finding,) = asyncio.run(check_rejects(Brokers(kafka.bootstrap), 1))
    assert "at least 2: future 2" in str(finding)


async def write(address: str, codec: str) -> None:
    """A letter, a packed batch that unpacks to more than the bound, and another letter."""
    await create_missing(Brokers(address), 1)
    letter = LETTER | {"at": int(time.time() * 1_000)}  # doctor looks at the last 10 minutes
    async with AIOKafkaProducer(bootstrap_servers=address) as plain:
        await plain.send_and_wait(DEAD_LETTERS, json.dumps(letter | {"offset": 4}).encode(), key=b"live.views:0:4")
        bounds = {"max_request_size": 2 * unpacking.MOST_BYTES, "max_batch_size": 2 * unpacking.MOST_BYTES}
        async with AIOKafkaProducer(bootstrap_servers=address, compression_type=codec, **bounds) as packing:
            await packing.send_and_wait(DEAD_LETTERS, b" " * unpacking.MOST_BYTES)
        await plain.send_and_wait(DEAD_LETTERS, json.dumps(letter | {"offset": 9}).encode(), key=b"live.views:0:9")
