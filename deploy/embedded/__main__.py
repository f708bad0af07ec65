"""`python -m deploy.embedded [DIR]`: gets what the embedded Kafka needs, ready to be started; with DIR, copies its jars there too.

Nothing to do where the settings name another Kafka. DIR is for a machine without a Maven repository, as its LIVESCREEN_JARS.
"""

import asyncio
import shutil
import sys
from pathlib import Path

from deploy.cli import say
from deploy.embedded import archive, broker
from deploy.problem import Problem
from deploy.reach import wait_for_kafka
from deploy.settings import load
from streams.kafka.brokers import Brokers


def main(arguments: list[str]) -> int:
    """The exit status."""
    try:
        settings = load()
        if settings.brokers is not None and not arguments:
            return 0
        runs_on = broker.runtime(settings.jars, settings.java, say)
        if arguments:
            runs_on = _copied(runs_on, Path(arguments[0]))
        archive.make(runs_on, _wait, say)
    except Problem as problem:
        for line in problem.lines:
            say(line)
        return problem.status
    except OSError as error:
        say(str(error))
        return 1
    return 0


def _copied(runs_on: broker.Runtime, into: Path) -> broker.Runtime:
    """The same with its jars there."""
    into.mkdir(parents=True, exist_ok=True)
    jars = tuple(into.resolve() / jar.name for jar in runs_on.classpath)
    for jar, copy in zip(runs_on.classpath, jars, strict=True):
        shutil.copyfile(jar, copy)
    return broker.Runtime(runs_on.java, jars)


def _wait(address: str, seconds: float) -> None:
    asyncio.run(wait_for_kafka(Brokers(address), seconds, quiet_seconds=seconds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
