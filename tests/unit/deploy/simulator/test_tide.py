from random import Random
from statistics import fmean

import pytest

from deploy.simulator.tide import Surge, Tide


def test_levels_are_positive_with_a_mean_of_one():
    tide = Tide(3_600, [Surge(600, 0.9, 60), Surge(3_590, 0.9, 60)], Random(4))
    assert len(tide.levels) == 3_600
    assert min(tide.levels) > 0
    assert fmean(tide.levels) == pytest.approx(1)


def test_a_surge_rises_at_once_and_fades():
    calm, surged = (Tide(300, surges, Random(4)) for surges in ([], [Surge(100, 1.0, 40)]))
    ratio = [b / a for a, b in zip(calm.levels, surged.levels, strict=True)]
    assert ratio[105] > 1.5 * ratio[99]
    assert ratio[105] > ratio[140] > ratio[250]
    assert surged.surging[105] and not surged.surging[99] and not surged.surging[280]
    assert not any(calm.surging)


def test_a_slump_comes_in_every_long_broadcast():
    for seed in range(5):
        levels = Tide(3_600, [], Random(seed)).levels
        assert min(levels) < 0.75
