import time

import pytest

from deploy.replay import pace as pace_module
from deploy.replay.pace import Pace


async def nothing():
    pass


@pytest.fixture
def slept(monkeypatch):
    """The pauses, in seconds, of which none is made."""
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)

    monkeypatch.setattr(pace_module.asyncio, "sleep", sleep)
    return pauses


async def test_without_speed_nothing_waits_and_no_time_changes(slept):
    pace = Pace(None, rebase=False)
    for at in (0, 10**12):
        await pace.wait(at, nothing)
        assert pace.new_at(at) is None
    assert slept == []


async def test_rebase_moves_the_first_to_now_and_the_others_with_it():
    pace = Pace(None, rebase=True)
    await pace.wait(5_000, nothing)
    first = pace.new_at(5_000)
    assert first is not None and abs(first - time.time() * 1_000) < 1_000
    assert pace.new_at(95_000) == first + 90_000
    assert pace.new_at(4_000) == first - 1_000


@pytest.mark.parametrize("speed", [1.0, 10.0])
async def test_speed_keeps_the_pace_of_the_events_and_sends_before_it_sleeps(speed, slept):
    pace, flushed = Pace(speed, rebase=False), []

    async def flush():
        flushed.append(list(slept))

    await pace.wait(100_000, flush)
    await pace.wait(None, flush)
    await pace.wait(100_000 + int(200_000 * speed), flush)
    assert flushed == [[]] and 100 < slept[0] <= 200
    await pace.wait(50_000, flush)  # late already
    assert len(slept) == 1


async def test_with_both_an_event_bears_the_time_at_which_it_is_sent():
    pace = Pace(100.0, rebase=True)
    await pace.wait(0, nothing)
    first = pace.new_at(0)
    assert first is not None and pace.new_at(60_000) == first + 600
