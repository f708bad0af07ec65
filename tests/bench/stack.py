"""The whole system in one command, for benchmarks that end at a browser."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.ports import free_port
from deploy.reach import wait_for_screen
from tests.servers.process import Process

START_SECONDS = 60.0


@dataclass(frozen=True)
class Stack:
    """Where it listens. `token` is an administrator's."""

    kafka: str
    screen: str
    token: str
    pid: int

    def socket(self, room: str) -> str:
        """The address of a room's websocket."""
        return f"{self.screen.replace('http', 'ws', 1)}/ws/rooms/{room}"

    @property
    def headers(self) -> dict[str, str]:
        """What lets a client in."""
        return {"Authorization": f"Bearer {self.token}"}


@contextmanager
def stack() -> Iterator[Stack]:
    """A fresh one, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="livescreen-bench-") as name:
        data, token, port = Path(name) / "data", Path(name) / "token", free_port()
        command = [sys.executable, "-m", "deploy", "up", "--port", str(port), "--data", str(data), "--token-file", str(token)]
        unset = {variable: "" for variable in os.environ if variable.startswith("LIVESCREEN_")}
        # All watchers of the bench come from one address, and with one token.
        many = {"LIVESCREEN_ADDRESS_CONNECTIONS": "100000", "LIVESCREEN_TOKEN_WATCHERS": "100000"}
        process = Process(command, Path(name) / "output", unset | many)
        process.start()
        try:
            asyncio.run(wait_for_screen(f"http://127.0.0.1:{port}", START_SECONDS))
            listening = json.loads((data / "stack.json").read_text())
            yield Stack(listening["kafka"], f"http://127.0.0.1:{port}", token.read_text().strip(), process._process.pid)
        finally:
            process.stop()


def part(parent: int, word: str) -> int:
    """The child process whose command line holds the words."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if found == parent and word in line:
            return int(entry.name)
    raise LookupError(word)
