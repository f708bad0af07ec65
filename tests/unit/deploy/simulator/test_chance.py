from collections import Counter
from random import Random
from statistics import fmean, pvariance

import pytest

from deploy.simulator.chance import poisson, table


def test_table_keeps_the_proportions_and_everyone():
    count = Counter(table({"often": 7, "seldom": 2.99, "hardly": 0.0001}, 100))
    assert count == {"often": 70, "seldom": 30, "hardly": 1}


@pytest.mark.parametrize("mean", [0.0, 0.3, 4, 39, 41, 2_000])
def test_poisson_has_its_mean_and_variance(mean):
    rng = Random(1)
    draws = [poisson(rng, mean) for _ in range(4_000)]
    assert min(draws) >= 0
    assert fmean(draws) == pytest.approx(mean, rel=0.08)
    assert pvariance(draws) == pytest.approx(mean, rel=0.12)
