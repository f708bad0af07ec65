"""An archive of the classes that Kafka loads (Java's AOT cache), which makes it start in a third of the time. Without one it works too.

It is made by starting a broker and ending it, which takes seconds: at set-up, not at a start. Java itself checks that an archive fits, and
passes over one that does not.
"""

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from deploy.embedded import broker
from deploy.embedded.broker import Runtime

_OLDEST = 25  # the first Java that makes one in one step
_READY_SECONDS = 60.0
_END_SECONDS = 120.0


def make(runs_on: Runtime, ready: Callable[[str, float], object], say: Callable[[str], None]) -> None:
    """Makes the archive where it is missing, can be made, and there is a place for it.

    ready    returns when a Kafka answers at the address, or raises after so many seconds
    """
    path = runs_on.archive
    if runs_on.java.major < _OLDEST or path.exists():
        return
    say("preparing Kafka for fast starts (once, some seconds)")
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / path.name
        server = broker.broker(Path(scratch), runs_on)
        command = [server.command[0], f"-XX:AOTCacheOutput={made}", *server.command[1:]]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 (our own)
            try:
                ready(server.address, _READY_SECONDS)
                process.terminate()
                process.wait(_END_SECONDS)
            finally:
                process.kill()
        if made.exists():
            new = path.with_suffix(".new")
            new.write_bytes(made.read_bytes())
            new.replace(path)
