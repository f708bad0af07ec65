"""Sends the lines of files, and counts."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from aiokafka.errors import MessageSizeTooLargeError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from agents.topics import create_missing
from deploy import cluster, sender
from deploy.reach import wait_for_kafka
from deploy.replay.letters import letter
from deploy.replay.lines import Line, read_all, with_time
from deploy.replay.pace import Pace
from deploy.sender import Sender
from deploy.settings import Settings
from deploy.stopping import Stopping, cancel_this
from streams.events import FUTURE_MS, Rejected, decode
from streams.kafka.brokers import Brokers
from streams.topics import ALL, DEAD_LETTERS, MAX_RECORD_BYTES

LINES_A_STEP = 5_000
FLUSH_SECONDS = 0.1
#: Only without a speed: with one, the times are brought together as much as the sending.
_AHEAD = f"with --rebase, what comes over {FUTURE_MS // 1_000} s after the first event is in the future: add --speed X (1: as it happened)"


def run(settings: Settings, data: Path, files: list[Path], speed: float | None, rebase: bool) -> None:
    """Sends all lines of the files, with a progress bar on the terminal; prints how many were sent and how many are rejected.

    After Ctrl-C too: what was sent by then is in Kafka, and is said.
    """
    kafka = cluster.find_kafka(settings, data)
    try:
        replay = asyncio.run(_replay(settings, kafka, files, Pace(speed, rebase)))
    except asyncio.CancelledError:  # a second Ctrl-C, which does not wait for Kafka
        raise KeyboardInterrupt from None
    print(f"sent {replay.sent}, rejected {replay.rejected.total()} in {replay.seconds:.1f} s")
    for reason, count in replay.rejected.most_common():
        print(f"  {reason} {count}")
    if rebase and replay.rejected["future"]:
        print(f"livescreen: {_AHEAD}", file=sys.stderr)
    if replay.cut:
        raise KeyboardInterrupt


async def _replay(settings: Settings, kafka: Brokers, files: list[Path], pace: Pace) -> "Replay":
    await wait_for_kafka(kafka, 0)
    await create_missing(kafka, settings.partitions, settings.retention_hours)
    async with sender.connect(kafka, ALL) as to_kafka:
        stop = asyncio.create_task(Stopping(cancel_this()).wait(), name="wish to stop")
        replay = Replay(to_kafka, pace, stop)
        await replay.send_all(read_all(files), sum(path.stat().st_size for path in files))
        stop.cancel()
    return replay


class Replay:
    """One run. `sent` counts good events that Kafka has, `rejected` the others by reason: what the agents will say of them.

    stop  done when no more lines shall be sent; `cut` says that it was so before the last
    """

    def __init__(self, to_kafka: Sender, pace: Pace, stop: asyncio.Task[None]) -> None:
        self.rejected: Counter[str] = Counter()
        self.cut = False
        self._stop = stop
        self.seconds = 0.0
        self._sender = to_kafka
        self._pace = pace
        self._lines = 0
        self._bytes = 0
        self._flushed = time.monotonic()

    @property
    def sent(self) -> int:
        """Good events that Kafka has acknowledged, once `send_all` has returned."""
        return self._lines - self.rejected.total()

    async def send_all(self, lines: Iterable[Line], total_bytes: int) -> None:
        """Sends the lines in their order, with a progress bar over `total_bytes`."""
        begin = time.monotonic()
        columns = (BarColumn(), DownloadColumn(), TextColumn("{task.fields[events]} events"), TimeElapsedColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as progress:
            bar = progress.add_task("replay", total=total_bytes, events=0)
            for line in lines:
                await self._pace.wait(line.at, self._flush, self._sleep)
                if self._stop.done():
                    self.cut = True
                    break
                await self._take(line)
                if self._lines % LINES_A_STEP == 0 or self._pace.waits:
                    progress.update(bar, completed=self._bytes, events=self._lines)
            await self._sender.flush()
            progress.update(bar, completed=self._bytes if self.cut else total_bytes, events=self._lines)
        self.seconds = time.monotonic() - begin

    async def _sleep(self, seconds: float) -> None:
        await asyncio.wait((self._stop,), timeout=seconds)

    async def _take(self, line: Line) -> None:
        self._lines += 1
        self._bytes += line.length_bytes + 1
        if isinstance(line.topic, Rejected):
            await self._refuse(line, line.topic)
            return
        at = None if line.at is None else self._pace.new_at(line.at)
        value = line.raw if at is None else with_time(line.raw, at)
        now_ms = time.time_ns() // 1_000_000
        event = decode(line.topic, value, now_ms + FUTURE_MS)
        if isinstance(event, Rejected):
            self.rejected[event.reason] += 1
        if len(value) > MAX_RECORD_BYTES:
            await self._send_large(line, line.topic, value)
        else:
            await self._sender.add(line.topic, line.room, value)
        if self._pace.waits and time.monotonic() - self._flushed > FLUSH_SECONDS:
            await self._flush()

    async def _send_large(self, line: Line, topic: str, value: bytes) -> None:
        """Too large for the agents; a broker with a lower limit than ours refuses it too, and then it is a dead letter all the same."""
        try:
            await self._sender.send_alone(topic, line.room, value)
        except MessageSizeTooLargeError:
            await self._refuse(line, Rejected("too-large", f"{line.length_bytes} bytes, the broker does not take it"), counted=True)

    async def _refuse(self, line: Line, why: Rejected, counted: bool = False) -> None:
        """Sends the dead letter of a line that no topic takes."""
        if not counted:
            self.rejected[why.reason] += 1
        key = f"{line.file}:{line.number}".encode()
        await self._sender.add(DEAD_LETTERS, key, letter(line, why, time.time_ns() // 1_000_000))

    async def _flush(self) -> None:
        await self._sender.flush()
        self._flushed = time.monotonic()
