"""`livescreen` as a person runs it: as processes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.ports import free_port

START_SECONDS = 180.0
STOP_SECONDS = 90.0


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with these settings and no others."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LIVESCREEN_")}
    return {**clean, **{f"LIVESCREEN_{name}": value for name, value in settings.items()}}


class Livescreen:
    """Commands on one data directory."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *arguments: object, timeout: float = 180, **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        command = [sys.executable, "-m", "deploy", *map(str, arguments)]
        return subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=timeout, env=environment(**settings), cwd=self.data.parent
        )

    def start(self, *arguments: object, **settings: str) -> "Running":
        """Starts a command that goes on until it is told to stop."""
        command = [sys.executable, "-m", "deploy", *map(str, arguments), "--data", str(self.data)]
        return Running(command, self.data, environment(**settings))

    def up(self, *arguments: object, **settings: str) -> "Running":
        """A whole stack that is ready."""
        running = self.start("up", "--port", free_port(), *arguments, **settings)
        try:
            running.wait_until_ready()
        except BaseException:
            running.kill()
            raise
        return running


class Running:
    """A stack, with all processes that belong to it."""

    def __init__(self, command: list[str], data: Path, env: dict[str, str]) -> None:
        self.data = data
        self.output = data.parent / "output"
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=env, cwd=data.parent)

    def wait_until_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not self.is_ready():
            assert self.process.poll() is None and time.monotonic() < end, self.said()
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether stack.json is there and of this stack (a killed one leaves its own behind), and the screen answers."""
        if not (self.data / "stack.json").exists() or self.listening()["pid"] != self.process.pid:
            return False
        if not re.search(r"ready:|^Open ", self.said(), re.MULTILINE):
            return False  # some parts may still have to be started
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def said(self) -> str:
        """What a person saw so far."""
        return self.output.read_text()

    def listening(self) -> dict[str, object]:
        return dict(json.loads((self.data / "stack.json").read_text()))

    def family(self) -> dict[int, str]:
        """All living descendants: process id → command line."""
        parents = dict(processes())
        found: dict[int, str] = {}
        generation = {self.process.pid}
        while generation := {pid for pid, parent in parents.items() if parent in generation}:
            found |= {pid: command_line(pid) for pid in generation}
        return found

    def part(self, word: str) -> int:
        """The process whose command line holds the word."""
        (pid,) = (pid for pid, line in self.family().items() if word in line)
        return pid

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stops it as Ctrl-C does; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def get(self, path: str, token: str | None = None) -> tuple[int, bytes]:
        """Status and body of a call to the screen."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"{self.listening()['screen']}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


def processes() -> Iterator[tuple[int, int]]:
    """Each living process and its parent."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            yield int(entry.name), int(parent)


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@pytest.fixture
def still_alive():
    """Those of the processes that live on after `seconds`."""

    def look(family: dict[int, str], seconds: float = 20.0) -> dict[int, str]:
        end = time.monotonic() + seconds
        while (left := family.keys() & {pid for pid, _ in processes()}) and time.monotonic() < end:
            time.sleep(0.05)
        return {pid: family[pid] for pid in left}

    return look


@pytest.fixture
def livescreen(tmp_path: Path) -> Livescreen:
    return Livescreen(tmp_path / "data")


@pytest.fixture
def no_traceback():
    """Checks that what a person saw is lines for people."""

    def check(text: str) -> str:
        assert "Traceback" not in text and not re.search(r"^\s+File ", text, re.MULTILINE), text
        return text

    return check
