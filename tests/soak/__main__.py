"""`make soak MINUTES=60 RATE=10000`: the whole system under load; prints what came of it, and ends with 1 if a figure is wrong or grows."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak.run import Wanted, soak

OUTPUT = Path(__file__).parents[1] / "output" / "soak"


def main() -> int:
    """Runs it once, on servers of its own."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=10_000, help="events a second")
    parser.add_argument("--rooms", type=int, default=20, help="on air at a time")
    parser.add_argument("--screens", type=int, default=20, help="browsers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, default=OUTPUT, help="directory for soak.txt and soak.svg")
    given = parser.parse_args()
    wanted = Wanted(given.minutes, given.rate, given.rooms, given.screens, seed=given.seed)
    with tempfile.TemporaryDirectory(prefix="livescreen-soak-") as directory:
        report = soak(wanted, Path(directory))
    report.write(given.report)
    print("\n".join([*report.lines(), *report.differences[:20], f"report: {given.report}/soak.svg"]))
    return int(bool(report.differences or report.grown))


if __name__ == "__main__":
    sys.exit(main())
