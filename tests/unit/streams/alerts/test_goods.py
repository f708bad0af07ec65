from math import inf

import pytest

from streams.alerts.goods import minutes_left, units_per_minute


@pytest.mark.parametrize(("units", "listed", "pace"), [(50, None, 10), (50, 60, 10), (50, 2.5, 20), (50, 0.1, 50), (-5, None, -1)])
def test_pace(units: int, listed: float | None, pace: float) -> None:
    assert units_per_minute(units, listed) == pace


@pytest.mark.parametrize(("left", "pace", "minutes"), [(None, 5, None), (0, 0, 0), (-3, 5, 0), (30, 0, inf), (30, -1, inf), (30, 6, 5)])
def test_minutes_left(left: int | None, pace: float, minutes: float | None) -> None:
    assert minutes_left(left, pace) == minutes
