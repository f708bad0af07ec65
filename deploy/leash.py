"""Ties a child process to its parent's life: `python -I -S leash.py PARENT NICE COMMAND…` becomes COMMAND, and dies when PARENT does.

On Linux the kernel sees to it, whatever kills the parent (PR_SET_PDEATHSIG, which outlives exec). Elsewhere a small watcher stays between
the two. A child may be killed at any moment: the store's log is written before it answers, and the agents' fence makes a crash safe.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
WATCH_SECONDS = 0.5


def leashed(command: Sequence[str], nice: int = 0) -> list[str]:
    """The command line that runs `command` on the leash of this process. Start it from the main thread, which counts as the parent.

    `nice`: by how much others come first where processors are short.
    """
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(nice), *command]


def main(arguments: Sequence[str]) -> int:
    """Becomes the command (and then never returns), or watches over it; 127 if it cannot be started."""
    parent, command = int(arguments[0]), list(arguments[2:])
    os.nice(int(arguments[1]))
    if sys.platform != "linux":
        return _watch(parent, command)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was told
        return 1
    try:
        os.execvp(command[0], command)  # noqa: S606 (no shell is wanted)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127


def _watch(parent: int, command: list[str]) -> int:
    """Runs the command beside a look at the parent twice a second; passes SIGTERM on."""
    child = subprocess.Popen(command)  # noqa: S603 (the command is our own)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    while child.poll() is None:
        if os.getppid() != parent:
            child.kill()
        time.sleep(WATCH_SECONDS)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
