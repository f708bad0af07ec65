"""Where benchmarks run: an embedded broker and store of their own, and processes whose CPU time is known."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from aiokafka import AIOKafkaProducer

from agents import topics
from deploy import embedded
from deploy.reach import wait_for_kafka, wait_for_redis
from tests.bench.events import Sent
from tests.servers.process import Process

START_SECONDS = 30.0
PARTITIONS = 4
_TICKS = os.sysconf("SC_CLK_TCK")

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """A broker and a store, both empty at first."""

    kafka: str
    redis: str
    store_pid: int
    directory: Path

    def fill(self, records: Iterable[Sent]) -> int:
        """Sends all records, and returns how many."""
        return asyncio.run(_fill(self.kafka, records))

    def result(self, module: str, *arguments: object, seconds: float = 600) -> dict[str, Any]:
        """Runs a module to its end; what it printed as JSON."""
        log = self.directory / "output"
        log.unlink(missing_ok=True)
        process = Process([sys.executable, "-m", module, self.kafka, self.redis, *map(str, arguments)], log)
        process.start()
        try:
            process._process.wait(seconds)
            text = log.read_text()
            return json.JSONDecoder().raw_decode(text, text.rindex('{"seconds"'))[0]  # Faust's spinner writes control codes around it
        except Exception:
            sys.stderr.write(process.tail() + "\n")
            raise
        finally:
            process.kill()


@contextmanager
def place() -> Iterator[Place]:
    """A fresh broker and store, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="livescreen-bench-") as name, ExitStack() as stack:
        directory = Path(name)
        broker, store = embedded.broker(directory / "broker"), embedded.store(directory / "store")
        processes = [Process(server.command, directory / f"log-{number}") for number, server in enumerate((broker, store))]
        for process in processes:
            process.start()
            stack.callback(process.kill)
        asyncio.run(wait_for_kafka(broker.address, START_SECONDS))
        asyncio.run(wait_for_redis(store.address, START_SECONDS))
        asyncio.run(topics.create_missing(broker.address, PARTITIONS))
        yield Place(broker.address, store.address, processes[1]._process.pid, directory)


async def _fill(kafka: str, records: Iterable[Sent]) -> int:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=20, max_batch_size=256 * 1024)
    await producer.start()
    waiting: list[Any] = []
    count = 0
    for topic, room, value in records:
        waiting.append(await producer.send(topic, value, key=room))
        count += 1
        if len(waiting) >= 20_000:
            await asyncio.gather(*waiting)
            waiting.clear()
    await asyncio.gather(*waiting)
    await producer.stop()
    return count


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def middle(runs: int, measure: Callable[[int], dict[str, float]]) -> dict[str, float]:
    """The median of each figure over so many runs."""
    found = [measure(number) for number in range(runs)]
    return {name: median(one[name] for one in found) for name in found[0]}
