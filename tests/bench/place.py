"""Where benchmarks run: a broker and a store of their own, and processes whose CPU time is known."""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from aiokafka import AIOKafkaProducer
from redis import Redis

from agents import topics
from deploy.embedded.store import store as embedded_store
from deploy.reach import wait_for_redis
from streams.kafka.brokers import Brokers
from tests.bench.events import Sent
from tests.servers import kafka
from tests.servers.process import Process

START_SECONDS = 60.0
RUN_SECONDS = 180.0
PARTITIONS = 4
_TICKS = os.sysconf("SC_CLK_TCK")
_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """A broker and a store, both empty at first."""

    kafka: str
    redis: str
    store_pid: int
    directory: Path

    def fill(self, records: Iterable[Sent], spread: bool = False) -> int:
        """Sends all records, and returns how many. `spread`: not by their key, but to each partition in turn."""
        return asyncio.run(_fill(self.kafka, records, spread))

    def empty_store(self) -> None:
        """Forgets all that was applied."""
        with Redis.from_url(self.redis) as store:
            store.flushall()

    def group(self) -> str:
        """A consumer group that nobody was in: a new member need not wait until an old one is given up."""
        return f"bench-{next(_numbers)}-{time.time_ns()}"

    def result(self, module: str, *arguments: object, python: Sequence[str] = (sys.executable,)) -> dict[str, Any]:
        """Runs a module to its end; the last line of JSON that it printed."""
        process = self.process(module, *arguments, python=python)
        process.start()
        try:
            process._process.wait(RUN_SECONDS)
            return figures(process.log)
        except Exception:
            sys.stderr.write(process.tail() + "\n")
            raise
        finally:
            process.kill()

    def process(self, module: str, *arguments: object, python: Sequence[str] = (sys.executable,)) -> Process:
        """A module as a process, not started."""
        log = self.directory / f"output-{next(_numbers)}"
        return Process([*python, "-m", module, self.kafka, self.redis, *map(str, arguments)], log)


def figures(log: Path) -> dict[str, Any]:
    """The last line of figures that a process printed; Faust's spinner may write control codes around it."""
    text = log.read_text(errors="replace")
    found: dict[str, Any] = json.JSONDecoder().raw_decode(text, text.rindex('{"seconds"'))[0]
    return found


@contextmanager
def place() -> Iterator[Place]:
    """A fresh broker and store, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="livescreen-bench-", ignore_cleanup_errors=True) as name, ExitStack() as stack:
        directory = Path(name)
        store = embedded_store(directory / "store")
        keeper = _started(stack, Process(store.command, directory / "log-store"))
        address = stack.enter_context(kafka.running(directory / "kafka")).bootstrap
        asyncio.run(wait_for_redis(store.address, START_SECONDS))
        asyncio.run(topics.create_missing(Brokers(address), PARTITIONS))
        yield Place(address, store.address, keeper._process.pid, directory)


def _started(stack: ExitStack, process: Process) -> Process:
    process.start()
    stack.callback(process.kill)
    return process


async def _fill(kafka: str, records: Iterable[Sent], spread: bool) -> int:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=20, max_batch_size=256 * 1024)
    await producer.start()
    waiting: list[Any] = []
    sent = 0
    for topic, room, value in records:
        waiting.append(await producer.send(topic, value, key=room, partition=sent % PARTITIONS if spread else None))
        sent += 1
        if len(waiting) >= 20_000:
            await asyncio.gather(*waiting)
            waiting.clear()
    await asyncio.gather(*waiting)
    await producer.stop()
    return sent


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mb(pid: int) -> float:
    """Memory of a process that is not swapped out."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1_000


def middle(runs: int, measure: Callable[[int], dict[str, float]]) -> dict[str, float]:
    """The median of each figure over so many runs."""
    found = [measure(number) for number in range(runs)]
    return {name: median(one[name] for one in found) for name in found[0]}
