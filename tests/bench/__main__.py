"""`python -m tests.bench [SECTION …] [--quick] [--json FILE]`."""

import argparse
import json
import logging
import os
import platform
import resource
import time
import traceback
from pathlib import Path
from typing import Any

from tests.bench import board, fanout, ingest, intake, latency, scale

SECTIONS = {
    "ingest": ingest.measure,
    "scale": scale.measure,
    "latency": latency.measure,
    "fanout": fanout.measure,
    "store": board.measure,
    "intake": intake.measure,
}
RUNS = 5


def main() -> None:
    """Runs the sections asked for, and prints a table of each. Status 1 when one of them failed; the others run all the same."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Benchmarks, each figure beside its baseline.")
    parser.add_argument("sections", nargs="*", help="of " + ", ".join(SECTIONS) + "; all when none is named")
    parser.add_argument("--quick", action="store_true", help="fewer events, and one run: to see that it works")
    parser.add_argument("--json", type=Path, help="also writes each row there, as a line of JSON")
    options = parser.parse_args()
    if unknown := {*options.sections} - {*SECTIONS}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # brokers that are only starting
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # thousands of watchers, here and in the screen
    if options.json is not None:
        options.json.write_text("")
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    failed = [name for name in options.sections or SECTIONS if not _section(name, options)]
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


def _section(name: str, options: argparse.Namespace) -> bool:
    """One section; False when it failed."""
    print(f"\n{name}", flush=True)
    begun = time.monotonic()
    try:
        for row in SECTIONS[name](1 if options.quick else RUNS, options.quick):
            _show(row)
            if options.json is not None:
                with options.json.open("a") as rows:
                    rows.write(json.dumps({"section": name, **row}, ensure_ascii=False) + "\n")
    except Exception:  # noqa: BLE001 (whatever it was, the other sections are worth their figures)
        traceback.print_exc()
        return False
    print(f"  ({time.monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f})", flush=True)
    return True


def _show(row: dict[str, Any]) -> None:
    values = "  ".join(f"{key} {_plain(value)}" for key, value in row.items() if key != "what")
    print(f"  {row['what']:<44} {values}", flush=True)


def _plain(value: Any) -> str:
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.3g}"


if __name__ == "__main__":
    main()
