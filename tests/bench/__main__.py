"""`python -m tests.bench [ingest|board|latency|fanout …] [--quick] [--json FILE]`."""

import argparse
import json
import os
import platform
from pathlib import Path
from typing import Any

from tests.bench import board, fanout, ingest, latency

SECTIONS = {"ingest": ingest.measure, "board": board.measure, "latency": latency.measure, "fanout": fanout.measure}


def main() -> None:
    """Runs the sections asked for, and prints a table of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Benchmarks, each figure beside its baseline.")
    parser.add_argument("sections", nargs="*", help="of " + ", ".join(SECTIONS) + "; all when none is named")
    parser.add_argument("--quick", action="store_true", help="fewer events and runs: for the order of magnitude only")
    parser.add_argument("--json", type=Path, help="also writes each row there, as a line of JSON")
    options = parser.parse_args()
    if unknown := {*options.sections} - {*SECTIONS}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    lines = []
    for name in options.sections or SECTIONS:
        print(f"\n{name}", flush=True)
        for row in SECTIONS[name](2 if options.quick else 5, options.quick):
            _show(row)
            lines.append(json.dumps({"section": name, **row}, ensure_ascii=False))
            if options.json is not None:
                options.json.write_text("\n".join(lines) + "\n")


def _show(row: dict[str, Any]) -> None:
    figures = "  ".join(f"{key} {_plain(value)}" for key, value in row.items() if key != "what")
    print(f"  {row['what']:<52} {figures}", flush=True)


def _plain(value: Any) -> str:
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.3g}"


if __name__ == "__main__":
    main()
