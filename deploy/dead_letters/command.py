"""`livescreen dead-letters`: what was rejected and why, as JSON lines; and mended lines back into their topics."""

import asyncio
import sys
import time
from codecs import BOM_UTF8
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import orjson

from deploy import cluster, sender
from deploy.dead_letters.letters import MENDED, SUMMARY, Ready, check, line, mark
from deploy.dead_letters.reading import read, waiting
from deploy.problem import Problem
from deploy.reach import wait_for_kafka
from deploy.settings import Settings
from streams.events import REASONS
from streams.kafka.brokers import Brokers
from streams.topics import DEAD_LETTERS, INPUTS

#: So many wrong lines are named.
_NAMED = 20


def show(settings: Settings, data: Path, reasons: Collection[str], since: datetime | None) -> None:
    """Prints the letters that nobody has mended, each once: of these reasons, or of all; and from that time on.

    A `Problem` for a reason that there is not: that none is listed would be taken for none being there.
    """
    if unknown := [reason for reason in reasons if reason not in (*REASONS, SUMMARY)]:
        raise Problem(f"--reason must be one of {', '.join((*REASONS, SUMMARY))}, not {unknown[0]!r}", status=2)
    kafka = cluster.find_kafka(settings, data)
    asyncio.run(_show(kafka, set(reasons), 0 if since is None else int(since.timestamp() * 1_000)))


def replay(settings: Settings, data: Path, file: Path) -> None:
    """Sends the mended lines of a file, and prints how many; a `Problem`, and none is sent, when any of them is wrong."""
    kafka = cluster.find_kafka(settings, data)
    sent = asyncio.run(_replay(kafka, file))
    print(orjson.dumps({"replayed": sent}).decode())


async def _show(kafka: Brokers, reasons: set[str], since_ms: int) -> None:
    await wait_for_kafka(kafka, 0)
    left = await waiting(kafka)
    async for name, letter in read(kafka):
        if name not in left or letter.reason == MENDED:
            continue
        left.discard(name)  # a worker that dies may write a letter twice
        if letter.at >= since_ms and (not reasons or reasons.intersection((letter.reason, *(letter.reasons or ())))):
            sys.stdout.write(line(name, letter) + "\n")


async def _replay(kafka: Brokers, file: Path) -> int:
    await wait_for_kafka(kafka, 0)
    ready, wrong = _check_all(file, await waiting(kafka, mendable=True))
    if wrong:
        raise Problem(*wrong[:_NAMED], f"{len(wrong)} of {len(wrong) + len(ready)} lines are wrong; nothing was sent")
    async with sender.connect(kafka, (*INPUTS, DEAD_LETTERS)) as to_kafka:
        for each in ready:
            await to_kafka.add(each.topic, each.room.encode(), each.value)
        await to_kafka.flush()
        # Only now: a letter must not be called mended whose event Kafka does not have.
        for each in ready:
            await to_kafka.add(DEAD_LETTERS, each.letter.encode(), mark(_now_ms()))
        await to_kafka.flush()
    return len(ready)


def _check_all(file: Path, left: set[str]) -> tuple[list[Ready], list[str]]:
    ready, wrong = [], []
    with file.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            if number == 1:
                raw = raw.removeprefix(BOM_UTF8)  # noqa: PLW2901 (some editors begin a file with it)
            if raw.isspace():
                continue
            found = check(raw, left, _now_ms())
            if isinstance(found, Ready):
                left.discard(found.letter)
                ready.append(found)
            else:
                wrong.append(f"{file.name}:{number}: {found}")
    return ready, wrong


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
