"""aiokafka's `getmany` without any work: `python -m tests.bench.others.bare_consumer KAFKA REDIS EVENTS`."""

import json
import sys
import time

import uvloop
from aiokafka import AIOKafkaConsumer

from streams.topics import INPUTS


async def main(kafka: str, events: int) -> None:
    consumer = AIOKafkaConsumer(*INPUTS, bootstrap_servers=kafka, auto_offset_reset="earliest", fetch_max_wait_ms=100)
    await consumer.start()
    seen, begun = 0, (0.0, 0.0)
    while seen < events:
        fetched = await consumer.getmany(timeout_ms=1_000, max_records=5_000)
        if not seen:
            begun = time.perf_counter(), time.process_time()
            first = sum(map(len, fetched.values()))
        seen += sum(map(len, fetched.values()))
    seconds, cpu = time.perf_counter() - begun[0], time.process_time() - begun[1]
    await consumer.stop()
    counted = max(1, seen - first)
    print(json.dumps({"seconds": seconds, "events": counted, "cpu_us": cpu / counted * 1e6}), flush=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[3])))
