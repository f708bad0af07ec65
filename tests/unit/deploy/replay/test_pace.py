import time

import pytest

from deploy.replay.pace import Pace


async def nothing():
    pass


class Sleep:
    """Makes no pause, and remembers each, in seconds."""

    def __init__(self):
        self.pauses = []

    async def __call__(self, seconds):
        self.pauses.append(seconds)


async def test_without_speed_nothing_waits_and_no_time_changes():
    pace, sleep = Pace(None, rebase=False), Sleep()
    for at in (0, 10**12):
        await pace.wait(at, nothing, sleep)
        assert pace.new_at(at) is None
    assert sleep.pauses == []


async def test_rebase_moves_the_first_to_now_and_the_others_with_it():
    pace = Pace(None, rebase=True)
    await pace.wait(5_000, nothing)
    first = pace.new_at(5_000)
    assert first is not None and abs(first - time.time() * 1_000) < 1_000
    assert pace.new_at(95_000) == first + 90_000
    assert pace.new_at(4_000) == first - 1_000


@pytest.mark.parametrize("speed", [1.0, 10.0])
async def test_speed_keeps_the_pace_of_the_events_and_sends_before_it_sleeps(speed):
    pace, sleep, flushed = Pace(speed, rebase=False), Sleep(), []

    async def flush():
        flushed.append(list(sleep.pauses))

    await pace.wait(100_000, flush, sleep)
    await pace.wait(None, flush, sleep)
    await pace.wait(100_000 + int(200_000 * speed), flush, sleep)
    assert flushed == [[]] and 100 < sleep.pauses[0] <= 200
    await pace.wait(50_000, flush, sleep)  # late already
    assert len(sleep.pauses) == 1


async def test_with_both_an_event_bears_the_time_at_which_it_is_sent():
    pace = Pace(100.0, rebase=True)
    await pace.wait(0, nothing)
    first = pace.new_at(0)
    assert first is not None and pace.new_at(60_000) == first + 600
