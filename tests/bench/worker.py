"""One agent worker as it is, with a stop-watch around its parts: `python -m tests.bench.worker KAFKA REDIS EVENTS`."""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from agents import runner, worker
from agents.settings import AgentSettings
from streams.store.redis import blob


class Watch:
    """CPU time of the main thread by part; from the first record decoded to the last one applied."""

    def __init__(self, events: int) -> None:
        self.events, self.seen = events, 0
        self.parts: Counter[str] = Counter()
        self.begun: tuple[float, float] | None = None

    def around(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            self.begun = self.begun or (time.perf_counter(), time.process_time())
            started = time.thread_time()
            try:
                return call(*arguments, **named)
            finally:
                self.parts[part] += time.thread_time() - started

        return timed

    def applied(self, records: int) -> None:
        self.seen += records
        if self.seen < self.events:
            return
        seconds, cpu = time.perf_counter() - self.begun[0], time.process_time() - self.begun[1]
        each = {part: spent / self.events * 1e6 for part, spent in self.parts.items()}
        print(json.dumps({"seconds": seconds, "events": self.seen, "cpu_us": cpu / self.seen * 1e6, **each}), flush=True)
        os._exit(0)


def main(kafka: str, redis: str, events: int) -> None:
    watch = Watch(events)
    runner.decode_all = watch.around("decode_us", runner.decode_all)
    runner.wants = watch.around("fold_us", runner.wants)
    runner.fold = watch.around("fold_us", runner.fold)
    blob.encode = watch.around("encode_us", blob.encode)
    apply = runner.Runner.apply

    async def counted(self: Any, chunk: Any) -> None:
        await apply(self, chunk)
        watch.applied(len(chunk.records))

    runner.Runner.apply = counted
    worker.run(AgentSettings(kafka=kafka, redis=redis, embedded=True, log_level="error"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
