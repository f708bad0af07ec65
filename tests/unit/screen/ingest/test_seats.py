"""No source keeps another out, and nobody waits in a queue."""

from contextlib import ExitStack

import pytest

from screen.ingest.seats import MOST, MOST_OF_A_SOURCE, Seats
from screen.problems import Problem


def test_a_source_with_too_many_requests_gets_429_and_others_go_on() -> None:
    seats = Seats()
    with ExitStack() as stack:
        for _ in range(MOST_OF_A_SOURCE):
            stack.enter_context(seats.of("a"))
        with pytest.raises(Problem) as found, seats.of("a"):
            pass
        assert (found.value.status, found.value.headers["retry-after"]) == (429, "1")
        with seats.of("b"):
            pass
    with seats.of("a"):
        pass


def test_too_many_bodies_in_memory_are_503() -> None:
    seats = Seats()
    with ExitStack() as stack:
        for _ in range(MOST):
            stack.enter_context(seats.working())
        with pytest.raises(Problem) as found, seats.working():
            pass
        assert found.value.status == 503
    with seats.working():
        pass
