"""One child process of the stack: started on the leash, its output in a log file, ended with patience and then without."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from deploy.leash import leashed
from deploy.logs import LogFile, is_urgent, printable

KEPT_LINES = 20
READ_BYTES = 64 * 1024
DRAIN_SECONDS = 2.0


@dataclass(slots=True)
class Child:
    """`say` gets the lines that a person should see now. `environment` is added to this process's own."""

    name: str
    command: Sequence[str]
    log: LogFile
    say: Callable[[str], None]
    environment: Mapping[str, str] = field(default_factory=dict)
    nice: int = 0
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    _process: asyncio.subprocess.Process | None = None
    _pump: asyncio.Task[None] | None = None
    _logs: bool = True

    async def start(self) -> None:
        """Starts the process, in a session of its own: Ctrl-C reaches the stack alone, which then ends its children in order."""
        self._process = await asyncio.create_subprocess_exec(
            *leashed(self.command, self.nice),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **self.environment},
            start_new_session=True,
        )
        self._pump = asyncio.create_task(self._read_lines(self._process), name=f"log of {self.name}")

    @property
    def pid(self) -> int | None:
        """The process id; None before the start."""
        return None if self._process is None else self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    async def wait(self) -> int:
        """The exit status (negative: the signal that ended it), when the process has ended and its output is in the log."""
        assert self._process is not None and self._pump is not None, "start() comes first"  # noqa: S101 (a bug if not)
        status = await self._process.wait()
        with suppress(TimeoutError):  # a grandchild may hold the pipe open; its lines are not worth waiting for
            await asyncio.wait_for(asyncio.shield(self._pump), DRAIN_SECONDS)
        return status

    async def stop(self, grace_seconds: float) -> None:
        """Asks the process to end, and kills it when it has not after `grace_seconds`."""
        if not self.running:
            return
        self.signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.wait(), grace_seconds)
        except TimeoutError:
            self.signal(signal.SIGKILL)
            await self.wait()

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the whole session of the process, if it still runs."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    async def _read_lines(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101 (asked for above)
        rest = b""
        while data := await process.stdout.read(READ_BYTES):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._take(line)
            rest = rest[:READ_BYTES]
        if rest:
            self._take(rest)

    def _take(self, raw: bytes) -> None:
        line = printable(raw)
        self._log(line)
        self.last_lines.append(line)
        if is_urgent(line):
            self.say(f"{self.name}: {line}")

    def _log(self, line: str) -> None:
        """Writes it down, if the disk has room: a child whose output nobody takes would stand still."""
        try:
            self.log.write(line)
        except OSError as error:
            if self._logs:
                self.say(f"{self.name}: its log {self.log.path} cannot be written: {error.strerror or error}")
            self._logs = False
        else:
            self._logs = True
