"""Apache Kafka's jars: Maven fetches them into its own local repository, once; here is only kept where they are.

KAFKA_VERSION in the environment asks for another release than the one in `pom.xml`.
"""

import fcntl
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
KEPT = Path(__file__).parents[1] / "output"
JAVA = 17  # the oldest that Kafka 4's server runs on
FETCH_SECONDS = 600.0


class NotHere(Exception):
    """Kafka cannot be had on this machine; the text says what is missing."""


def missing() -> str | None:
    """What keeps Kafka from running on this machine, in one line; None when nothing does. Fetches it if need be."""
    try:
        classpath()
    except NotHere as error:
        return str(error)
    return None


@cache
def classpath() -> str:
    """Java's class path for Kafka. Raises `NotHere`."""
    _check_java()
    kept = KEPT / f"kafka-{version()}.classpath"
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test processes begin at once, and Maven's repository takes one writer
        if not (kept.exists() and all(Path(jar).exists() for jar in kept.read_text().split(os.pathsep))):
            fetched = kept.with_suffix(".new")
            _fetch(fetched)
            fetched.replace(kept)
    return kept.read_text()


def version() -> str:
    """The release of Kafka that the tests run on."""
    pinned = ET.parse(POM).findtext(".//{*}kafka.version")
    assert pinned
    return os.environ.get("KAFKA_VERSION", pinned)


def _check_java() -> None:
    if not shutil.which("java"):
        raise NotHere("no Java on this machine: Kafka needs it (java on the PATH)")
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    if not found:
        raise NotHere("java does not tell its version")
    if int(found[1]) < JAVA:
        raise NotHere(f"Java {found[1]} is too old: Kafka needs {JAVA} or newer")


def _fetch(into: Path) -> None:
    if not shutil.which("mvn"):
        raise NotHere("no Maven on this machine: it fetches Kafka (mvn on the PATH)")
    options = ["--batch-mode", "--no-transfer-progress", "--strict-checksums", "--file", str(POM)]
    goal = ["dependency:build-classpath", "-DincludeScope=runtime", f"-Dmdep.outputFile={into}", f"-Dkafka.version={version()}"]
    try:
        done = subprocess.run(["mvn", *options, *goal], capture_output=True, text=True, check=False, timeout=FETCH_SECONDS)
    except subprocess.TimeoutExpired:
        raise NotHere(f"Maven did not fetch Kafka within {FETCH_SECONDS:.0f} s") from None
    if done.returncode:
        first = re.search(r"^\[ERROR\] (.*)", done.stdout, re.MULTILINE)
        raise NotHere(f"Maven cannot fetch Kafka {version()}: {first[1] if first else done.stderr.strip() or 'no reason given'}")
