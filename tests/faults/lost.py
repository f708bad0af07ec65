"""Takes the newest writes off a store that does not run."""

from pathlib import Path

from tests.servers.redis import Server


def written(store: Server) -> int:
    """How long its append-only file is, in bytes."""
    return _file(store).stat().st_size


def cut(store: Server, lost_bytes: int) -> None:
    """Takes the end off the append-only file."""
    size = written(store)
    assert size > 2 * lost_bytes, "too little was written yet"
    with _file(store).open("r+b") as log:
        log.truncate(size - lost_bytes)


def _file(store: Server) -> Path:
    (file,) = (Path(store.process.log).parent / "appendonlydir").glob("*.incr.aof")
    return file
