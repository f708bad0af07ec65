"""Keeps child processes running, and ends them all."""

import asyncio
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from deploy.child import Child
from deploy.logs import LogFile

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
STEADY_SECONDS = 15.0


class OnEnd(Enum):
    """What it means when a part ends by itself."""

    RESTART = "it is started again, after a pause that grows while it keeps ending"
    FAIL = "while the stack starts: it cannot; later the same as RESTART"
    ACCEPT = "it had done its work"


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the stack. Parts of a higher `layer` need those below, and are ended before them.

    `final`: exit statuses that say that starting again would not help; a person must look. `nice`: see `deploy.leash`.
    """

    name: str
    command: Sequence[str]
    on_end: OnEnd
    layer: int
    grace_seconds: float
    environment: Mapping[str, str] = field(default_factory=dict)
    final: frozenset[int] = frozenset()
    nice: int = 0


class Supervisor:
    """Starts parts and watches over them.

    `failed` is set, with a line that says why, when the stack cannot start. `started`: whether it has, as its owner says; from then on
    every part is started again, whatever ends it.
    """

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self.failed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.started = False
        self._logs = logs
        self._say = say
        self._children: dict[str, tuple[Part, Child]] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._stopped_layers: set[int] = set()

    async def start(self, part: Part) -> None:
        """Starts a part, and keeps it as its `on_end` says."""
        child = Child(part.name, part.command, LogFile(self._logs / f"{part.name}.log"), self._say, part.environment, part.nice)
        self._children[part.name] = part, child
        await child.start()
        self._keepers.append(asyncio.create_task(self._keep(part, child), name=f"keeper of {part.name}"))

    async def stop(self) -> None:
        """Ends all parts, layer by layer from the top; each gets its grace before it is killed."""
        for layer in sorted({part.layer for part, _ in self._children.values()}, reverse=True):
            await self.stop_layer(layer)
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for _, child in self._children.values():
            child.log.close()

    async def stop_layer(self, layer: int) -> bool:
        """Ends the parts of one layer, for good; whether any of them ran."""
        self._stopped_layers.add(layer)
        of_layer = [(part, child) for part, child in self._children.values() if part.layer == layer and child.running]
        await asyncio.gather(*(child.stop(part.grace_seconds) for part, child in of_layer))
        return bool(of_layer)

    def kill(self) -> None:
        """Kills all parts at once; `stop` then has nothing to wait for."""
        for _, child in self._children.values():
            child.signal(signal.SIGKILL)

    async def _keep(self, part: Part, child: Child) -> None:
        delay = FIRST_DELAY_SECONDS
        while True:
            begin = time.monotonic()
            status = await child.wait()
            if part.layer in self._stopped_layers:
                return
            if not self._restarts(part) or status in part.final:
                self._ended(part, child, status)
                return
            if time.monotonic() - begin > STEADY_SECONDS:
                delay = FIRST_DELAY_SECONDS
            self._say(f"{part.name} {describe(status)}; it starts again in {delay:g} s (see {child.log.path})")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY_SECONDS)
            if part.layer in self._stopped_layers:
                return
            await child.start()

    def _restarts(self, part: Part) -> bool:
        return part.on_end is OnEnd.RESTART or (part.on_end is OnEnd.FAIL and self.started)

    def _ended(self, part: Part, child: Child, status: int) -> None:
        if part.on_end is OnEnd.ACCEPT and status == 0:
            self._say(f"{part.name} has ended")
            return
        if part.on_end is not OnEnd.FAIL:
            self._say(f"{part.name} {describe(status)} and is not started again (see {child.log.path})")
        elif not self.failed.done():
            last = child.last_lines[-1] if child.last_lines else "it said nothing"
            self.failed.set_result(f"{part.name} {describe(status)} (see {child.log.path}): {last}")


def describe(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"
