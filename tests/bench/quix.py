"""Quix Streams, installed for the benchmark alone, into an environment of its own that stays until the next time."""

import subprocess
import sys
from pathlib import Path

RELEASE = "quixstreams==3.28.1"
INSTALL_SECONDS = 300
_WHERE = Path(__file__).parents[1] / "output" / RELEASE.replace("==", "-")


def python() -> tuple[str, ...] | str:
    """The command that runs its Python; or, in a line, why it cannot be had."""
    command = str(_WHERE / "bin" / "python")
    done = _WHERE / "installed"
    if not done.exists():
        try:
            _run(sys.executable, "-m", "venv", "--clear", str(_WHERE))
            _run(command, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", RELEASE, "redis")
        except (subprocess.SubprocessError, OSError) as error:
            return f"{RELEASE} cannot be installed ({type(error).__name__})"
        done.touch()
    return (command,)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=INSTALL_SECONDS, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
