"""Agent workers that start within milliseconds: each is forked from a process that has imported everything, and runs as any worker does.

Beyond that they differ from others in two ways: their group is patient for seconds only, so that many deaths fit into a minute, and their
store may be one that kills or freezes them at a chosen moment (see `worst`).
"""

import asyncio
import ctypes
import itertools
import multiprocessing
import os
import random
import secrets
import signal
import sys
import time
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from agents import app, worker
from agents.ending import RESTART
from agents.settings import AgentSettings
from deploy.leash import PR_SET_PDEATHSIG
from streams.kafka.brokers import Brokers
from tests.faults import worst

#: How long the group waits for a silent worker, how often one is heard of, and how long a rebalance may take.
SESSION_SECONDS, HEARTBEAT_SECONDS, REBALANCE_SECONDS = 4.0, 0.5, 2.0

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["__main__", __name__])


@dataclass
class Worker:
    """One worker process. `log`: the file its lines go to."""

    process: BaseProcess
    log: Path

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    @property
    def status(self) -> int | None:
        """How it ended: its exit status, or minus the signal; None before its end."""
        return self.process.exitcode

    @property
    def frozen(self) -> bool:
        """Whether SIGSTOP holds it."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    @property
    def resident_mib(self) -> float:
        """The memory it has now."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal, if it still runs."""
        if self.status is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kills it as `kill -9` does, and returns when it is gone."""
        self.process.kill()
        self.process.join()

    async def ended(self, seconds: float = 120.0) -> int:
        """The status with which it ends."""
        async with asyncio.timeout(seconds):
            while (status := self.status) is None:  # noqa: ASYNC110 - a process sets no event
                await asyncio.sleep(0.05)
        return status

    def says(self) -> str:
        """What it has logged."""
        return self.log.read_text() if self.log.exists() else ""


class Nursery:
    """Starts workers on one Kafka and one store; `kill_all` ends them."""

    def __init__(self, kafka: str, redis: str, directory: Path) -> None:
        self._settings = AgentSettings(kafka=Brokers(kafka), redis=redis, group=f"nursery-{secrets.token_hex(4)}", wait_seconds=120)
        self._directory = directory
        self._numbers = itertools.count()
        self.workers: list[Worker] = []

    def start(self, moment: worst.Moment | None = None, alone: bool = False, **settings: Any) -> Worker:
        """One more worker; with a moment it is killed or frozen there. `alone`: in a group of its own, so on all partitions.

        `settings` replace those that fit the others.
        """
        number = next(self._numbers)
        log = self._directory / f"worker-{number}.log"
        own_group = {"group": f"rival-{number}"} if alone else {}
        process = _context.Process(target=_work, args=(replace(self._settings, **own_group, **settings), str(log), moment), daemon=True)
        process.start()
        self.workers.append(Worker(process, log))
        return self.workers[-1]

    async def mend(self, **settings: Any) -> None:
        """Starts another for each worker that ends to be started again, as a supervisor does; never returns."""
        while True:
            for each in [each for each in self.workers if each.status == RESTART]:
                self.workers.remove(each)
                self.start(**settings)
            await asyncio.sleep(0.2)

    def kill_all(self) -> None:
        for each in self.workers:
            each.kill()

    def logged(self, text: str) -> int:
        """How many lines of all workers hold this."""
        return sum(each.says().count(text) for each in self.workers)


def _work(settings: AgentSettings, log: str, moment: worst.Moment | None) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.argv = ["livescreen"]  # Faust's worker parses the command line
    random.seed(time.time_ns() ^ os.getpid())  # else all of them are the same forks of one
    usual = app._options
    app._options = lambda settings: usual(settings) | _quick()
    if moment is not None:
        worst.bring(moment)
    worker.run(settings)


def _quick() -> dict[str, Any]:
    return {
        "broker_session_timeout": SESSION_SECONDS,
        "broker_heartbeat_interval": HEARTBEAT_SECONDS,
        "broker_rebalance_timeout": REBALANCE_SECONDS,
    }
