"""The real log, which is not part of the project; tests that use it skip where it is absent."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("LIVESCREEN_SHARED", Path(__file__).parents[2] / "shared"))
TOOLS = SHARED / "tools"

real_log = pytest.mark.skipif(
    not (TOOLS / "oracle.py").exists(), reason=f"no real data: {TOOLS / 'oracle.py'} is not there (set LIVESCREEN_SHARED)"
)


def real_events(path: Path, *arguments: str) -> Path:
    """Writes the log to `path` as events, one a line: 70,470 in three rooms."""
    with path.open("wb") as file:
        subprocess.run([sys.executable, TOOLS / "real_events.py", *arguments], check=True, stdout=file)
    return path
