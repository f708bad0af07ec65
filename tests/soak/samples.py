"""Memory and CPU time of every part, taken now and then, and how they grow."""

import os
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, linear_regression

_TICKS = os.sysconf("SC_CLK_TCK")
#: What of a command line tells a part of the stack; the rest of the stack's children are named after their program.
_PARTS = {"kafka.Kafka": "broker", "valkey": "store", "deploy agents": "agents", "deploy watch": "watch", "deploy screen": "screen"}
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Sample:
    """At `seconds` of the run, when so many events had been sent: memory of its own in MiB (without files, which the kernel can drop at any
    time), and the CPU time since the sample before, as a share of one core.
    """

    seconds: float
    events: int
    memory: float
    cpu: float


@dataclass
class Samples:
    """`of`: a part's samples. `stack`: the process whose children are the parts; `others`: processes of ours beside them."""

    stack: int
    others: dict[str, int]
    of: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    #: how often a part was another process than the time before
    restarts: Counter[str] = field(default_factory=Counter)
    _begun: float = field(default_factory=time.monotonic)
    _before: dict[int, tuple[float, float]] = field(default_factory=dict)
    _pids: dict[str, int] = field(default_factory=dict)

    def take(self, events: int) -> None:
        """One more sample of each part that has been there for a while."""
        now = time.monotonic() - self._begun
        for name, pid in self._parts().items():
            try:
                cpu, memory = cpu_seconds(pid), memory_mib(pid)
            except (OSError, ValueError, KeyError):
                continue  # it has just ended
            self.restarts.update([name] if self._pids.setdefault(name, pid) != pid else [])
            self._pids[name] = pid
            since, used = self._before.get(pid, (now, cpu))
            self._before[pid] = now, cpu
            if since < now:
                self.of[name].append(Sample(now, events, memory, (cpu - used) / (now - since)))

    def _parts(self) -> dict[str, int]:
        found = {"supervisor": self.stack, **self.others}
        for pid, line in _children(self.stack):
            found[next((name for word, name in _PARTS.items() if word in line), Path(line.split()[0]).name)] = pid
        return found


def growth(samples: list[tuple[float, float]]) -> float:
    """How much a figure grows over the last half of its (x, y), by a fitted line: 0.05 is 5 % from the half's beginning to its end."""
    half = samples[len(samples) // 2 :]
    if len(half) < 3:
        return 0.0
    slope, start = linear_regression(*zip(*half, strict=True))
    first, last = (slope * x + start for x in (half[0][0], half[-1][0]))
    return (last - first) / first if first > 0 else 0.0


def slopes(samples: list[tuple[float, float]]) -> tuple[float, float]:
    """The fitted slopes of y by x over the second and over the last of four quarters (0, 0 while there are too few)."""
    size = len(samples) // 4
    if size < 3:
        return 0.0, 0.0
    second, last = samples[size : 2 * size], samples[-size:]
    return tuple(linear_regression(*zip(*part, strict=True)).slope for part in (second, last))  # type: ignore[return-value]


def mean(values: list[float]) -> float:
    """0 of nothing."""
    return fmean(values) if values else 0.0


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_mib(pid: int) -> float:
    """Memory of a process that is neither swapped out nor a file."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(lines["RssAnon"].split()[0]) / 1_024


def _children(parent: int) -> list[tuple[int, str]]:
    """The process ids and command lines of a process's children, but not of those that keep them on the leash."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            of = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if of == parent and line:
            found.append((int(entry.name), line))
    return found
