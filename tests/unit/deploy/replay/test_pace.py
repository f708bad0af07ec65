import time

import pytest

from deploy.replay.pace import Pace


async def nothing():
    pass


async def test_without_speed_nothing_waits_and_no_time_changes():
    pace, begin = Pace(None, rebase=False), time.monotonic()
    for at in (0, 10**12):
        await pace.wait(at, nothing)
        assert pace.new_at(at) is None
    assert time.monotonic() - begin < 0.1


async def test_rebase_moves_the_first_to_now_and_the_others_with_it():
    pace = Pace(None, rebase=True)
    await pace.wait(5_000, nothing)
    first = pace.new_at(5_000)
    assert first is not None and abs(first - time.time() * 1_000) < 1_000
    assert pace.new_at(95_000) == first + 90_000
    assert pace.new_at(4_000) == first - 1_000


@pytest.mark.parametrize("speed", [1.0, 10.0])
async def test_speed_keeps_the_pace_of_the_events_and_sends_before_it_sleeps(speed):
    pace, begin, flushed = Pace(speed, rebase=False), time.monotonic(), []

    async def flush():
        flushed.append(time.monotonic() - begin)

    await pace.wait(1_000, flush)
    await pace.wait(None, flush)
    await pace.wait(1_000 + int(200 * speed), flush)
    assert 0.19 <= time.monotonic() - begin < 0.6
    assert len(flushed) == 1 and flushed[0] < 0.1
    await pace.wait(1_000 + int(100 * speed), flush)  # late already
    assert time.monotonic() - begin < 0.6


async def test_with_both_an_event_bears_the_time_at_which_it_is_sent():
    pace = Pace(100.0, rebase=True)
    await pace.wait(0, nothing)
    first = pace.new_at(0)
    assert first is not None and pace.new_at(60_000) == first + 600
