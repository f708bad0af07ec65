"""How lively a broadcast is from second to second."""

import math
from collections.abc import Iterable
from random import Random
from typing import NamedTuple


class Surge(NamedTuple):
    """A burst of interest: its start in seconds, how much it adds (1 = the usual level once more), and how fast it fades."""

    second: int
    strength: float
    fade_seconds: float


class Tide:
    """Levels with a mean of 1: slow waves, surges with a steep front and a long tail, a slump now and then."""

    def __init__(self, seconds: int, surges: Iterable[Surge], rng: Random) -> None:
        levels = _waves(seconds, rng)
        surged = [0.0] * seconds
        for surge in surges:
            _swell(surged, surge)
        for begin, length, depth in _slumps(seconds, rng):
            for second in range(begin, min(seconds, begin + length)):
                levels[second] *= 1 - depth * math.sin(math.pi * (second - begin) / length)
        whole = [level + extra for level, extra in zip(levels, surged, strict=True)]
        mean = sum(whole) / seconds
        self.levels = [level / mean for level in whole]
        self.surging = [extra > 0.25 for extra in surged]


def _waves(seconds: int, rng: Random) -> list[float]:
    waves = [(rng.uniform(150, 900), rng.uniform(0, math.tau), rng.uniform(0.06, 0.16)) for _ in range(4)]
    return [1 + sum(height * math.sin(second * math.tau / period + phase) for period, phase, height in waves) for second in range(seconds)]


def _swell(levels: list[float], surge: Surge) -> None:
    for second in range(surge.second, min(len(levels), surge.second + int(5 * surge.fade_seconds))):
        passed = second - surge.second
        levels[second] += surge.strength * min(1.0, (passed + 1) / 6) * math.exp(-passed / surge.fade_seconds)


def _slumps(seconds: int, rng: Random) -> Iterable[tuple[int, int, float]]:
    """(begin, length, depth) of each, in seconds; the first minutes are spared."""
    begin = int(rng.uniform(240, 700))
    while begin < seconds:
        length = int(rng.uniform(50, 110))
        yield begin, length, rng.uniform(0.35, 0.65)
        begin += length + int(rng.uniform(420, 1_000))
