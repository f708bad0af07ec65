"""Apache Kafka's jars: each pinned with its SHA-256 in `jars.txt`, fetched once from a Maven repository, and kept in the user's cache.

Where they come from is jgo's to say: Maven Central, or the repositories that its configuration file (`jgo.conf`) names.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.server import not_installed
from deploy.problem import Problem

PINS = Path(__file__).with_name("jars.txt")
_SERVER = "kafka_2.13"
_AT_ONCE = 8
_ANSWER_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Jar:
    """One pinned jar, by its Maven coordinates."""

    sha256: str
    group: str
    artifact: str
    version: str

    @property
    def name(self) -> str:
        """The file's name, as Maven and Kafka's own releases have it."""
        return f"{self.artifact}-{self.version}.jar"


def pinned() -> list[Jar]:
    """All of them."""
    lines = (line.split() for line in PINS.read_text("ascii").splitlines())
    return [Jar(digest, *coordinates.split(":")) for digest, coordinates in lines]


def version() -> str:
    """Kafka's release."""
    return next(jar.version for jar in pinned() if jar.artifact == _SERVER)


def cached() -> Path:
    """Where fetched jars are kept: one directory for each set of pins, shared by all projects of this user."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "livescreen" / f"kafka-{version()}-{hashlib.sha256(PINS.read_bytes()).hexdigest()[:8]}"


def classpath(own: Path | None, say: Callable[[str], None]) -> tuple[Path, ...]:
    """The jars, ready to be used; fetched if need be, which `say` hears of. A `Problem` where they cannot be had.

    `own`: as LIVESCREEN_JARS, the directory they are in; nothing is fetched then.
    """
    if own is not None:
        return _given(own)
    with _alone(cached()) as directory:
        if missing := list(_wrong(directory)):
            _fetch(missing, directory, say)
    return tuple(directory / jar.name for jar in pinned())


def _given(directory: Path) -> tuple[Path, ...]:
    """The pinned jars if they are all there, else another release of Kafka that the operator vouches for."""
    if all((directory / jar.name).is_file() for jar in pinned()):
        if wrong := list(_wrong(directory)):
            raise Problem(f"LIVESCREEN_JARS: {directory / wrong[0].name} is not what it says it is (its SHA-256 differs): copy it again")
        return tuple(directory / jar.name for jar in pinned())
    found = tuple(sorted(directory.glob("*.jar")))
    if not any(jar.name.startswith(f"{_SERVER}-") for jar in found):
        first = next(jar.name for jar in pinned() if not (directory / jar.name).is_file())
        remedy = "fill it with `python -m deploy.embedded DIR` where a Maven repository can be reached, or with the libs of a Kafka release"
        raise Problem(f"LIVESCREEN_JARS: {directory} does not hold Kafka's jars ({first} is missing): {remedy}")
    return found


@contextmanager
def _alone(directory: Path) -> Iterator[Path]:
    """The directory, and no other process at work in it."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = (directory / "lock").open("w", encoding="ascii")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Problem(f"Kafka's jars cannot be kept in {directory} ({why}): set XDG_CACHE_HOME, or LIVESCREEN_JARS") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield directory


def _wrong(directory: Path) -> Iterator[Jar]:
    """The pinned jars that are missing in the directory, or are others than were pinned."""
    for jar in pinned():
        try:
            with (directory / jar.name).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            digest = ""
        if digest != jar.sha256:
            yield jar


def _fetch(jars: list[Jar], into: Path, say: Callable[[str], None]) -> None:
    say(f"fetching Apache Kafka {version()} ({len(jars)} jars, about 45 MB when all)")
    with tempfile.TemporaryDirectory(dir=into) as scratch, ThreadPoolExecutor(_AT_ONCE) as threads:
        download = _downloader(Path(scratch))
        for jar, path in zip(jars, threads.map(download, jars), strict=True):
            path.replace(into / jar.name)
    if wrong := next(_wrong(into), None):
        raise Problem(f"what came for {wrong.name} is not what was pinned (its SHA-256 differs): ask whoever runs your Maven repository")


def _downloader(scratch: Path) -> Callable[[Jar], Path]:
    """What fetches one jar."""
    try:
        from jgo.config import GlobalSettings  # noqa: PLC0415 (an optional part)
        from jgo.maven import MavenContext  # noqa: PLC0415
        from requests import RequestException  # noqa: PLC0415
    except ImportError:
        raise Problem(not_installed("Kafka", "LIVESCREEN_KAFKA")) from None
    maven = MavenContext(repo_cache=scratch, timeout=_ANSWER_SECONDS)
    maven.remote_repos.update(GlobalSettings.load().repositories)

    def download(jar: Jar) -> Path:
        try:
            return Path(maven.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve())
        except (RequestException, RuntimeError) as error:
            reason = "no answer" if isinstance(error, RequestException) else "it is not there"
            remedy = "name one that can be reached in jgo's jgo.conf, or set LIVESCREEN_JARS to a directory with the jars"
            raise Problem(f"{jar.name} cannot be fetched from a Maven repository ({reason}): {remedy}; or set LIVESCREEN_KAFKA") from error
        except OSError as error:
            raise Problem(f"{jar.name} cannot be kept ({(error.strerror or str(error)).lower()}): make room in {scratch.parent}") from error

    return download
