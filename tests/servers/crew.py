"""Agent workers as processes, and somebody who starts again what ended, as a supervisor does."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from agents.ending import NEEDS_ATTENTION
from tests.servers.process import Process

LOOK_SECONDS = 0.2


class Crew:
    """Workers on one Kafka and one store. `ends` holds the exit statuses of those that ended; minus the signal where one killed them."""

    def __init__(self, settings: Mapping[str, str], directory: Path, size: int) -> None:
        """`settings` are environment variables."""
        self._settings = settings
        self.group = settings["LIVESCREEN_GROUP"]
        self._directory = directory
        self.ends: list[int] = []
        self.workers = [self._worker(number) for number in range(size)]

    def add(self) -> Process:
        """One more worker, started."""
        worker = self._worker(len(self.workers))
        self.workers.append(worker)
        worker.start()
        return worker

    def logged(self, text: str) -> bool:
        """Whether any worker has logged this."""
        return any(text in worker.log.read_text() for worker in self.workers if worker.log.exists())

    async def mend(self) -> None:
        """Starts again whichever has ended, unless it asked for a person; never returns."""
        while True:
            for worker in self.workers:
                if worker.running or worker.status == NEEDS_ATTENTION:
                    continue
                if worker.status is not None:
                    self.ends.append(worker.status)
                worker.start()
            await asyncio.sleep(LOOK_SECONDS)

    def _worker(self, number: int) -> Process:
        return Process([sys.executable, "-m", "deploy", "agents"], self._directory / f"worker-{number}", self._settings)


@asynccontextmanager
async def working(kafka: str, redis: str, directory: Path, size: int = 1, **settings: str) -> AsyncIterator[Crew]:
    """A crew at work until the block ends. Further settings by their names, in capitals."""
    # A group of its own: the killed workers of another crew would still be members of theirs.
    wanted = {"KAFKA": kafka, "REDIS": redis, "GROUP": f"crew-{secrets.token_hex(4)}"} | settings
    crew = Crew({f"LIVESCREEN_{name}": value for name, value in wanted.items()}, directory, size)
    mending = asyncio.create_task(crew.mend())
    try:
        yield crew
    finally:
        mending.cancel()
        for worker in crew.workers:
            worker.kill()
