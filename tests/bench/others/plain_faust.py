"""Faust as its manual shows it: `python -m tests.bench.others.plain_faust KAFKA REDIS EVENTS each|take`."""

import json
import os
import sys
import time

import faust
from redis.asyncio import Redis

from streams.topics import CLICKS, COMMENTS, ORDERS, VIEWS
from tests.bench.others.counting import add, add_all

BATCH = 1_000


class Count:
    """Ends the process, with a line of figures, when all is done; the clocks run from the first event."""

    def __init__(self, events: int) -> None:
        self.events, self.seen = events, 0
        self.begun: tuple[float, float] | None = None

    def begin(self) -> None:
        self.begun = self.begun or (time.perf_counter(), time.process_time())

    def done(self, events: int) -> None:
        self.seen += events
        if self.seen >= self.events:
            seconds, cpu = time.perf_counter() - self.begun[0], time.process_time() - self.begun[1]
            print(json.dumps({"seconds": seconds, "events": self.seen, "cpu_us": cpu / self.seen * 1e6}), flush=True)
            os._exit(0)


def main(kafka: str, redis: str, events: int, way: str) -> None:
    app = faust.App(
        f"plain-{way}-{time.time_ns()}", broker=f"kafka://{kafka}", store="memory://", web_enabled=False, topic_disable_leader=True,
        topic_allow_declare=False, broker_session_timeout=6.0, broker_heartbeat_interval=1.0, broker_rebalance_timeout=4.0,
        consumer_auto_offset_reset="earliest", stream_wait_empty=False, value_serializer="json",
    )  # fmt: skip
    store, count = Redis.from_url(redis), Count(events)
    for topic in (VIEWS, CLICKS, COMMENTS, ORDERS):
        app.agent(app.topic(topic))((_each if way == "each" else _take)(topic, store, count))
    faust.Worker(app, quiet=True, redirect_stdouts=False, loglevel="error").execute_from_commandline()


def _each(topic: str, store: Redis, count: Count):
    async def agent(stream):
        async for event in stream:
            count.begin()
            pipe = store.pipeline(transaction=False)
            add(pipe, topic, event)
            await pipe.execute()
            count.done(1)

    agent.__name__ = topic.replace(".", "_")
    return agent


def _take(topic: str, store: Redis, count: Count):
    async def agent(stream):
        async for batch in stream.take_events(BATCH, within=0.05):
            count.begin()
            pipe = store.pipeline(transaction=False)
            add_all(pipe, topic, [event.value for event in batch])
            await pipe.execute()
            count.done(len(batch))

    agent.__name__ = topic.replace(".", "_")
    return agent


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
