"""One agent worker as it is, with a stop-watch around its parts: `python -m tests.bench.worker KAFKA REDIS EVENTS GROUP`.

It prints a line of JSON after each chunk, and ends after EVENTS.
"""

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from agents import remembered, runner, worker
from agents.settings import AgentSettings
from streams.kafka.brokers import Brokers
from streams.store.redis import blob


class Watch:
    """CPU time by part, from the first record decoded on. What other threads than the main one spend is fetching and parsing."""

    def __init__(self, events: int) -> None:
        self.events, self.seen = events, 0
        self.parts: Counter[str] = Counter()
        self.begun: tuple[float, float, float, float] | None = None

    def now(self) -> tuple[float, float, float, float]:
        others = [each.ident for each in threading.enumerate() if each is not threading.main_thread() and each.ident]
        fetch = sum(time.clock_gettime(time.pthread_getcpuclockid(each)) for each in others)
        return time.time(), time.process_time(), time.thread_time(), fetch

    def around(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            self.begun = self.begun or self.now()
            started = time.thread_time()
            try:
                return call(*arguments, **named)
            finally:
                self.parts[part] += time.thread_time() - started

        return timed

    def applied(self, records: int) -> None:
        self.seen += records
        ends = self.now()
        seconds, cpu, main, fetch = (end - begin for end, begin in zip(ends, self.begun, strict=True))
        parts = {"fetch_us": fetch, **self.parts}
        # What is left of the main thread's time: commands to the store and its answers, the event loop, Faust.
        parts["store_us"] = main - sum(self.parts.values()) + parts.pop("encode")
        each = {part: spent / self.seen * 1e6 for part, spent in parts.items()}
        found = {"seconds": seconds, "events": self.seen, "cpu_us": cpu / self.seen * 1e6, **each}
        print(json.dumps(found | {"begun": self.begun[0], "ended": ends[0]}), flush=True)
        if self.seen >= self.events:
            os._exit(0)


def main(kafka: str, redis: str, events: int, group: str) -> None:
    watch = Watch(events)
    runner.decode_all = watch.around("decode_us", runner.decode_all)
    runner.wants = watch.around("fold_us", runner.wants)
    runner.fold = watch.around("fold_us", runner.fold)
    remembered.states = watch.around("fold_us", remembered.states)
    blob.encode = watch.around("encode", blob.encode)
    apply = runner.Runner.apply

    async def counted(self: Any, chunk: Any) -> None:
        await apply(self, chunk)
        watch.applied(len(chunk.records))

    runner.Runner.apply = counted
    worker.run(AgentSettings(kafka=Brokers(kafka), redis=redis, group=group, log_level="error"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
