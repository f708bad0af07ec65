"""`make faults KILLS=200`: kills so many workers under load, prints what came of it, and ends with 1 if a figure is wrong."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.faults.kills import kill_at_random
from tests.faults.stage import set_up
from tests.servers import kafka


def main() -> int:
    """Runs it once, on servers of its own."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=200, help="of the events and of the moments")
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as directory,
        kafka.running(Path(directory) / "kafka") as broker,
        set_up(broker, Path(directory)) as stage,
    ):
        report = asyncio.run(kill_at_random(stage, wanted.kills, wanted.seed))
    print(report)
    return int(bool(report.differences))


if __name__ == "__main__":
    sys.exit(main())
