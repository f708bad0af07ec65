"""Draws that `random.Random` has not, or has only slowly."""

import math
from collections.abc import Mapping
from random import Random
from typing import TypeVar

T = TypeVar("T")

_NORMAL_FROM = 40.0  # above this mean a Poisson draw is as good as a rounded normal one, and does not take longer as the mean grows


def table(weights: Mapping[T, float], size: int = 1_000) -> list[T]:
    """About `size` entries in the proportion of `weights`, each at least once: picking by index is far faster than a weighted choice."""
    whole = sum(weights.values())
    return [value for value, weight in weights.items() for _ in range(max(1, round(size * weight / whole)))]


def poisson(rng: Random, mean: float) -> int:
    """How many of many rare, independent things happen, when `mean` are expected."""
    if mean >= _NORMAL_FROM:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    count, product, floor = 0, rng.random(), math.exp(-mean)
    while product > floor:
        count += 1
        product *= rng.random()
    return count
