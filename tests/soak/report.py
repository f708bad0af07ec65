"""What a soak came to: a few lines for a person, and a picture."""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tests.soak import chart
from tests.soak.samples import Sample, growth, mean, slopes

#: A figure is flat when it grows by less than this over the last half of the run.
FLAT = 0.05
#: A part that takes less of a core than this may take a little more: the kernel counts in hundredths of a second.
LITTLE_CPU = 0.02
#: These hold what must be kept (figures of every room, orders), or count it: they grow with the events, but not faster than before.
KEEPS = frozenset({"store", "feed"})
FASTER = 1.25
#: So many samples at least make a run that says whether anything grows.
ENOUGH = 36


@dataclass
class Report:
    """`differences`: what the store, the screen or the webhook got wrong; `notes`: what else there is to say."""

    title: str
    notes: list[str]
    samples: dict[str, list[Sample]]
    differences: list[str]
    grown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # A short run says nothing: all of it is warm-up.
        long_enough = {name: samples for name, samples in self.samples.items() if len(samples) >= ENOUGH}
        self.grown = [line for name, samples in sorted(long_enough.items()) if (line := _grown(name, samples))]

    @property
    def verdict(self) -> str:
        """The last word, in one line."""
        keeps = [name for name in sorted(KEEPS & self.samples.keys()) if growth(_memory(self.samples[name])) > FLAT]
        flat = f"nothing grows but what keeps all rooms ({', '.join(keeps)}), as before" if keeps else "nothing grows"
        grows = f"{len(self.grown)} figures grow" if self.grown else flat
        long_enough = all(len(samples) >= ENOUGH for samples in self.samples.values())
        return f"{len(self.differences)} differences; {grows if long_enough else 'too short to tell whether anything grows'}"

    def lines(self) -> list[str]:
        """All of it in words."""
        parts = [_line(name, samples) for name, samples in sorted(self.samples.items())]
        return [self.title, *self.notes, *parts, self.verdict, *(f"GROWS {line}" for line in self.grown)]

    def write(self, directory: Path) -> None:
        """Writes `soak.txt` and `soak.svg`."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "soak.txt").write_text("\n".join([*self.lines(), *self.differences]) + "\n")
        rows = [(name, _series(samples, "memory"), _series(samples, "cpu")) for name, samples in sorted(self.samples.items())]
        (directory / "soak.svg").write_text(chart.page(self.title, [*self.notes, self.verdict], rows))


def _series(samples: list[Sample], figure: str) -> chart.Series:
    label, factor = {"memory": ("memory, MiB", 1.0), "cpu": ("CPU, % of a core", 100.0)}[figure]
    points = [(sample.seconds / 60, getattr(sample, figure) * factor) for sample in samples]
    return f"{label} ({growth(points):+.1%} over the last half)", points


def _memory(taken: list[Sample]) -> list[tuple[float, float]]:
    return [(sample.seconds, sample.memory) for sample in taken]


def _line(name: str, taken: list[Sample]) -> str:
    """One part in words."""
    middle = len(taken) // 2
    first, half = taken[:middle], taken[middle:]
    cpu_grows = growth([(sample.seconds, sample.cpu) for sample in taken])
    at_half, at_end = (taken[place].memory if taken else 0.0 for place in (middle, -1))
    return (
        f"{name:<11} {at_half:7.1f} MiB at half time, {at_end:7.1f} MiB at the end ({growth(_memory(taken)):+6.1%}), "
        f"CPU {mean([s.cpu for s in first]):5.1%}, then {mean([s.cpu for s in half]):5.1%} of a core ({cpu_grows:+6.1%}), "
        f"{_cpu_by_event(half) * 1e6:5.1f} µs an event"
    )


def _cpu_by_event(samples: list[Sample]) -> float:
    """CPU seconds for each event sent meanwhile."""
    if len(samples) < 2 or samples[-1].events == samples[0].events:
        return 0.0
    used = sum(sample.cpu * (sample.seconds - before.seconds) for before, sample in pairwise(samples))
    return used / (samples[-1].events - samples[0].events)


def _grown(name: str, samples: list[Sample]) -> str | None:
    """Why a part is not flat; None when it is."""
    memory = growth(_memory(samples))
    if name in KEEPS:
        before, now = slopes([(float(sample.events), sample.memory) for sample in samples])
        if before > 0 and now > before * FASTER:
            return f"{name}: {now * 1e6:.0f} MiB a million events at the end, {before * 1e6:.0f} before"
    elif memory > FLAT:
        return f"{name}: memory by {memory:.1%} over the last half"
    cpu = growth([(sample.seconds, sample.cpu) for sample in samples])
    if cpu > FLAT and mean([sample.cpu for sample in samples]) > LITTLE_CPU:
        return f"{name}: CPU by {cpu:.1%} over the last half"
    return None
