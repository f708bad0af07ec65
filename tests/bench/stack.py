"""The whole system in one command, for benchmarks that end at a browser."""

import asyncio
import json
import os
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.ports import free_port
from deploy.reach import wait_for_screen
from tests.servers.process import Process

START_SECONDS = 240.0


@dataclass(frozen=True)
class Stack:
    """Where it listens. `token` is an administrator's."""

    kafka: str
    redis: str
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
def stack(directory: Path | None = None, **settings: str) -> Iterator[Stack]:
    """A fresh one, until the block ends, in `directory` or one that goes with it. Settings by their names, in capitals."""
    with ExitStack() as ends:
        home = directory or Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="livescreen-bench-", ignore_cleanup_errors=True)))
        data, token, port = home / "data", home / "token", free_port()
        command = [sys.executable, "-m", "deploy", "up", "--port", str(port), "--data", str(data), "--token-file", str(token)]
        unset = {variable: "" for variable in os.environ if variable.startswith("LIVESCREEN_")}
        # All watchers of the bench come from one address, and with one token.
        many = {"LIVESCREEN_ADDRESS_CONNECTIONS": "100000", "LIVESCREEN_TOKEN_WATCHERS": "100000"}
        wanted = {f"LIVESCREEN_{name}": value for name, value in settings.items()}
        process = Process(command, home / "output", unset | many | wanted)
        process.start()
        ends.callback(process.stop)
        asyncio.run(wait_for_screen(f"http://127.0.0.1:{port}", START_SECONDS))
        listening = json.loads((data / "stack.json").read_text())
        assert process._process is not None
        yield Stack(listening["kafka"], listening["redis"], f"http://127.0.0.1:{port}", token.read_text().strip(), process._process.pid)


def fetch(here: Stack, path: str) -> Any:
    """The answer to a call of the screen."""
    with urllib.request.urlopen(urllib.request.Request(here.screen + path, headers=here.headers), timeout=60) as answer:
        return json.load(answer)


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
