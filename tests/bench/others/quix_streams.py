"""Quix Streams counting the same into Redis: `python -m tests.bench.others.quix_streams KAFKA REDIS EVENTS`, in its own environment.

A batching sink is its way to a store: what came since the last checkpoint is added up and written in one pipeline, as `take_events` does.
"""

import json
import os
import sys
import time
from typing import Any

from quixstreams import Application
from quixstreams.sinks import BatchingSink, SinkBatch
from redis import Redis

from streams.topics import CLICKS, COMMENTS, ORDERS, VIEWS
from tests.bench.others.counting import add_all


class Counts(BatchingSink):
    """Writes what a checkpoint covers, and ends the process with a line of figures when all is done."""

    def __init__(self, redis: str, events: int) -> None:
        super().__init__()
        self.store, self.events, self.seen = Redis.from_url(redis), events, 0
        self.begun: tuple[float, float] | None = None

    def begin(self, value: Any) -> None:
        self.begun = self.begun or (time.perf_counter(), time.process_time())

    def write(self, batch: SinkBatch) -> None:
        events = [item.value for item in batch]
        pipe = self.store.pipeline(transaction=False)
        add_all(pipe, batch.topic, events)
        pipe.execute()
        self.seen += len(events)
        if self.seen >= self.events:
            seconds, cpu = time.perf_counter() - self.begun[0], time.process_time() - self.begun[1]
            print(json.dumps({"seconds": seconds, "events": self.seen, "cpu_us": cpu / self.seen * 1e6}), flush=True)
            os._exit(0)


def main(kafka: str, redis: str, events: int) -> None:
    app = Application(
        broker_address=kafka, consumer_group=f"quix-{time.time_ns()}", auto_offset_reset="earliest", commit_interval=0.25, loglevel="ERROR"
    )
    counts = Counts(redis, events)
    for topic in (VIEWS, CLICKS, COMMENTS, ORDERS):
        frame = app.dataframe(app.topic(topic, value_deserializer="json"))
        frame.update(counts.begin)
        frame.sink(counts)
    app.run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
