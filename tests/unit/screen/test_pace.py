"""Ticks: as many as there should be, also where some are late."""

import pytest

from screen.pace import Pace


def ticks(pace: Pace, seconds: float, late: list[float]) -> list[float]:
    """When each tick begins in so many seconds from 100 on, where the n-th begins so much after it was due."""
    now, begun = 100.0, []
    while now < 100 + seconds:
        now += pace.wait(now) + late[len(begun) % len(late)]
        begun.append(now - 100)
    return begun


def test_the_first_is_at_once_and_the_rest_on_a_grid_of_their_own() -> None:
    assert ticks(Pace(0.25, 0.4), 0.8, [0.0]) == pytest.approx([0, 0.1, 0.35, 0.6, 0.85])


@pytest.mark.parametrize("late", [[0.0], [0.02], [0.0, 0.2, 0.05], [0.24, 0.1]])
def test_what_is_late_takes_nothing_from_the_next(late: list[float]) -> None:
    assert len(ticks(Pace(0.25, 0.0), 100, late)) == pytest.approx(400, abs=2)


def test_ticks_that_were_missed_whole_are_not_made_up_for() -> None:
    assert ticks(Pace(0.25, 0.0), 2.5, [0.0, 0.0, 0.0, 1.1, 0.0, 0.0, 0.0, 0.0, 0.0]) == pytest.approx(
        [0, 0, 0.25, 1.6, 1.6, 1.75, 2.0, 2.25, 2.5]
    )
